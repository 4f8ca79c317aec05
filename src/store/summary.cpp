#include "summary.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/store/reader.hpp"

#include "bytes.hpp"

#include <algorithm>
#include <array>
#include <functional>

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
  return store.parent_path() / (store.stem().string() + ".failures.csv");
}

void write_failure_list(const std::filesystem::path& store) {
  const auto failures = Reader(store, Checking::none).failures();
  write_file_atomically(failure_list_of(store), [&](std::ostream& out) {
    write_csv_row(out, {"source", "block", "line", "code", "message"});
    for (const auto& failure : failures) {
      write_csv_row(out, {failure.source, failure.block, failure.line > 0 ? std::to_string(failure.line) : "",
                          std::string(name_of(failure.code)), failure.message});
    }
  });
}

std::uint64_t count_duplicate_ids(const std::filesystem::path& store) {
  const Reader reader(store, Checking::none); // written by this very run
  constexpr std::uint64_t at_once = 65536;
  // Hashes, because a million ids are dear to hold at once; two ids with one hash are a matter of 1e-7 then.
  std::vector<std::uint64_t> hashes;
  const auto each_id = [&](const auto& visit) {
    for (std::uint64_t first = 0; first < reader.size(); first += at_once) {
      for (const auto& id : reader.ids(first, std::min(at_once, reader.size() - first))) {
        visit(id, std::uint64_t(std::hash<std::string>()(id)));
      }
    }
  };
  each_id([&](const std::string&, std::uint64_t hash) { hashes.push_back(hash); });
  std::sort(hashes.begin(), hashes.end());
  const auto repeated = std::adjacent_find(hashes.begin(), hashes.end());
  if (repeated == hashes.end()) {
    return 0;
  }
  std::string example;
  each_id([&](const std::string& id, std::uint64_t hash) {
    if (hash == *repeated) {
      example = id;
    }
  });
  const auto distinct =
      static_cast<std::uint64_t>(std::unique(hashes.begin(), hashes.end()) - hashes.begin());
  const std::uint64_t duplicates = reader.size() - distinct;
  log::warning(
      "{} of {} structures have the id of another one, for example \"{}\"; commands that join them with "
      "labels will refuse ids that occur twice",
      duplicates, reader.size(), example);
  return duplicates;
}

} // namespace ionsift::store
