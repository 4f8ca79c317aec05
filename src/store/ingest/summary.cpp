// SPDX-License-Identifier: BSD-3-Clause
#include "summary.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/paths.hpp"
#include "ionsift/parallel/gather.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"
#include "ionsift/store/read/reader.hpp"

#include "format/bytes.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace ionsift::store {

namespace {

using Counts = std::map<std::string, std::uint64_t>;

Counts sum_by_name(const parallel::Communicator& comm, const Counts& mine) {
  ByteWriter out;
  for (const auto& [name, count] : mine) {
    out.put(name);
    out.put(count);
  }
  const auto all = comm.all_gather(out.bytes());
  Counts sums;
  for (ByteReader in(all); !in.empty();) {
    const std::string name = in.get_text();
    sums[name] += in.get<std::uint64_t>();
  }
  return sums;
}

/// Each rank looks for the example in its part of the store.
void warn_of_duplicates(const parallel::Communicator& comm, const std::filesystem::path& store,
                        std::uint64_t hash, std::uint64_t duplicates) {
  std::string example;
  std::uint64_t size = 0;
  parallel::together(comm, [&] {
    const Reader reader(store, Checking::none); // written by this very run
    size = reader.size();
    const auto slice = parallel::slice_of(size, comm.rank(), comm.size());
    constexpr std::uint64_t at_once = 4096;
    for (auto first = slice.first; first < slice.last && example.empty(); first += at_once) {
      for (const auto& id : reader.ids(first, std::min(at_once, slice.last - first))) {
        if (example.empty() && Checksum().add_text(id).value() == hash) {
          example = id;
        }
      }
    }
  });
  const std::vector<std::uint64_t> rank = {static_cast<std::uint64_t>(comm.rank())};
  const std::vector<std::string> mine = {example};
  const auto examples = parallel::gather_text_in_order(comm, rank, mine);
  const auto found = std::ranges::find_if(examples, [](const std::string& text) { return !text.empty(); });
  if (comm.is_root()) {
    log::warning(
        "{} of {} structures have the id of another one, for example \"{}\"; commands that join them with "
        "labels will refuse ids that occur twice",
        duplicates, size, found != examples.end() ? *found : "");
  }
}

/// Code and message without numbers, names in quotes, and what the file's name begins.
std::string reason_of(const crystal::Failure& failure) {
  std::string reason(name_of(failure.code));
  bool quoted = false;
  for (const char c : failure.message) {
    quoted = c == '\'' || c == '"' ? !quoted : quoted;
    const bool number = (c >= '0' && c <= '9') || c == '.';
    if (!quoted && !number) {
      reason += c;
    }
  }
  return reason;
}

} // namespace

IngestSummary sum_over_ranks(const parallel::Communicator& comm, const IngestSummary& mine) {
  std::array<std::uint64_t, 7> sums = {mine.entries, mine.structures, mine.failures, mine.sites,
                                       mine.rows,    mine.edges,      mine.reused};
  comm.all_reduce(std::span<std::uint64_t>(sums), parallel::Reduction::sum);
  IngestSummary all;
  all.entries = sums[0];
  all.structures = sums[1];
  all.failures = sums[2];
  all.sites = sums[3];
  all.rows = sums[4];
  all.edges = sums[5];
  all.reused = sums[6];
  all.failures_by_code = sum_by_name(comm, mine.failures_by_code);
  all.warnings_by_code = sum_by_name(comm, mine.warnings_by_code);
  return all;
}

std::filesystem::path failure_list_of(const std::filesystem::path& store) {
  return beside_store(store, ".failures.csv");
}

std::vector<crystal::Failure> write_failure_list(const std::filesystem::path& store) {
  auto failures = Reader(store, Checking::none).failures();
  write_file_atomically(failure_list_of(store), [&](std::ostream& out) {
    write_csv_row(out, {"source", "block", "line", "code", "message"});
    for (const auto& failure : failures) {
      write_csv_row(out, {failure.source, failure.block, failure.line > 0 ? std::to_string(failure.line) : "",
                          std::string(name_of(failure.code)), failure.message});
    }
  });
  return failures;
}

void note_commonest(const std::vector<crystal::Failure>& failures, IngestSummary& summary) {
  std::map<std::string, std::pair<std::uint64_t, const std::string*>> counts;
  for (const auto& failure : failures) {
    auto& [count, example] = counts[reason_of(failure)];
    example = count == 0 ? &failure.message : example;
    if (++count > summary.commonest_count) {
      summary.commonest_count = count;
      summary.commonest_failure = *example;
    }
  }
}

void IdCensus::add(const std::string& id) {
  hashes_.push_back(Checksum().add_text(id).value());
}

/// Two ids with one hash are a matter of 1e-7 among a million.
std::uint64_t IdCensus::count_duplicates(const parallel::Communicator& comm,
                                         const std::filesystem::path& store) {
  const auto ranks = static_cast<std::uint64_t>(comm.size());
  std::ranges::sort(hashes_, {}, [&](std::uint64_t hash) { return std::pair(hash % ranks, hash); });
  std::vector<std::size_t> counts(ranks, 0);
  for (const auto hash : hashes_) {
    ++counts[hash % ranks];
  }
  auto mine = comm.all_to_all(std::span<const std::uint64_t>(hashes_), counts);
  hashes_.clear();
  std::ranges::sort(mine);
  std::uint64_t example = 0;
  const auto repeated = std::ranges::adjacent_find(mine);
  if (repeated != mine.end()) {
    example = *repeated;
  }
  const auto all = mine.size();
  const auto behind = std::ranges::unique(mine);
  const auto here = all - static_cast<std::size_t>(behind.begin() - mine.begin());
  const auto duplicates = comm.all_reduce(std::uint64_t(here), parallel::Reduction::sum);
  if (duplicates > 0) {
    warn_of_duplicates(comm, store, comm.all_reduce(example, parallel::Reduction::max), duplicates);
  }
  return duplicates;
}

} // namespace ionsift::store
