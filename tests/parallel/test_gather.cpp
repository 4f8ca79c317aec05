// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/random.hpp"
#include "ionsift/parallel/gather.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using ionsift::parallel::gather_in_order;
using ionsift::parallel::gather_text_in_order;
using ionsift::test::world;

namespace {

/// Distinct indices dealt to the ranks in a random order given by the seed; the last rank gets none when
/// there are several.
std::vector<std::uint64_t> shuffled_share(std::size_t n) {
  std::vector<std::uint64_t> indices(n);
  std::iota(indices.begin(), indices.end(), std::uint64_t(0));
  ionsift::RandomStream(5).shuffle(indices);
  const auto dealt = static_cast<std::size_t>(std::max(1, world().size() - 1));
  std::vector<std::uint64_t> mine;
  for (std::size_t i = 0; i < n; ++i) {
    if (i % dealt == static_cast<std::size_t>(world().rank())) {
      mine.push_back(indices[i] * 10);
    }
  }
  return mine;
}

std::string text_of(std::uint64_t index) {
  return std::string(index % 70, 'x') + std::to_string(index);
}

} // namespace

TEST_CASE("values come back in the order of their indices") {
  const auto n = GENERATE(std::size_t(0), std::size_t(1), std::size_t(500));
  const auto mine = shuffled_share(n);
  std::vector<float> values;
  std::vector<std::string> texts;
  for (const auto index : mine) {
    values.push_back(0.5f * static_cast<float>(index));
    texts.push_back(text_of(index));
  }
  const auto numbers =
      gather_in_order(world(), std::span<const std::uint64_t>(mine), std::span<const float>(values));
  const auto lines = gather_text_in_order(world(), mine, texts);
  REQUIRE(numbers.size() == (world().is_root() ? n : 0));
  REQUIRE(lines.size() == numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    REQUIRE(numbers[i] == 5.0f * static_cast<float>(i));
    REQUIRE(lines[i] == text_of(10 * i));
  }
}

TEST_CASE("texts may be empty") {
  const std::vector<std::uint64_t> index = {static_cast<std::uint64_t>(world().size() - world().rank())};
  const std::vector<std::string> text = {""};
  const auto all = gather_text_in_order(world(), index, text);
  CHECK(all ==
        std::vector<std::string>(world().is_root() ? static_cast<std::size_t>(world().size()) : 0, ""));
}

TEST_CASE("values without indices are refused before any communication") {
  const std::vector<std::uint64_t> indices = {1, 2};
  const std::vector<std::string> texts = {"one"};
  CHECK_THROWS_WITH(gather_text_in_order(world(), indices, texts),
                    Catch::StartsWith("2 indices for 1 values"));
  const std::vector<double> values;
  CHECK_THROWS_WITH(
      gather_in_order(world(), std::span<const std::uint64_t>(indices), std::span<const double>(values)),
      Catch::StartsWith("2 indices for 0 values"));
}
