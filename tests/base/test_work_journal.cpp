// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/work_journal.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using Catch::Matchers::Contains;
using namespace ionsift;

namespace {

using Results = std::map<std::uint64_t, std::vector<std::string>>;

const WorkJournal::Owner owner = {"a journal", "an input", "seed or plan"};

} // namespace

TEST_CASE("what several ranks have finished is read by the next run, on other ranks") {
  const auto folder = test::scratch("journal");
  CHECK(WorkJournal::read(folder / "none", owner).empty());
  {
    WorkJournal first(folder, owner, 0), second(folder, owner, 1);
    first.append(4, R"({"a":1})");
    second.append(2, R"({"a":0.1})");
    first.append(0, R"({"a":null})");
  }
  CHECK(WorkJournal::read(folder, owner) ==
        Results{{0, {R"({"a":null})"}}, {2, {R"({"a":0.1})"}}, {4, {R"({"a":1})"}}});
  WorkJournal(folder, owner, 0).append(5, "{}");
  CHECK(WorkJournal::read(folder, owner).size() == 4);
  auto other = owner;
  other.input = "another";
  CHECK_THROWS_WITH(WorkJournal::read(folder, other), Contains("belongs to another run") &&
                                                          Contains("seed or plan") &&
                                                          Contains("--overwrite"));
}

TEST_CASE("a training that was repeated has both of its results") {
  const auto folder = test::scratch("repeated");
  WorkJournal(folder, owner, 1).append(7, "1");
  WorkJournal(folder, owner, 1).append(7, "2");
  CHECK(WorkJournal::read(folder, owner) == Results{{7, {"1", "2"}}});
}

TEST_CASE("a journal may be cut short anywhere") {
  const auto folder = test::scratch("cut");
  {
    WorkJournal journal(folder, owner, 0);
    journal.append(1, R"({"a":1})");
    journal.append(2, R"({"a":2})");
  }
  const auto path = folder / "rank_00000.jsonl";
  const auto text = read_file(path);
  for (std::size_t length = 0; length <= text.size(); ++length) {
    std::ofstream(path, std::ios::binary) << text.substr(0, length);
    const auto before = WorkJournal::read(folder, owner);
    WorkJournal(folder, owner, 0).append(3, R"({"a":3})");
    auto after = WorkJournal::read(folder, owner);
    CHECK(after.erase(3) == 1);
    CHECK(after == before);
    CHECK((length < text.size() - 1 || before.size() == 2));
  }
}
