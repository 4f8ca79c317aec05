#include "ionsift/store/ingest.hpp"

#include "ionsift/base/errands.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/run_lock.hpp"
#include "ionsift/base/utc_time.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/parallel/interruption.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"
#include "ionsift/store/writer.hpp"

#include "batch_reader.hpp"
#include "content_options.hpp"
#include "entry_key.hpp"
#include "entry_worker.hpp"
#include "known_records.hpp"
#include "layout.hpp"
#include "past.hpp"
#include "spill.hpp"
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
std::vector<double> costs_of(const Batch& batch, const std::vector<std::size_t>& items) {
  std::vector<double> costs;
  for (const auto i : items) {
    const auto* entry = std::get_if<crystal::Entry>(&batch.items.at(i));
    costs.push_back(entry != nullptr ? static_cast<double>(entry->bytes.size()) : 0.0);
  }
  return costs;
}

/// Works on one item, and keeps what came of it for a run that continues this one.
void work_on(Batch& batch, std::size_t i, EntryWorker& worker, Spill& spill, PhaseTimes& phases) {
  auto& item = batch.items.at(i);
  auto* entry = std::get_if<crystal::Entry>(&item);
  if (entry == nullptr) {
    worker.fail(EntryWorker::first_index(batch.first + i), std::get<crystal::Failure>(std::move(item)));
    return;
  }
  const auto structures = worker.structures().size();
  const auto failures = worker.failures().size();
  worker.work(batch.first + i, *entry);
  const ScopedPhase phase(phases, "keeping");
  const auto made = worker.structures().subspan(structures);
  const auto key = made.empty() ? entry_key(sha256(entry->bytes), entry->name) : made.front().entry;
  spill.add(key, made, worker.failures().subspan(failures));
  entry->bytes = {};
}

/// What is there from before, or is kept for later.
struct Memory {
  Past past;
  Spill spill;
};

/// Hands the items out and works on this rank's; collective. Rank 0 reads the next batch first, and finds
/// less work left. Alone it waits with that, so that one batch is in memory and not two.
void share_out(const parallel::Communicator& comm, Batch& batch, parallel::WorkQueue& queue,
               BatchReader& reader, EntryWorker& worker, Memory& memory, parallel::Interruption& interruption,
               PhaseTimes& phases) {
  KnownRecords known(comm, memory.past, memory.spill);
  BatchPlan plan;
  {
    const ScopedPhase phase(phases, "reusing");
    plan = known.plan(batch);
  }
  queue.refill(costs_of(batch, plan.unknown));
  parallel::together(comm, [&] {
    if (comm.size() > 1) {
      const ScopedPhase phase(phases, "reading");
      while (reader.read_ahead()) {
        run_errands();
      }
    }
    if (!plan.known.empty()) {
      const ScopedPhase phase(phases, "reusing");
      known.fetch(batch, plan, worker);
    }
    interruption.rest();
    while (!interruption.ending()) {
      const auto i = queue.next();
      if (!i) {
        break;
      }
      work_on(batch, plan.unknown.at(*i), worker, memory.spill, phases);
    }
    if (!batch.last) {
      const ScopedPhase phase(phases, "keeping");
      memory.spill.flush();
    }
  });
}

/// Whether the run is to end here; collective. A last batch is written to the store at once, unless it is:
/// nothing would be gained by writing it twice.
bool must_end(const parallel::Communicator& comm, const Batch& batch, parallel::Interruption& interruption,
              Spill& spill) {
  const bool ends =
      comm.all_reduce(std::uint64_t(interruption.ending() ? 1 : 0), parallel::Reduction::max) != 0;
  parallel::together(comm, [&] {
    if (ends) {
      spill.flush();
    } else if (batch.last) {
      spill.drop();
    }
  });
  return ends;
}

/// "a.tar.gz, b.tar.gz"
std::string names_of(const std::vector<std::filesystem::path>& inputs) {
  std::string names;
  for (const auto& input : inputs) {
    const auto absolute = std::filesystem::absolute(input).lexically_normal();
    const auto name = absolute.has_filename() ? absolute.filename() : absolute.parent_path().filename();
    names += (names.empty() ? "" : ", ") + name.string();
  }
  return shorten(std::move(names), longest_message);
}

