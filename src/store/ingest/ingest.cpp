// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/store/ingest/ingest.hpp"

#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/run_lock.hpp"
#include "ionsift/base/utc_time.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/parallel/interruption.hpp"
#include "ionsift/parallel/together.hpp"

#include "content_options.hpp"
#include "entry_dealer.hpp"
#include "entry_worker.hpp"
#include "format/entry_key.hpp"
#include "format/layout.hpp"
#include "input_index.hpp"
#include "known_records.hpp"
#include "merged_notes.hpp"
#include "previous_store.hpp"
#include "summary.hpp"
#include "write/record_log.hpp"
#include "write/store_assembly.hpp"

#include <algorithm>
#include <numeric>
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

/// What is there from before, and what this run adds.
struct Memory {
  Memory(const parallel::Communicator& comm, const IngestOptions& options, const Provenance& provenance,
         bool exists, std::vector<std::string> run_options)
      : past(exists ? PreviousStore(comm, options.store, folder_of(options), provenance) : PreviousStore()),
        log(comm, folder_of(options), std::move(run_options), options.overwrite), known(past, log),
        finished(provenance.representations.size()) {}
  static std::filesystem::path folder_of(const IngestOptions& options) {
    return options.store.string() + ".partial.d";
  }

  PreviousStore past;
  RecordLog log;
  KnownRecords known;
  FinishedRecords finished;
};

/// When finished records are handed to the operating system: what is lost with a process is some entries or
/// some seconds.
class KeepingTimes {
public:
  explicit KeepingTimes(std::size_t entries) : entries_(entries) {}
  bool is_time(std::size_t unflushed) {
    constexpr std::size_t bytes = std::size_t{1} << 20;
    constexpr double seconds = 5;
    ++since_;
    return unflushed > bytes || since_ >= entries_ || (unflushed > 0 && watch_.seconds() > seconds);
  }
  void restart() {
    since_ = 0;
    watch_.restart();
  }

private:
  std::size_t entries_, since_ = 0;
  Stopwatch watch_;
};

/// Processes one item, or adopts its known records.
void work_on(DealtItem& dealt, EntryWorker& worker, Memory& memory, PhaseTimes& phases) {
  const auto part = static_cast<std::uint32_t>(dealt.unit);
  const auto* entry = std::get_if<crystal::Entry>(&dealt.item);
  std::uint64_t key = 0;
  if (entry != nullptr && memory.known.any()) {
    const ScopedPhase phase(phases, "reusing");
    key = entry_key(sha256(entry->bytes), entry->name);
    if (memory.known.take(key, dealt.number, part, *entry, worker, memory.finished)) {
      return;
    }
  }
  const auto records = entry != nullptr
                           ? worker.work(dealt.number, *entry)
                           : worker.fail(dealt.number, std::get<crystal::Failure>(std::move(dealt.item)));
  const ScopedPhase phase(phases, "keeping");
  if (key == 0 && entry != nullptr) {
    key = records.structures.empty() ? entry_key(sha256(entry->bytes), entry->name)
                                     : records.structures.front().record.entry;
  }
  place_records(records, memory.log.add(key, records), part, memory.finished);
}

/// Works on this rank's share of the entries. @return whether nothing was left when it ended
bool work(EntryDealer& dealer, EntryWorker& worker, Memory& memory, std::size_t keep_entries,
          parallel::Interruption& interruption, PhaseTimes& phases) {
  KeepingTimes times(keep_entries);
  Progress progress("featurize", 0);
  std::uint64_t done = 0;
  interruption.rest();
  while (!interruption.ending()) {
    auto dealt = dealer.next();
    interruption.rest(); // waiting for others is not a piece of work
    if (!dealt) {
      progress.finish();
      return true;
    }
    work_on(*dealt, worker, memory, phases);
    if (times.is_time(memory.log.unflushed())) {
      const ScopedPhase phase(phases, "keeping");
      memory.log.flush();
      times.restart();
    }
    progress.update(++done);
  }
  dealer.abandon();
  return false;
}

