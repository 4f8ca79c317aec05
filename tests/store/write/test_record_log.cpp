// SPDX-License-Identifier: BSD-3-Clause
// Records that outlive a killed run, and the lock that keeps two runs from writing one store.
#include "ionsift/base/file.hpp"
#include "ionsift/base/run_lock.hpp"

#include "error_of.hpp"
#include "records.hpp"
#include "support.hpp"
#include "write/record_log.hpp"

#include <unistd.h>

#include <fstream>

using namespace ionsift;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> options = {"strictness=standard", "max-sites=20000"};

store::EntryRecords entry_of(std::vector<store::StructureRecord> structures,
                             std::vector<store::FailureRecord> failures) {
  store::EntryRecords records;
  for (auto& record : structures) {
    records.structures.push_back(store::finish(std::move(record), test::example_provenance()));
  }
  records.failures = std::move(failures);
  return records;
}

/// Keys are hashes; every rank is responsible for a range of them.
std::uint64_t key_of(std::uint64_t rank, std::uint64_t entry) {
  return (100 * rank + entry) * 0x9e3779b97f4a7c15ULL;
}

/// Each rank adds three entries of its own: two of one structure, one that failed.
fs::path write_log(const std::string& name) {
  const auto folder = test::scratch(name) / "a.h5.partial.d";
  store::RecordLog log(test::world(), folder, options, false);
  CHECK(log.size() == 0);
  const auto rank = static_cast<std::uint64_t>(test::world().rank());
  CHECK_FALSE(fs::exists(folder / fmt::format("attempt-1.rank-{}", rank))); // created by the first entry
  for (std::uint64_t i = 0; i < 2; ++i) {
    const auto places = log.add(key_of(rank, i), entry_of({test::example_record(10 * rank + i)}, {}));
    REQUIRE(places.structures.size() == 1);
    CHECK(log.record(places.structures[0]).size() == places.structures[0].length); // from memory
  }
  log.flush();
  const auto failed = log.add(key_of(rank, 2), entry_of({}, {test::example_failure(rank)}));
  CHECK(failed.failures.size() == 1);
  log.flush();
  test::world().barrier();
  return folder;
}

std::uint64_t ranks() {
  return static_cast<std::uint64_t>(test::world().size());
}

void alter(const fs::path& file, const std::function<void(std::string&)>& change) {
  test::world().barrier();
  if (test::world().is_root()) {
    std::string text = read_file(file);
    change(text);
    std::ofstream(file, std::ios::binary) << text;
  }
  test::world().barrier();
}

/// Entries of rank 0 that can be read.
std::vector<std::uint64_t> readable_entries(store::RecordLog& log) {
  std::vector<std::uint64_t> entries;
  for (std::uint64_t i = 0; i < 3; ++i) {
    const auto left = log.find(key_of(0, i));
    if (left && log.read(*left)) {
      entries.push_back(i);
    }
  }
  return entries;
}

} // namespace

TEST_CASE("saved records are found again by every rank") {
  const auto folder = write_log("log_found");
  store::RecordLog log(test::world(), folder, options, false);
  CHECK(log.size() == 3 * ranks());
  CHECK_FALSE(log.find(99).has_value());
  for (std::uint64_t rank = 0; rank < ranks(); ++rank) {
    const auto whole = log.read(log.find(key_of(rank, 1)).value());
    REQUIRE(whole.has_value());
    const auto& [records, places] = *whole;
    REQUIRE(records.structures.size() == 1);
    const auto expected = test::example_record(10 * rank + 1);
    test::require_same(records.structures[0].record.crystal, expected.crystal);
    CHECK(records.structures[0].record.features.representations[0].levels[3] ==
          expected.features.representations[0].levels[3]);
    const auto bytes = log.record(places.structures.at(0)); // the single record
    store::ByteReader in(std::as_bytes(std::span<const char>(bytes)));
    const auto again = store::get_finished(in);
    CHECK(in.empty());
    CHECK(again.checksum == records.structures[0].checksum);
    test::require_same(again.record.crystal, expected.crystal);
    const auto failed = log.read(log.find(key_of(rank, 2)).value());
    REQUIRE(failed->first.failures.size() == 1);
    CHECK(failed->first.failures[0].failure.message == test::example_failure(rank).failure.message);
  }
  log.remove();
  CHECK_FALSE(fs::exists(folder));
  test::world().barrier();
}

TEST_CASE("a truncated log loses only the truncated entry") {
  const auto folder = write_log("log_torn");
  alter(folder / "attempt-1.rank-0", [](std::string& text) { text.resize(text.size() - 3); });
  store::RecordLog log(test::world(), folder, options, false);
  CHECK(log.size() == 3 * ranks() - 1);
  CHECK(readable_entries(log) == std::vector<std::uint64_t>{0, 1});
  test::world().barrier();
}

TEST_CASE("a changed byte loses only the entry that contains it") {
  const auto folder = write_log("log_flipped");
  alter(folder / "attempt-1.rank-0", [](std::string& text) { text[text.size() / 2] ^= 1; });
  store::RecordLog log(test::world(), folder, options, false);
  CHECK(readable_entries(log).size() == 2);
  test::world().barrier();
}

TEST_CASE("a change of any byte is detected") {
  const auto folder = write_log("log_any");
  const auto file = folder / "attempt-1.rank-0";
  const auto whole = read_file(file);
  test::world().barrier();
  for (std::size_t place = 0; place < whole.size(); place += 97) {
    alter(file, [&](std::string& text) {
      text = whole;
      text[place] ^= 4;
    });
    store::RecordLog log(test::world(), folder, options, true);
    CHECK(readable_entries(log).size() <= 2);
    test::world().barrier();
    if (log.size() == 0) { // the change was in its options, and everything was dropped
      break;
    }
  }
  test::world().barrier();
}

TEST_CASE("records made with other options are refused, or dropped on request") {
  const auto folder = write_log("log_options");
  auto other = options;
  other[1] = "max-sites=10";
  const auto error = test::error_of([&] { const store::RecordLog log(test::world(), folder, other, false); });
  CHECK(error.code() == ErrorCode::conflict);
  CHECK(std::string(error.what()).find("max-sites") != std::string::npos);
  test::world().barrier();
  const store::RecordLog log(test::world(), folder, other, true);
  CHECK(log.size() == 0);
  test::world().barrier();
}

TEST_CASE("a store has one writer") {
  const auto store = test::scratch("lock") / "a.h5";
  if (test::world().is_root()) {
    {
      const RunLock mine(lock_beside(store));
      const auto error = test::error_of([&] { const RunLock other(lock_beside(store)); });
      CHECK(error.code() == ErrorCode::conflict);
      CHECK(error.why().find(std::to_string(getpid())) != std::string::npos);
    }
    CHECK_FALSE(fs::exists(store.string() + ".lock"));
    { // left by a run that was killed
      std::ofstream(store.string() + ".lock") << R"({"host":"another","pid":1})";
    }
    CHECK_NOTHROW(RunLock(lock_beside(store)));
    CHECK_FALSE(fs::exists(store.string() + ".lock"));
  }
  test::world().barrier();
}