/// The options that an interrupted run is continued with: also those that decide what fails.
std::vector<std::string> run_options(const IngestOptions& options, const Provenance& provenance) {
  auto all = provenance.options;
  all.push_back(fmt::format("max-seconds={}", options.read.max_seconds));
  all.push_back(fmt::format("max-seconds-features={}", options.featurizer.max_seconds));
  return all;
}

Release release_of(const IngestSummary& summary, const IngestOptions& options) {
  Release release;
  release.name = options.release.empty() ? names_of(options.inputs) : options.release;
  release.time = utc_time();
  release.entries = static_cast<std::int64_t>(summary.entries);
  release.structures = static_cast<std::int64_t>(summary.structures);
  release.failures = static_cast<std::int64_t>(summary.failures);
  return release;
}

/// A store whose structures are mostly gone was perhaps given the wrong inputs.
void warn_of_gone(const Release& release, const std::filesystem::path& store) {
  const auto before = release.gone + release.unchanged + release.changed;
  if (2 * release.gone > before) {
    log::warning("{} of the {} structures that {} held are gone; were these the right inputs?", release.gone,
                 before, store.string());
  }
}

double seconds_of(const PhaseTimes& phases, const std::string& name) {
  const auto found = phases.all().find(name);
  return found == phases.all().end() ? 0 : found->second;
}

template <typename Body>
auto timed(PhaseTimes& phases, const std::string& name, const Body& body) {
  const ScopedPhase phase(phases, name);
  return body();
}

} // namespace

IngestSummary ingest(const parallel::Communicator& comm, const IngestOptions& options, PhaseTimes& phases) {
  const Stopwatch watch;
  std::optional<EntryWorker> worker;
  Provenance provenance;
  parallel::together(comm, [&] {
    const auto parent = megnet::Parent::load(options.parent);
    worker.emplace(parent, options, phases);
    provenance = provenance_of(parent, worker->featurizer());
    provenance.options = content_options(options, provenance);
  });
  std::optional<RunLock> lock;
  std::uint64_t exists = 0;
  parallel::on_root(comm, [&] {
    make_folder(std::filesystem::absolute(options.store).parent_path());
    lock.emplace(lock_beside(options.store));
    exists = std::filesystem::exists(options.store) ? 1 : 0;
  });
  exists = comm.all_reduce(exists, parallel::Reduction::max);
  BatchReader reader(comm, options.inputs, options.source, options.batch_entries, options.batch_bytes);
  Memory memory{exists != 0 && !options.overwrite ? Past(comm, options.store, provenance) : Past(),
                Spill(comm, options.store.string() + ".partial.d", run_options(options, provenance),
                      options.overwrite)};
  if (memory.spill.size() > 0) {
    log::info("an interrupted run left {} entries, which are not computed again", memory.spill.size());
  }
  parallel::WorkQueue queue(comm);
  Writer writer(comm, options.store, provenance, true);

  parallel::Interruption interruption(comm);
  Progress progress("featurize", 0);
  while (true) {
    Batch batch = timed(phases, "reading", [&] { return reader.next(); });
    if (batch.items.empty()) {
      break;
    }
    share_out(comm, batch, queue, reader, *worker, memory, interruption, phases);
    if (timed(phases, "waiting", [&] { return must_end(comm, batch, interruption, memory.spill); })) {
      writer.abandon();
      IngestSummary summary = sum_over_ranks(comm, worker->counts());
      summary.interrupted = true;
      summary.cost = parallel::sum_up(comm, watch.seconds(), worker->counts().entries,
                                      seconds_of(phases, "parsing") + seconds_of(phases, "features"));
      return summary;
    }
    timed(phases, "writing", [&] {
      auto structures = worker->take_structures();
      memory.past.classify(structures);
      memory.past.gather_seen(comm);
      writer.append(std::move(structures), worker->take_failures());
    });
    progress.update(batch.first + batch.items.size());
  }
  IngestSummary summary = sum_over_ranks(comm, worker->counts());
  summary.release = release_of(summary, options);
  timed(phases, "writing", [&] {
    const auto history = memory.past.history(comm, summary.release);
    writer.close(history);
    memory.spill.remove();
  });
  progress.finish();

  parallel::on_root(comm, [&] {
    write_failure_list(options.store);
    summary.duplicate_ids = count_duplicate_ids(options.store);
    warn_of_gone(summary.release, options.store);
  });
  summary.duplicate_ids = comm.all_reduce(summary.duplicate_ids, parallel::Reduction::max);
  return summary;
}

} // namespace ionsift::store
