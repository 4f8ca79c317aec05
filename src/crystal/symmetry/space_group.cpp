// SPDX-License-Identifier: BSD-3-Clause
#include "space_group.hpp"

#include "ionsift/base/text.hpp"

#include "remembered.hpp"

#include <fmt/format.h>
#include <gemmi/symmetry.hpp>

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace ionsift::crystal {

namespace {

Operation convert(const gemmi::Op& op) {
  Operation operation;
  for (int i = 0; i < 3; ++i) {
    const auto row = static_cast<std::size_t>(i);
    for (int j = 0; j < 3; ++j) {
      operation.rotation(i, j) = op.rot[row][static_cast<std::size_t>(j)] / gemmi::Op::DEN;
    }
    operation.translation[i] = op.tran[row] / double(gemmi::Op::DEN);
  }
  return operation;
}

std::vector<Operation> convert(const gemmi::GroupOps& group) {
  std::vector<Operation> operations;
  for (const gemmi::Op& op : group) {
    operations.push_back(convert(op));
  }
  return operations;
}

/// Made once for each entry of gemmi's table: generating the operators takes longer than all else here.
const Setting& convert(const gemmi::SpaceGroup& group) {
  thread_local std::map<const gemmi::SpaceGroup*, Setting> made;
  auto found = made.find(&group);
  if (found == made.end()) {
    found = made.emplace(&group, Setting{group.xhm(), group.number, convert(group.operations())}).first;
  }
  return found->second;
}

/// Removes an origin or axes suffix from a symbol: ":2", " Z" (ICSD: origin at the centre), " S" (the other
/// origin), " H", " R", " HR". Returns the table's letter for it, or '\0'.
char take_suffix(std::string& symbol) {
  const auto colon = symbol.find(':');
  std::string suffix;
  if (colon != std::string::npos) {
    suffix = trim(std::string_view(symbol).substr(colon + 1));
    symbol.erase(colon);
  } else {
    // Beyond the lattice letter a symbol has no capitals.
    const auto last = symbol.find_last_not_of("SZHR");
    if (last != std::string::npos && last > 0) {
      suffix = symbol.substr(last + 1);
      symbol.erase(last + 1);
    }
  }
  if (suffix.empty()) {
    return '\0';
  }
  const char letter = static_cast<char>(std::toupper(static_cast<unsigned char>(suffix.front())));
  return letter == 'S' ? '1' : letter == 'Z' ? '2' : letter;
}

/// Removes "(origin choice 2)", "(hexagonal axes)" or "(rhombohedral axes)" from a symbol. Returns the
/// table's letter for it, or '\0'.
char take_words(std::string& symbol) {
  const std::string lowered = to_lower(symbol);
  static constexpr std::array<std::pair<std::string_view, char>, 4> words = {
      {{"(origin choice 1", '1'}, {"(origin choice 2", '2'}, {"(hexagonal", 'H'}, {"(rhombohedral", 'R'}}};
  for (const auto& [word, letter] : words) {
    const auto bracket = lowered.find(word);
    if (bracket != std::string::npos) {
      symbol.erase(bracket);
      return letter;
    }
  }
  return '\0';
}

const gemmi::SpaceGroup* find_variant(const gemmi::SpaceGroup& group, char suffix) {
  for (const gemmi::SpaceGroup& other : gemmi::spacegroup_tables::main) {
    if (std::string_view(other.hm) == group.hm && other.ext == suffix) {
      return &other;
    }
  }
  return nullptr;
}

bool has_hexagonal_axes(const Eigen::Vector3d& angles) {
  return std::abs(angles[2] - 120) < 1;
}

std::vector<Setting> variants(const gemmi::SpaceGroup& group, char suffix, const Eigen::Vector3d& angles) {
  std::vector<char> order = {suffix};
  if (suffix == '\0') {
    order = has_hexagonal_axes(angles) ? std::vector<char>{'H', '2', '1'} : std::vector<char>{'R', '2', '1'};
  }
  std::vector<Setting> settings;
  for (const char letter : order) {
    if (const gemmi::SpaceGroup* variant = find_variant(group, letter)) {
      settings.push_back(convert(*variant));
    }
  }
  if (settings.empty()) {
    settings.push_back(convert(group));
  }
  return settings;
}

std::vector<Setting> by_hall_symbol(const std::string& symbol) {
  try {
    const gemmi::GroupOps group = gemmi::symops_from_hall(symbol.c_str());
    const gemmi::SpaceGroup* known = gemmi::find_spacegroup_by_ops(group);
    return {{symbol, known != nullptr ? known->number : 0, convert(group)}};
  } catch (const std::exception&) {
    return {}; // the other names may still be known
  }
}

/// "F m 3 m", as cubic groups were written until 1983, as "F m -3 m".
std::string with_inversion_axis(std::string symbol) {
  const auto axis = symbol.find('3');
  const auto before = symbol.find_last_not_of(' ', axis == std::string::npos || axis == 0 ? 0 : axis - 1);
  if (axis != std::string::npos && std::string_view("mnadc").find(symbol[before]) != std::string_view::npos) {
    symbol.insert(axis, "-");
  }
  return symbol;
}

/// "F 4/m -3 2/m" and "P 21/n 21/m 21/a", the full symbols, as "F m -3 m" and "P n m a": of an axis and its
/// perpendicular plane the short symbol has the plane, except for the principal axis of tetragonal and
/// hexagonal groups.
std::string short_symbol(const std::string& symbol) {
  const bool is_cubic = symbol.find("-3") != std::string::npos && symbol.front() != 'R';
  std::string shortened;
  for (const std::string& part : split(symbol, ' ')) {
    const auto slash = part.find('/');
    const bool drops_axis = slash != std::string::npos && (part.front() == '2' || is_cubic);
    shortened += (shortened.empty() ? "" : " ") + (drops_axis ? part.substr(slash + 1) : part);
  }
  return shortened;
}

const gemmi::SpaceGroup* find_by_symbol(const std::string& symbol, const Eigen::Vector3d& angles) {
  for (const std::string& spelling : {symbol, with_inversion_axis(symbol), short_symbol(symbol)}) {
    if (const auto* group = gemmi::find_spacegroup_by_name(spelling, angles[0], angles[2])) {
      return group;
    }
  }
  return nullptr;
}

const gemmi::SpaceGroup* find_by_full_symbol(const std::string& symbol) {
  const auto* found = std::ranges::find_if(
      gemmi::spacegroup_tables::main, [&](const gemmi::SpaceGroup& group) { return symbol == group.hm; });
  return found == std::end(gemmi::spacegroup_tables::main) ? nullptr : found;
}

/// "P 21/m" and "A 2/a" where the cell's one angle that is not 90 degrees determines the axis: an axis other
/// than the usual b, or null.
const gemmi::SpaceGroup* find_by_unique_axis(const std::string& symbol, const Eigen::Vector3d& angles) {
  constexpr double right_within = 0.02; // degrees
  std::string element;
  for (const char c : symbol) {
    element += c == ' ' ? "" : std::string(1, c);
  }
  const bool is_short =
      element.size() > 1 && std::string_view("PABCIF").find(element[0]) != std::string_view::npos &&
      (element[1] == '2' || std::string_view("mabcdn").find(element[1]) != std::string_view::npos);
  const std::array<bool, 3> oblique = {std::abs(angles[0] - 90) > right_within,
                                       std::abs(angles[1] - 90) > right_within,
                                       std::abs(angles[2] - 90) > right_within};
  if (!is_short || oblique[1] || oblique[0] == oblique[2]) {
    return nullptr;
  }
  const std::string lattice = element.substr(0, 1);
  const std::string axis = element.substr(1);
  return find_by_full_symbol(oblique[0] ? lattice + " " + axis + " 1 1" : lattice + " 1 1 " + axis);
}

std::vector<Setting> by_hermann_mauguin_symbol(std::string symbol, const Eigen::Vector3d& angles) {
  std::erase(symbol, '_'); // gemmi reads it as a blank, but "2_1" is "21"
  const char choice = take_words(symbol);
  if (symbol.find('(') != std::string::npos) { // P6(3)/m; the table has a "C 2 2 21a)"
    std::erase(symbol, '(');
    std::erase(symbol, ')');
  }
  symbol = trim(symbol);
  const char appended = take_suffix(symbol);
  const char suffix = choice != '\0' ? choice : appended;
  if (const auto* monoclinic = find_by_unique_axis(symbol, angles)) {
    return {convert(*monoclinic)};
  }
  const gemmi::SpaceGroup* group = find_by_symbol(symbol, angles);
  return group == nullptr ? std::vector<Setting>{} : variants(*group, suffix, angles);
}

std::vector<Setting> by_number(int number, const Eigen::Vector3d& angles) {
  if (number < 1 || number > 230) {
    return {};
  }
  // In these groups the number leaves only the direction of the axis open.
  static constexpr std::array<std::pair<int, const char*>, 5> of_axis_alone = {
      {{3, "P 2"}, {4, "P 21"}, {6, "P m"}, {10, "P 2/m"}, {11, "P 21/m"}}};
  for (const auto& [monoclinic, symbol] : of_axis_alone) {
    const auto* group = monoclinic == number ? find_by_unique_axis(symbol, angles) : nullptr;
    if (group != nullptr) {
      return {convert(*group)};
    }
  }
  return variants(gemmi::get_spacegroup_reference_setting(number), '\0', angles);
}

/// Number of a group's rotations of each kind (determinant, trace); the same in every setting.
std::map<std::pair<int, int>, int> rotation_kinds(const std::vector<Operation>& operations) {
  std::map<std::pair<int, int>, int> kinds;
  for (const Operation& operation : operations) {
    ++kinds[{operation.rotation.determinant(), operation.rotation.trace()}];
  }
  // Centring repeats every rotation, once for each pure translation.
  const int translations = kinds[{1, 3}];
  for (auto& [kind, count] : kinds) {
    count /= std::max(translations, 1);
  }
  return kinds;
}

gemmi::Op convert(const Operation& operation) {
  gemmi::Op op{};
  for (int i = 0; i < 3; ++i) {
    const auto row = static_cast<std::size_t>(i);
    for (int j = 0; j < 3; ++j) {
      op.rot[row][static_cast<std::size_t>(j)] = operation.rotation(i, j) * gemmi::Op::DEN;
    }
    op.tran[row] = static_cast<int>(std::round(operation.translation[i] * gemmi::Op::DEN));
  }
  return op;
}

} // namespace

std::string SpaceGroupName::text() const {
  if (!hermann_mauguin.empty()) {
    return hermann_mauguin;
  }
  return hall.empty() ? fmt::format("number {}", number) : hall;
}

std::vector<Setting> settings_of(const SpaceGroupName& name, const Eigen::Vector3d& angles) {
  std::vector<Setting> settings;
  if (!name.hall.empty()) {
    settings = by_hall_symbol(name.hall);
  }
  if (settings.empty() && !name.hermann_mauguin.empty()) {
    settings = by_hermann_mauguin_symbol(name.hermann_mauguin, angles);
  }
  if (settings.empty()) {
    settings = by_number(name.number, angles);
  }
  return settings;
}

namespace {

/// The entry of gemmi's table with these operators, or null.
const gemmi::SpaceGroup* find_group(const std::vector<Operation>& operations) {
  std::vector<gemmi::Op> listed;
  listed.reserve(operations.size());
  for (const Operation& operation : operations) {
    listed.push_back(convert(operation));
  }
  return gemmi::find_spacegroup_by_ops(gemmi::split_centering_vectors(listed));
}

std::optional<std::string> find_disagreement(const std::vector<Operation>& operations,
                                             const SpaceGroupName& name, const Eigen::Vector3d& angles) {
  const std::vector<Setting> settings = settings_of(name, angles);
  if (settings.empty()) {
    return std::nullopt; // an unknown name contradicts nothing
  }
  const Setting& declared = settings.front();
  if (are_same(operations, declared.operations)) {
    return std::nullopt;
  }
  if (rotation_kinds(operations) != rotation_kinds(declared.operations)) {
    return fmt::format("the {} operators listed have another point group than {} (group {})",
                       operations.size(), name.text(), declared.number);
  }
  const gemmi::SpaceGroup* found = find_group(operations);
  if (found != nullptr && found->number != declared.number) {
    return fmt::format("the operators listed are those of {} (group {}), not of {} (group {})", found->xhm(),
                       found->number, name.text(), declared.number);
  }
  return std::nullopt;
}

void append_bytes(std::string& key, const auto& values) {
  key.append(reinterpret_cast<const char*>(values.data()), sizeof(values));
}

} // namespace

std::optional<std::string> disagreement(const std::vector<Operation>& operations, const SpaceGroupName& name,
                                        const Eigen::Vector3d& angles) {
  std::string key = fmt::format("{}\n{}\n{}\n", name.hall, name.hermann_mauguin, name.number);
  append_bytes(key, angles);
  for (const Operation& operation : operations) {
    append_bytes(key, operation.rotation);
    append_bytes(key, operation.translation);
  }
  thread_local Remembered<std::optional<std::string>> known;
  return known.get(std::move(key), [&] { return find_disagreement(operations, name, angles); });
}

bool is_group_of_name(const std::vector<Operation>& operations, const SpaceGroupName& name,
                      const Eigen::Vector3d& angles) {
  const std::vector<Setting> settings = settings_of(name, angles);
  if (settings.empty()) {
    return false;
  }
  const auto has_operations = [&](const Setting& setting) {
    return are_same(operations, setting.operations);
  };
  if (std::ranges::any_of(settings, has_operations)) {
    return true;
  }
  const gemmi::SpaceGroup* found = find_group(operations);
  return found != nullptr && found->number == settings.front().number;
}

} // namespace ionsift::crystal
