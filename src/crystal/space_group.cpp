#include "space_group.hpp"

#include "ionsift/base/text.hpp"

#include <fmt/format.h>
#include <gemmi/symmetry.hpp>

#include <Eigen/LU>
#include <algorithm>
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

Setting convert(const gemmi::SpaceGroup& group) {
  return {group.xhm(), group.number, convert(group.operations())};
}

/// Takes an origin or axes suffix off a symbol: ":2", " Z" (ICSD: origin at the centre), " S" (the other
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

/// Takes "(origin choice 2)" off a symbol. Returns the choice, or '\0'.
char take_origin_choice(std::string& symbol) {
  const std::string lowered = to_lower(symbol);
  const auto bracket = lowered.find("(origin choice ");
  if (bracket == std::string::npos) {
    return '\0';
  }
  const char choice = lowered[lowered.find_first_not_of(" ", bracket + 14)];
  symbol.erase(bracket);
  return choice == '1' || choice == '2' ? choice : '\0';
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
    return {}; // the other names may still tell
  }
}

std::vector<Setting> by_hermann_mauguin_symbol(std::string symbol, const Eigen::Vector3d& angles) {
  std::erase(symbol, '_'); // gemmi reads it as a blank, but "2_1" is "21"
  const char choice = take_origin_choice(symbol);
  std::erase(symbol, '('); // P6(3)/m
  std::erase(symbol, ')');
  symbol = trim(symbol);
  const char appended = take_suffix(symbol);
  const char suffix = choice != '\0' ? choice : appended;
  const gemmi::SpaceGroup* group = gemmi::find_spacegroup_by_name(symbol, angles[0], angles[2]);
  return group == nullptr ? std::vector<Setting>{} : variants(*group, suffix, angles);
}

std::vector<Setting> by_number(int number, const Eigen::Vector3d& angles) {
  if (number < 1 || number > 230) {
    return {};
  }
  return variants(gemmi::get_spacegroup_reference_setting(number), '\0', angles);
}

/// How many rotations of each kind (determinant, trace) a group has; the same in every setting.
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

std::optional<std::string> disagreement(const std::vector<Operation>& operations, const SpaceGroupName& name,
                                        const Eigen::Vector3d& angles) {
  const std::vector<Setting> settings = settings_of(name, angles);
  if (settings.empty()) {
    return std::nullopt; // an unknown name contradicts nothing
  }
  const Setting& declared = settings.front();
  if (rotation_kinds(operations) != rotation_kinds(declared.operations)) {
    return fmt::format("the {} operators listed have another point group than {} (group {})",
                       operations.size(), name.text(), declared.number);
  }
  std::vector<gemmi::Op> listed;
  for (const Operation& operation : operations) {
    listed.push_back(convert(operation));
  }
  const gemmi::SpaceGroup* found = gemmi::find_spacegroup_by_ops(gemmi::split_centering_vectors(listed));
  if (found != nullptr && found->number != declared.number) {
    return fmt::format("the operators listed are those of {} (group {}), not of {} (group {})", found->xhm(),
                       found->number, name.text(), declared.number);
  }
  return std::nullopt;
}

} // namespace ionsift::crystal
