// SPDX-License-Identifier: BSD-3-Clause
#include "entry_worker.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/symmetry/graph_orbits.hpp"

#include "format/entry_key.hpp"

#include <new>

namespace ionsift::store {

namespace {

/// Runs `body`; what it throws about the data comes back as a failure.
template <typename Body>
std::optional<crystal::Failure> failure_of(const Body& body, const std::string& source,
                                           const std::string& block) {
  try {
    body();
    return std::nullopt;
  } catch (const Error& error) {
    return crystal::Failure{source, block, error.code(), error.what(), 0};
  } catch (const std::bad_alloc&) {
    const Error error(ErrorCode::limit, "out of memory", "the structure needs more than this rank can have",
                      "Set lower limits of sites and edges, or use fewer ranks on a node.");
    return crystal::Failure{source, block, error.code(), error.what(), 0};
  }
}

} // namespace

EntryRecords EntryWorker::work(std::uint64_t number, const crystal::Entry& entry) {
  EntryRecords records;
  std::vector<crystal::ReadResult> results;
  auto failure = failure_of(
      [&] {
        const ScopedPhase phase(phases_, "parsing");
        results = crystal::read_entry(entry.bytes, entry.name, read_);
        IONSIFT_VALIDATE(results.size() < std::size_t(1) << block_bits, limit, "too many blocks in one file",
                         fmt::format("it has {}", results.size()), "Split the file.");
      },
      entry.name.source, "");
  ++counts_.entries;
  if (failure) {
    add_failure(first_index(number), std::move(*failure), records);
    return records;
  }
  for (std::size_t block = 0; block < results.size(); ++block) {
    const std::uint64_t index = first_index(number) + block;
    if (auto* crystal = std::get_if<crystal::Crystal>(&results[block])) {
      const auto key = entry_key(crystal->sha256, entry.name);
      work(index, key, std::move(*crystal), records);
    } else {
      add_failure(index, std::move(std::get<crystal::Failure>(results[block])), records);
    }
  }
  return records;
}

void EntryWorker::work(std::uint64_t index, std::uint64_t key, crystal::Crystal crystal,
                       EntryRecords& records) {
  StructureRecord record;
  record.index = index;
  record.entry = key;
  record.crystal = std::move(crystal);
  const ScopedPhase phase(phases_, "features");
  auto failure = failure_of(
      [&] {
        require_storable(record.crystal);
        crystal::refine_orbits(record.crystal, featurizer_.converter().cutoff, TimeBudget(read_.max_seconds));
        record.features = featurizer_.run(record.crystal);
      },
      record.crystal.source, record.crystal.block);
  if (failure) {
    add_failure(index, std::move(*failure), records);
    return;
  }
  count(record);
  records.structures.push_back(finish(std::move(record), provenance_));
}

bool EntryWorker::adopt(std::uint64_t number, const crystal::Entry& entry, EntryRecords& records) {
  ++counts_.entries;
  ++counts_.reused;
  bool same = true;
  const auto move = [&](std::uint64_t& index, std::string& source) {
    index = first_index(number) + (index - first_index(number_of(index)));
    same = same && source == entry.name.source;
    source = entry.name.source;
  };
  for (auto& structure : records.structures) {
    move(structure.record.index, structure.record.crystal.source);
    count(structure.record);
  }
  for (auto& record : records.failures) {
    move(record.index, record.failure.source);
    count(record.failure);
  }
  return same;
}

EntryRecords EntryWorker::fail(std::uint64_t number, crystal::Failure failure) {
  EntryRecords records;
  add_failure(first_index(number), std::move(failure), records);
  return records;
}

void EntryWorker::add_failure(std::uint64_t index, crystal::Failure failure, EntryRecords& records) {
  count(failure);
  records.failures.push_back({index, std::move(failure)});
}

void EntryWorker::count(const crystal::Failure& failure) {
  ++counts_.failures;
  ++counts_.failures_by_code[std::string(name_of(failure.code))];
}

void EntryWorker::count(const StructureRecord& record) {
  ++counts_.structures;
  counts_.sites += record.crystal.sites.size();
  counts_.rows += record.crystal.orbits.size();
  for (const auto& features : record.features.representations) {
    counts_.edges += features.edges;
  }
  for (const auto* warnings : {&record.crystal.warnings, &record.features.warnings}) {
    for (const auto& warning : *warnings) {
      ++counts_.warnings_by_code[warning.substr(0, warning.find(':'))];
    }
  }
}

} // namespace ionsift::store
