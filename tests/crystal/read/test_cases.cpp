// SPDX-License-Identifier: BSD-3-Clause
// Small files of laboratories and databases, each an example of a kind that was once read wrongly.
// `expected.json` beside them lists the acceptable outcomes, and `outcomes.json` the one that this
// program produces.
#include "ionsift/base/file.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/crystal/source/source.hpp"

#include <catch2/catch.hpp>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <set>

using namespace ionsift;
using namespace ionsift::crystal;
using nlohmann::json;

namespace {

const std::filesystem::path folder = "tests/crystal/cases";

/// Cases that are still read wrongly.
const std::set<std::string> expected_misses = {};

struct Reading {
  std::vector<Crystal> crystals;
  std::vector<Failure> failures;
};

Reading read_case(const std::filesystem::path& path) {
  Reading reading;
  EntryStream stream({path});
  while (auto next = stream.next()) {
    if (auto* failure = std::get_if<Failure>(&*next)) {
      reading.failures.push_back(*failure);
      continue;
    }
    const auto& entry = std::get<Entry>(*next);
    for (auto& result : read_entry(entry.bytes, entry.name)) {
      if (auto* failure = std::get_if<Failure>(&result)) {
        reading.failures.push_back(std::move(*failure));
      } else {
        reading.crystals.push_back(std::get<Crystal>(std::move(result)));
      }
    }
  }
  return reading;
}

bool holds_cell(const Crystal& crystal, const json& cell) {
  const Composition found = crystal.composition();
  for (const auto& [symbol, amount] : cell.items()) {
    const double declared = amount.get<double>();
    if (std::abs(found.amount(atomic_number_of(symbol).value()) - declared) >
        2e-3 * std::max(1.0, declared)) {
      return false;
    }
  }
  return found.amounts().size() == cell.size();
}

bool is_warned_of(const Crystal& crystal, const std::string& word) {
  return std::ranges::any_of(crystal.warnings, [&](const std::string& text) {
    return word == "*" || to_lower(text).find(to_lower(word)) != std::string::npos;
  });
}

bool is_met(const json& reads, const Reading& reading) {
  if (reading.crystals.size() != 1 || !reading.failures.empty()) {
    return false;
  }
  const Crystal& crystal = reading.crystals.front();
  const auto words = [&](const char* key) { return reads.value(key, std::vector<std::string>{}); };
  const auto warned = [&](const std::string& word) { return is_warned_of(crystal, word); };
  return (!reads.contains("cell") || holds_cell(crystal, reads["cell"])) &&
         (!reads.contains("sites") || crystal.sites.size() == reads["sites"].get<std::size_t>()) &&
         (!reads.contains("volume") ||
          std::abs(crystal.volume() / reads["volume"].get<double>() - 1) < 0.005) &&
         std::ranges::all_of(words("warn"), warned) && std::ranges::none_of(words("nowarn"), warned);
}

bool fails_so(const json& fails, const Reading& reading) {
  const auto says = [&](const std::string& word) {
    return to_lower(reading.failures.front().message).find(to_lower(word)) != std::string::npos;
  };
  return reading.crystals.empty() && !reading.failures.empty() &&
         std::ranges::all_of(fails["says"].get<std::vector<std::string>>(), says);
}

bool is_right(const json& outcomes, const Reading& reading) {
  return std::ranges::any_of(outcomes, [&](const json& outcome) {
    return outcome.contains("reads") ? is_met(outcome["reads"], reading)
                                     : fails_so(outcome["fails"], reading);
  });
}

/// Whether exactly this was read: every element, every occupied site, and exactly these kinds of warnings.
bool is_exactly(const json& outcome, const Reading& reading) {
  if (outcome.contains("fails")) {
    json fails;
    fails["says"] = json::array({outcome["fails"]});
    return fails_so(fails, reading);
  }
  if (reading.crystals.size() != 1 || !reading.failures.empty()) {
    return false;
  }
  const Crystal& crystal = reading.crystals.front();
  std::set<std::string> kinds;
  for (const std::string& text : crystal.warnings) {
    kinds.insert(text.substr(0, text.find(':')));
  }
  return holds_cell(crystal, outcome["cell"]) &&
         crystal.sites.size() == outcome["sites"].get<std::size_t>() &&
         kinds == outcome["warnings"].get<std::set<std::string>>();
}

std::string described(const Reading& reading) {
  std::string text;
  for (const Crystal& crystal : reading.crystals) {
    text += fmt::format("read {} in {} sites, {:.2f} A^3, warnings [{}]\n", crystal.composition().formula(),
                        crystal.sites.size(), crystal.volume(), fmt::join(crystal.warnings, "; "));
  }
  for (const Failure& failure : reading.failures) {
    text += fmt::format("failed: {}\n", failure.message);
  }
  return text;
}

} // namespace

TEST_CASE("Files of laboratories and databases") {
  const std::string collection = GENERATE(as<std::string>{}, "crystals", "laboratory");
  const json expected = json::parse(read_file(folder / collection / "expected.json"));
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder / collection)) {
    files += file.path().extension() != ".json" ? 1 : 0;
  }
  CHECK(files == expected.size());
  for (const auto& [name, outcomes] : expected.items()) {
    const Reading reading = read_case(folder / collection / name);
    CAPTURE(name, outcomes.dump(), described(reading));
    // A case that is read correctly must be removed from the list.
    CHECK((is_right(outcomes, reading) || expected_misses.contains(name)));
  }
}

TEST_CASE("The content of each of these files, and every warning") {
  const json outcomes = json::parse(read_file(folder / "outcomes.json"));
  std::size_t files = 0;
  for (const std::string collection : {"crystals", "laboratory"}) {
    files += json::parse(read_file(folder / collection / "expected.json")).size();
  }
  CHECK(outcomes.size() == files);
  for (const auto& [name, outcome] : outcomes.items()) {
    Reading reading = read_case(folder / name);
    CAPTURE(name, outcome.dump(), described(reading));
    CHECK(is_exactly(outcome, reading));
    // The comparison fails without one of the warnings, and with one more.
    if (!reading.crystals.empty()) {
      Crystal& crystal = reading.crystals.front();
      crystal.warnings.push_back("no_such_warning: at all");
      CHECK_FALSE(is_exactly(outcome, reading));
      crystal.warnings.clear();
      CHECK(is_exactly(outcome, reading) == outcome["warnings"].empty());
    }
  }
}
