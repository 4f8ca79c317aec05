// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/pairs/duplicates.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace ionsift::dataset;

namespace {

using Groups = std::vector<std::vector<std::uint64_t>>;

/// The conductivity at the median position; a negative one stands for an entry without a label.
double median(const std::vector<double>& conductivities) {
  std::vector<Label> labels;
  for (const double conductivity : conductivities) {
    labels.push_back({"", conductivity, false, 0, {}});
  }
  std::vector<const Label*> pointers;
  for (const auto& label : labels) {
    pointers.push_back(label.conductivity < 0 ? nullptr : &label);
  }
  return conductivities[median_position(pointers)];
}

} // namespace

TEST_CASE("groups are connected by pairs, also through others") {
  CHECK(connected_groups(0, {}).empty());
  CHECK(connected_groups(3, {}) == Groups{{0}, {1}, {2}});
  const std::array<CrystalPair, 4> pairs = {{{1, 4}, {0, 2}, {4, 5}, {1, 5}}};
  CHECK(connected_groups(6, pairs) == Groups{{0, 2}, {1, 4, 5}, {3}});
  const std::array<CrystalPair, 3> chain = {{{2, 3}, {0, 1}, {1, 2}}};
  CHECK(connected_groups(4, chain) == Groups{{0, 1, 2, 3}});
}

TEST_CASE("the median is kept, of an even number the lower of the middle two") {
  CHECK(median({5}) == 5);
  CHECK(median({3, 1}) == 1);
  CHECK(median({3, 1, 2}) == 2);
  CHECK(median({4, 1, 3, 2}) == 2);
  CHECK(median({1e-3, 1e-9, 1e-4, 1e-5, 1e-6}) == 1e-5);
}

TEST_CASE("an entry without a label is kept only if the whole group has none") {
  CHECK(median({-1, 7}) == 7);
  CHECK(median({-1, 3, -1, 1, 2}) == 2);
  CHECK(median({-1, -2}) == -1);
}

TEST_CASE("of equal conductivities the order is kept") {
  std::vector<Label> labels(3, Label{"", 1e-4, false, 1, {}});
  std::vector<const Label*> pointers = {&labels[0], &labels[1], &labels[2]};
  CHECK(median_position(pointers) == 1);
}
