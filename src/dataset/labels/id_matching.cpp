// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/labels/id_matching.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include "plain_text.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <unordered_set>

namespace ionsift::dataset {

namespace {

bool take_ending(std::string& text, std::string_view ending) {
  if (text.size() <= ending.size() || !text.ends_with(ending)) {
    return false;
  }
  text.resize(text.size() - ending.size());
  return true;
}

bool take_file_ending(std::string& text) {
  static constexpr std::array endings = {".cif", ".mcif", ".vasp", ".poscar", ".xyz", ".extxyz", ".json"};
  std::string shorter = text;
  take_ending(shorter, ".gz");
  if (std::none_of(endings.begin(), endings.end(),
                   [&](const char* ending) { return take_ending(shorter, ending); })) {
    return false;
  }
  text = std::move(shorter);
  return true;
}

} // namespace

std::string loose_id(std::string_view id) {
  auto plain = to_lower(trim(plain_text(id)));
  if (take_file_ending(plain)) {
    const auto folder = plain.find_last_of("/\\");
    plain = std::string(trim(plain.substr(folder == std::string::npos ? 0 : folder + 1)));
  }
  if (plain.starts_with('\'')) {
    plain.erase(0, 1);
  }
  const auto point = plain.find_last_of('.');
  if (point != std::string::npos && point > 0 && plain.substr(point) == ".0" &&
      plain.find_first_not_of("0123456789") == point) {
    plain.resize(point);
  }
  return plain;
}

IdMatch::IdMatch(const std::vector<std::string>& ids, const std::vector<std::string>& known, std::string what,
                 std::string where)
    : what_(std::move(what)), where_(std::move(where)) {
  const std::unordered_set<std::string> exact(known.begin(), known.end());
  std::unordered_set<std::string> taken;
  std::vector<const std::string*> others;
  std::unordered_set<std::string> seen;
  for (const auto& id : ids) {
    if (!seen.insert(id).second) {
      continue;
    }
    if (exact.contains(id)) {
      taken.insert(id);
      ++exact_;
    } else {
      others.push_back(&id);
    }
  }
  if (others.empty()) {
    return;
  }
  std::unordered_map<std::string, std::vector<std::string>> loose_known;
  for (const auto& id : exact) {
    loose_known[loose_id(id)].push_back(id);
  }
  std::unordered_map<std::string, std::string> claimed; // known id: the one of the table that became it
  for (const auto* id : others) {
    const auto entry = loose_known.find(loose_id(*id));
    if (entry == loose_known.end() ||
        std::ranges::all_of(entry->second, [&](const auto& one) { return taken.contains(one); })) {
      unmatched_.push_back(*id);
      continue;
    }
    IONSIFT_VALIDATE(
        entry->second.size() == 1, conflict,
        fmt::format("it is not clear which structure of {} the id \"{}\" of {} means", where_, *id, what_),
        fmt::format("it may be \"{}\" or \"{}\"", entry->second[0], entry->second[1]),
        "Write the ids of the table as the structures have them.");
    const auto& target = entry->second.front();
    const auto [other, fresh] = claimed.try_emplace(target, *id);
    IONSIFT_VALIDATE(fresh, conflict,
                     fmt::format("it is not clear which row of {} belongs to the structure {} of {}", what_,
                                 target, where_),
                     fmt::format("both \"{}\" and \"{}\" may be meant", other->second, *id),
                     "Write the ids of the table as the structures have them.");
    renamed_.emplace(*id, target);
    loose_.emplace_back(*id, target);
  }
}

const std::string& IdMatch::operator()(const std::string& id) const {
  const auto entry = renamed_.find(id);
  return entry == renamed_.end() ? id : entry->second;
}

std::string IdMatch::remark_on_loose() const {
  if (loose_.empty()) {
    return {};
  }
  return fmt::format(
      "{} of {} ids of {} are those of {} but for letter case, blanks or the ending of a file: "
      "\"{}\" is taken as \"{}\"",
      loose_.size(), size(), what_, where_, loose_.front().first, loose_.front().second);
}

std::string IdMatch::remark_on_unmatched() const {
  if (unmatched_.empty()) {
    return {};
  }
  return fmt::format("{} of {} ids of {} are not in {}: {}", unmatched_.size(), size(), what_, where_,
                     list_examples(unmatched_));
}

std::string list_examples(const std::vector<std::string>& ids, std::size_t most) {
  const auto shown = std::vector<std::string>(
      ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(most, ids.size())));
  return fmt::format("{}{}", fmt::join(shown, ", "),
                     ids.size() > most ? fmt::format(" and {} more", ids.size() - most) : "");
}

} // namespace ionsift::dataset
