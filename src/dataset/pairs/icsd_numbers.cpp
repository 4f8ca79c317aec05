// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"
#include "ionsift/dataset/labels/written_number.hpp"
#include "ionsift/dataset/pairs/leaks.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::dataset {

namespace {

/// "155950.0", "155950" and "ICSD-155950" as "155950"; other texts as they are.
std::string normalized(std::string_view text) {
  text = trim(text);
  const auto lower = to_lower(text);
  if (lower.starts_with("icsd")) {
    const auto digits = text.find_first_of("0123456789");
    text.remove_prefix(digits == std::string_view::npos ? 0 : digits);
  }
  const auto number = parse_number(text);
  // Whole numbers travel through spreadsheets as floating-point ones.
  if (number && *number > 0 && *number == std::floor(*number) && *number < 1e15) {
    return std::to_string(static_cast<long long>(*number));
  }
  return std::string(text);
}

const std::vector<std::string> icsd_names = {"ICSD ID", "icsd_id", "icsd", "icsd_number", "collection code"};

IcsdNumbers from_columns(const CsvTable& table, std::size_t id, std::size_t icsd) {
  IcsdNumbers numbers;
  for (std::size_t row = 0; row < table.size(); ++row) {
    numbers.add(std::string(trim(table.cell(row, id))), table.cell(row, icsd));
  }
  return numbers;
}

} // namespace

IcsdNumbers IcsdNumbers::read(const std::filesystem::path& path, const std::string& id_column,
                              const std::string& icsd_column) {
  const auto table = CsvTable::read(path);
  const auto id = find_id_column(table, id_column);
  return from_columns(table, id,
                      find_column(table, icsd_column, icsd_names, "ICSD numbers", "--icsd-column"));
}

std::optional<IcsdNumbers> IcsdNumbers::read_if_any(const std::filesystem::path& path,
                                                    const std::string& id_column) {
  const auto table = CsvTable::read(path);
  const auto icsd = find_optional_column(table, {}, icsd_names);
  if (!icsd) {
    return std::nullopt;
  }
  return from_columns(table, find_id_column(table, id_column), *icsd);
}

void IcsdNumbers::add(const std::string& id, std::string_view text) {
  std::string list(text);
  std::ranges::replace(list, ';', ',');
  for (const auto& field : split(list, ',')) {
    auto number = normalized(field);
    if (id.empty() || is_placeholder(number) || number.find_first_not_of("0.") == std::string::npos) {
      continue; // unknown numbers never match
    }
    auto& known = numbers_[id];
    if (std::ranges::find(known, number) == known.end()) {
      known.push_back(std::move(number));
    }
  }
}

std::vector<std::string> IcsdNumbers::ids() const {
  std::vector<std::string> ids;
  ids.reserve(numbers_.size());
  for (const auto& [id, numbers] : numbers_) {
    ids.push_back(id);
  }
  std::ranges::sort(ids);
  return ids;
}

void IcsdNumbers::rename(const IdMatch& match) {
  for (const auto& [from, to] : match.renamed()) {
    if (auto numbers = numbers_.extract(from)) {
      numbers.key() = to;
      numbers_.insert(std::move(numbers));
    }
  }
}

void IcsdNumbers::append(const IcsdNumbers& other) {
  for (const auto& [id, numbers] : other.numbers_) {
    for (const auto& number : numbers) {
      add(id, number);
    }
  }
}

const std::vector<std::string>* IcsdNumbers::find(const std::string& id) const {
  const auto entry = numbers_.find(id);
  return entry == numbers_.end() ? nullptr : &entry->second;
}

} // namespace ionsift::dataset
