#include "ionsift/store/ingest.hpp"

#include "ionsift/base/progress.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"
#include "ionsift/store/writer.hpp"

#include "batch_reader.hpp"
#include "entry_worker.hpp"
#include "summary.hpp"

#include <optional>

namespace ionsift::store {

namespace {

Provenance provenance_of(const megnet::Parent& parent, const megnet::Featurizer& featurizer) {
  Provenance provenance;
  provenance.program_version = version();
  provenance.parent_name = parent.name;
  provenance.parent_sha256 = parent.sha256;
  provenance.converter = featurizer.converter();
  provenance.representations = featurizer.options().representations;
  provenance.levels = featurizer.options().request.levels;
  provenance.prediction = featurizer.options().request.prediction;
  return provenance;
}

/// Bytes stand for the work: text and atoms grow together.
std::vector<double> costs_of(const Batch& batch) {
  std::vector<double> costs;
  for (const auto& item : batch.items) {
    const auto* entry = std::get_if<crystal::Entry>(&item);
    costs.push_back(entry != nullptr ? static_cast<double>(entry->bytes.size()) : 0.0);
  }
  return costs;
}

/// Hands the items out and works on this rank's; collective. Rank 0 reads the next batch first, and finds
/// less work left. Alone it waits with that, so that one batch is in memory and not two.
void share_out(const parallel::Communicator& comm, Batch& batch, parallel::WorkQueue& queue,
               BatchReader& reader, EntryWorker& worker, PhaseTimes& phases) {
  queue.refill(costs_of(batch));
  parallel::together(comm, [&] {
    if (comm.size() > 1) {
      const ScopedPhase phase(phases, "reading");
      while (reader.read_ahead()) {
        queue.progress();
      }
    }
    while (const auto i = queue.next()) {
      auto& item = batch.items.at(*i);
      if (auto* entry = std::get_if<crystal::Entry>(&item)) {
        worker.work(batch.first + *i, *entry);
        entry->bytes = {};
      } else {
        worker.fail(EntryWorker::first_index(batch.first + *i), std::get<crystal::Failure>(std::move(item)));
      }
    }
  });
}

template <typename Body>
auto timed(PhaseTimes& phases, const std::string& name, const Body& body) {
  const ScopedPhase phase(phases, name);
  return body();
}

} // namespace

IngestSummary ingest(const parallel::Communicator& comm, const IngestOptions& options, PhaseTimes& phases) {
  std::optional<EntryWorker> worker;
  Provenance provenance;
  parallel::together(comm, [&] {
    const auto parent = megnet::Parent::load(options.parent);
    worker.emplace(parent, options, phases);
    provenance = provenance_of(parent, worker->featurizer());
  });
  BatchReader reader(comm, options.inputs, options.source, options.batch_entries, options.batch_bytes);
  parallel::WorkQueue queue(comm);
  Writer writer(comm, options.store, provenance, options.overwrite);

  Progress progress("featurize", 0);
  while (true) {
    Batch batch = timed(phases, "reading", [&] { return reader.next(); });
    if (batch.items.empty()) {
      break;
    }
    share_out(comm, batch, queue, reader, *worker, phases);
    timed(phases, "waiting", [&] { comm.barrier(); });
    timed(phases, "writing", [&] { writer.append(worker->take_structures(), worker->take_failures()); });
    progress.update(batch.first + batch.items.size());
  }
  timed(phases, "writing", [&] { writer.close(); });
  progress.finish();

  IngestSummary summary = sum_over_ranks(comm, worker->counts());
  parallel::on_root(comm, [&] {
    write_failure_list(options.store);
    summary.duplicate_ids = count_duplicate_ids(options.store);
  });
  summary.duplicate_ids = comm.all_reduce(summary.duplicate_ids, parallel::Reduction::max);
  return summary;
}

} // namespace ionsift::store
