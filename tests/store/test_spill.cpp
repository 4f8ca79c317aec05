// Records that outlive a killed run, and the lock that keeps two runs apart.
#include "ionsift/base/file.hpp"
#include "ionsift/base/run_lock.hpp"

#include "error_of.hpp"
#include "records.hpp"
#include "spill.hpp"
#include "support.hpp"

#include <unistd.h>

#include <fstream>

using namespace ionsift;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> options = {"strictness=standard", "max-sites=20000"};

/// Each rank adds three entries of its own: two of one structure, one that failed.
fs::path write_spill(const std::string& name) {
  const auto folder = test::scratch(name) / "a.h5.partial.d";
  store::Spill spill(test::world(), folder, options, false);
  CHECK(spill.size() == 0);
  const auto rank = static_cast<std::uint64_t>(test::world().rank());
  CHECK_FALSE(fs::exists(folder / fmt::format("attempt-1.rank-{}", rank))); // not before there is something
  for (std::uint64_t i = 0; i < 2; ++i) {
    spill.add(100 * rank + i, std::vector{test::example_record(10 * rank + i)}, {});
  }
  spill.flush();
  spill.add(100 * rank + 2, {}, std::vector{test::example_failure(rank)});
  spill.flush();
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

} // namespace

TEST_CASE("what was spilled is found again by every rank") {
  const auto folder = write_spill("spill_found");
  store::Spill spill(test::world(), folder, options, false);
  CHECK(spill.size() == 3 * ranks());
  CHECK_FALSE(spill.find(99).has_value());
  for (std::uint64_t rank = 0; rank < ranks(); ++rank) {
    const auto records = spill.read(spill.find(100 * rank + 1).value());
    REQUIRE(records.has_value());
    REQUIRE(records->structures.size() == 1);
    const auto expected = test::example_record(10 * rank + 1);
    test::require_same(records->structures[0].crystal, expected.crystal);
    CHECK(records->structures[0].features.representations[0].levels[3] ==
          expected.features.representations[0].levels[3]);
    const auto failed = spill.read(spill.find(100 * rank + 2).value());
    REQUIRE(failed->failures.size() == 1);
    CHECK(failed->failures[0].failure.message == test::example_failure(rank).failure.message);
  }
  spill.remove();
  CHECK_FALSE(fs::exists(folder));
  test::world().barrier();
}

TEST_CASE("a torn end costs the entry that is torn") {
  const auto folder = write_spill("spill_torn");
  alter(folder / "attempt-1.rank-0", [](std::string& text) { text.resize(text.size() - 3); });
  const store::Spill spill(test::world(), folder, options, false);
  CHECK(spill.size() == 3 * ranks() - 1);
  CHECK_FALSE(spill.find(2).has_value());
  CHECK(spill.find(1).has_value());
  test::world().barrier();
}

TEST_CASE("a byte that has changed ends the file before it") {
  const auto folder = write_spill("spill_flipped");
  alter(folder / "attempt-1.rank-0", [](std::string& text) { text[text.size() / 2] ^= 1; });
  const store::Spill spill(test::world(), folder, options, false);
  CHECK(spill.size() < 3 * ranks());
  CHECK_FALSE(spill.find(2).has_value());
  test::world().barrier();
}

TEST_CASE("records made with other options are refused, or dropped when asked to") {
  const auto folder = write_spill("spill_options");
  auto other = options;
  other[1] = "max-sites=10";
  const auto error = test::error_of([&] { const store::Spill spill(test::world(), folder, other, false); });
  CHECK(error.code() == ErrorCode::conflict);
  CHECK(std::string(error.what()).find("max-sites") != std::string::npos);
  test::world().barrier();
  const store::Spill spill(test::world(), folder, other, true);
  CHECK(spill.size() == 0);
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