/// Positions within units become positions in the whole input; collective.
void number_records(const parallel::Communicator& comm, const EntryDealer& dealer,
                    FinishedRecords& finished) {
  std::vector<std::uint64_t> first = dealer.counts();
  std::exclusive_scan(first.begin(), first.end(), first.begin(), std::uint64_t(0));
  parallel::together(comm, [&] {
    for (auto* records : {&finished.structures, &finished.failures}) {
      for (auto& record : *records) {
        record.index += EntryWorker::first_index(first.at(record.part));
      }
    }
  });
}

/// Whether the run stops here, before all entries are done; collective. Finished work is then saved.
bool must_end(const parallel::Communicator& comm, bool done, Memory& memory) {
  const bool ends = comm.all_reduce(std::uint64_t(done ? 0 : 1), parallel::Reduction::max) != 0;
  if (ends) {
    parallel::together(comm, [&] { memory.log.flush(); });
  }
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
  release.time = options.release_time.empty() ? utc_time() : options.release_time;
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

/// Completes the store from all ranks' finished records; collective.
void write_store(const parallel::Communicator& comm, const IngestOptions& options,
                 const Provenance& provenance, Memory& memory, IngestSummary& summary) {
  const std::filesystem::path partial = options.store.string() + ".partial";
  StoreAssembly assembly(comm, partial, provenance, memory.log, memory.finished);
  IdCensus ids;
  assembly.write([&](std::span<FinishedStructure> structures) {
    memory.past.classify(structures);
    for (const auto& structure : structures) {
      ids.add(structure.record.crystal.id);
    }
  });
  const auto history = memory.past.history(comm, summary.release);
  assembly.close(history);
  parallel::on_root(comm, [&] { put_in_place(partial, options.store); });
  memory.log.remove();
  summary.duplicate_ids = ids.count_duplicates(comm, options.store);
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
    worker->set_provenance(provenance);
  });
  std::optional<RunLock> lock;
  std::uint64_t exists = 0;
  parallel::on_root(comm, [&] {
    make_folder(std::filesystem::absolute(options.store).parent_path());
    lock.emplace(lock_beside(options.store));
    exists = std::filesystem::exists(options.store) && !options.overwrite ? 1 : 0;
  });
  exists = comm.all_reduce(exists, parallel::Reduction::max);
  const auto index = timed(phases, "listing", [&] { return InputIndex(comm, options.inputs); });
  Memory memory(comm, options, provenance, exists != 0, run_options(options, provenance));
  if (memory.log.size() > 0) {
    log::info("an interrupted run left {} entries, which are not computed again", memory.log.size());
  }
  EntryDealer dealer(comm, index, options.source);
  const auto keep_entries =
      std::max<std::size_t>(options.batch_entries / static_cast<std::size_t>(comm.size()), 1);
  parallel::Interruption interruption(comm);
  bool done = false;
  parallel::together(comm, [&] {
    try {
      done = work(dealer, *worker, memory, keep_entries, interruption, phases);
    } catch (...) {
      dealer.abandon(); // no rank waits for this one any more
      throw;
    }
  });
  phases.add("reading", dealer.reading_seconds());
  phases.add("unpacking", dealer.unpacking_seconds());
  phases.add("waiting", dealer.waiting_seconds());
  if (timed(phases, "waiting", [&] { return must_end(comm, done, memory); })) {
    IngestSummary summary = sum_over_ranks(comm, worker->counts());
    summary.interrupted = true;
    summary.cost = parallel::sum_up(comm, watch.seconds(), worker->counts().entries,
                                    seconds_of(phases, "parsing") + seconds_of(phases, "features"));
    return summary;
  }
  number_records(comm, dealer, memory.finished);
  IngestSummary summary = sum_over_ranks(comm, worker->counts());
  summary.release = release_of(summary, options);
  timed(phases, "writing", [&] { write_store(comm, options, provenance, memory, summary); });
  summary.source = merge_notes(comm, dealer.notes());
  parallel::on_root(comm, [&] {
    note_commonest(write_failure_list(options.store), summary);
    warn_of_gone(summary.release, options.store);
  });
  summary.commonest_count = comm.all_reduce(summary.commonest_count, parallel::Reduction::max);
  summary.commonest_failure = comm.broadcast(summary.commonest_failure);
  return summary;
}

} // namespace ionsift::store
