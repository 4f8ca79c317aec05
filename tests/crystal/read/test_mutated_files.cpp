// SPDX-License-Identifier: BSD-3-Clause
// The real files, damaged in many ways: the result is finite, or a failure with a reason.
#include "ionsift/base/file.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/base/text.hpp"

#include "cif_text.hpp"
#include "sound.hpp"
#include "support.hpp"

#include <fmt/ranges.h>

#include <array>
#include <filesystem>

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace fs = std::filesystem;

namespace {

using Damage = void (*)(std::vector<std::string>& lines, RandomStream& random);

std::string& any_line(std::vector<std::string>& lines, RandomStream& random) {
  return lines[random.below(lines.size())];
}

void drop_lines(std::vector<std::string>& lines, RandomStream& random) {
  for (auto n = 1 + random.below(5); n > 0 && lines.size() > 1; --n) {
    lines.erase(lines.begin() + std::ptrdiff_t(random.below(lines.size())));
  }
}

void replace_numbers(std::vector<std::string>& lines, RandomStream& random) {
  static constexpr std::array numbers = {"nan",   "inf",    "-inf",   "-1",           "0",
                                         "1e308", "-1e308", "1e-308", "1e308/1e-308", "1/3"};
  const char* number = numbers[random.below(numbers.size())];
  for (auto n = 1 + random.below(8); n > 0; --n) {
    auto& line = any_line(lines, random);
    const auto from = line.find_first_of("0123456789", random.below(line.size() + 1));
    if (from != std::string::npos) {
      line.replace(from, line.find_first_not_of("0123456789.-", from) - from, number);
    }
  }
}

void swap_tokens(std::vector<std::string>& lines, RandomStream& random) {
  for (auto n = 1 + random.below(4); n > 0; --n) {
    auto& one = any_line(lines, random);
    auto& other = any_line(lines, random);
    auto a = split(one, ' '), b = split(other, ' ');
    if (&one == &other || a.empty() || b.empty()) {
      continue;
    }
    std::swap(a[random.below(a.size())], b[random.below(b.size())]);
    one = fmt::format("{}", fmt::join(a, " "));
    other = fmt::format("{}", fmt::join(b, " "));
  }
}

void truncate_loops(std::vector<std::string>& lines, RandomStream& random) {
  auto& line = any_line(lines, random);
  line = line.substr(0, line.rfind(' '));
  if (random.below(2) == 0) {
    lines.resize(1 + random.below(lines.size()));
  }
}

void spoil_bytes(std::vector<std::string>& lines, RandomStream& random) {
  for (auto n = 1 + random.below(6); n > 0; --n) {
    auto& line = any_line(lines, random);
    line.insert(random.below(line.size() + 1), 1, static_cast<char>(128 + random.below(128)));
  }
}

void repeat_lines(std::vector<std::string>& lines, RandomStream& random) {
  const auto from = random.below(lines.size());
  const std::vector<std::string> part(lines.begin() + std::ptrdiff_t(from),
                                      lines.begin() +
                                          std::ptrdiff_t(from + random.below(lines.size() - from) + 1));
  const auto at = lines.begin() + std::ptrdiff_t(random.below(lines.size()));
  lines.insert(at, part.begin(), part.end());
}

constexpr std::array<Damage, 6> kinds = {drop_lines,     replace_numbers, swap_tokens,
                                         truncate_loops, spoil_bytes,     repeat_lines};

} // namespace

TEST_CASE("All 321 OBELiX files, each damaged in many ways, give finite numbers or a reason", "[data]") {
  constexpr int times = 20; // of each kind
  std::vector<fs::path> paths(fs::directory_iterator(data() / "data/obelix/cifs"), {});
  std::ranges::sort(paths);
  CHECK(paths.size() == 321);
  std::size_t structures = 0, failures = 0;
  for (std::size_t file = 0; file < paths.size(); ++file) {
    const auto whole = split(read_file(paths[file]), '\n');
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      for (int time = 0; time < times; ++time) {
        RandomStream random(kind, file * times + std::size_t(time));
        auto lines = whole;
        kinds[kind](lines, random);
        ReadOptions options;
        options.strictness = static_cast<Strictness>(time % 3);
        options.max_sites = 5000;
        const auto results = read_all(fmt::format("{}", fmt::join(lines, "\n")), options);
        REQUIRE_FALSE(results.empty());
        for (const auto& result : results) {
          const auto flaw = std::visit([](const auto& one) { return flaw_of(one); }, result);
          CAPTURE(paths[file].string(), kind, time);
          REQUIRE(flaw == "");
          ++(std::holds_alternative<Crystal>(result) ? structures : failures);
        }
      }
    }
  }
  // The damage is neither always harmless nor always fatal.
  CHECK(structures > 1000);
  CHECK(failures > 1000);
}
