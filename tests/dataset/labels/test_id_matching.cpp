// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/labels/id_matching.hpp"

#include <catch2/catch.hpp>

using namespace ionsift;
using namespace ionsift::dataset;
using Catch::Matchers::Contains;

TEST_CASE("ids that differ only by endings, case or blanks are the same") {
  const std::vector<std::string> known = {"Li2S", "Li3N", "885", "mp-1"};
  for (const char* id : {"Li2S.cif", "li2s", "\xC2\xA0Li2S", "\xEF\xBB\xBFLi2S", "cifs/Li2S.CIF",
                         "Li2S.cif.gz", "Li2S\xE2\x80\x8B"}) {
    const IdMatch match({id}, known, "labels.csv", "store.h5");
    CHECK(match(id) == "Li2S");
    CHECK(match.matched() == 1);
    CHECK_THAT(match.remark_on_loose(), Contains("1 of 1 ids of labels.csv"));
    CHECK(match.remark_on_unmatched().empty());
  }
  CHECK(IdMatch({"885.0"}, known, "a", "b")("885.0") == "885");
  CHECK(IdMatch({"mp-1", "Li2S"}, known, "a", "b").remark_on_loose().empty());
}

TEST_CASE("exact matches come first, ids without a match are listed") {
  const IdMatch match({"a", "A", "b.cif", "x"}, {"a", "b"}, "gaps.csv", "store.h5");
  CHECK(match("a") == "a");
  CHECK(match("A") == "A");
  CHECK(match("b.cif") == "b");
  CHECK(match.matched() == 2);
  CHECK(match.unmatched() == std::vector<std::string>{"A", "x"});
  CHECK_THAT(match.remark_on_unmatched(), Contains("2 of 4 ids of gaps.csv are not in store.h5: A, x"));
}

TEST_CASE("ambiguous ids are refused") {
  CHECK_THROWS_WITH(IdMatch({"a.cif"}, {"a", "A"}, "t", "s"), Contains("it is not clear"));
  CHECK_THROWS_WITH(IdMatch({"A", "a.cif"}, {"a"}, "t", "s"), Contains("it is not clear"));
}
