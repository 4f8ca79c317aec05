// SPDX-License-Identifier: BSD-3-Clause
#include "operation.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include "cell/fractional.hpp"
#include "remembered.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ionsift::crystal {

namespace {

/// Translations are multiples of 1/24, or of 1/n in cells that were enlarged; nothing comes closer than this.
constexpr double same_translation = 2e-3;

double wrap(double x) {
  x -= floor_of(x);
  return x >= 1.0 ? 0.0 : x;
}

/// Largest entries of an operation in any basis of a lattice; larger ones would overflow integers.
constexpr int largest_coefficient = 100;
constexpr double largest_constant = 1000;

constexpr const char* no_group = "the symmetry operations do not form a group";
constexpr const char* correct_operations =
    "Correct the operations, or remove the list to use the space group symbol.";

/// Translations written as decimals were rounded.
double snap(double x) {
  const double multiple = nearest_whole(x * 24) / 24;
  return std::abs(x - multiple) < same_translation ? multiple : x;
}

/// One coordinate of a triplet: coefficients of x, y, z and a constant.
class RowParser {
public:
  explicit RowParser(std::string_view text) : text_(text) {}

  bool parse(Eigen::RowVector3i& coefficients, double& constant) {
    coefficients.setZero();
    constant = 0;
    bool any = false;
    while (skip_blanks()) {
      if (!parse_term(coefficients, constant, any)) {
        return false;
      }
      any = true;
    }
    return any && coefficients.cwiseAbs().maxCoeff() <= largest_coefficient &&
           std::abs(constant) <= largest_constant;
  }

private:
  bool parse_term(Eigen::RowVector3i& coefficients, double& constant, bool needs_sign) {
    double sign = 1;
    if (peek() == '+' || peek() == '-') {
      sign = peek() == '-' ? -1 : 1;
      ++position_;
      skip_blanks();
    } else if (needs_sign) {
      return false;
    }
    double number = 1;
    const bool has_number = parse_fraction(number);
    skip_blanks();
    if (has_number && peek() == '*') {
      ++position_;
      skip_blanks();
    }
    const int axis = take_axis();
    if (axis >= 0) {
      if (number != std::round(number) || number > largest_coefficient) {
        return false;
      }
      coefficients[axis] += static_cast<int>(sign * number);
      return true;
    }
    constant += sign * number;
    return has_number;
  }

  /// "1", "0.5" or "1/2".
  bool parse_fraction(double& value) {
    double denominator = 1;
    if (!parse_digits(value)) {
      return false;
    }
    if (peek() == '/') {
      ++position_;
      if (!parse_digits(denominator) || denominator == 0) {
        return false;
      }
      value /= denominator;
    } else {
      value = value == std::round(value) ? value : snap(value);
    }
    return true;
  }

  bool parse_digits(double& value) {
    const std::size_t start = position_;
    while ((peek() >= '0' && peek() <= '9') || peek() == '.') {
      ++position_;
    }
    const auto number = parse_number(text_.substr(start, position_ - start));
    value = number.value_or(value);
    return number.has_value();
  }

  int take_axis() {
    static constexpr std::string_view axes = "xyzXYZ";
    const auto axis = peek() == '\0' ? std::string_view::npos : axes.find(peek());
    if (axis == std::string_view::npos) {
      return -1;
    }
    ++position_;
    return static_cast<int>(axis % 3);
  }

  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  bool skip_blanks() {
    while (peek() == ' ' || peek() == '\t') {
      ++position_;
    }
    return position_ < text_.size();
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

/// Finds operations by rotation, then by translation modulo 1.
class OperationSet {
public:
  bool contains(const Operation& operation) const {
    const Rotation* known = find(operation.rotation);
    return known != nullptr && holds(*known, operation.translation);
  }
  bool insert(const Operation& operation) {
    auto* known = const_cast<Rotation*>(find(operation.rotation));
    if (known == nullptr) {
      names_.push_back(name_of(operation.rotation));
      known = &rotations_.emplace_back(Rotation{operation.rotation, {}});
    } else if (holds(*known, operation.translation)) {
      return false;
    }
    known->translations.push_back(operation.translation);
    return true;
  }
  std::size_t rotations() const { return rotations_.size(); }

private:
  struct Rotation {
    Eigen::Matrix3i matrix;
    std::vector<Eigen::Vector3d> translations; ///< few: one for each centring vector
  };

  /// A key, unique for matrices with entries -1, 0 and 1, as nearly all have.
  static std::uint64_t name_of(const Eigen::Matrix3i& rotation) {
    std::uint64_t name = 0;
    for (const int entry : rotation.reshaped()) {
      name = 5 * name + static_cast<std::uint64_t>(entry + 2);
    }
    return name;
  }
  const Rotation* find(const Eigen::Matrix3i& rotation) const {
    const std::uint64_t name = name_of(rotation);
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name && rotations_[i].matrix == rotation) {
        return &rotations_[i];
      }
    }
    return nullptr;
  }
  static bool holds(const Rotation& rotation, const Eigen::Vector3d& translation) {
    return std::ranges::any_of(rotation.translations, [&](const Eigen::Vector3d& known) {
      return wrapped(known - translation).cwiseAbs().maxCoeff() < same_translation;
    });
  }

  std::vector<std::uint64_t> names_; ///< keys of rotations_
  std::vector<Rotation> rotations_;
};

/// @throws Error data if its numbers exceed those of any group
Operation product(const Operation& a, const Operation& b) {
  Operation c;
  c.rotation = a.rotation * b.rotation;
  IONSIFT_VALIDATE(c.rotation.cwiseAbs().maxCoeff() <= largest_coefficient, data, no_group,
                   "the numbers in their products grow without bound", correct_operations);
  c.translation = a.apply(b.translation).unaryExpr([](double x) { return wrap(snap(x)); });
  return c;
}

} // namespace

Operation parse_operation(std::string_view triplet) {
  Operation operation;
  bool understood = std::ranges::count(triplet, ',') == 2;
  std::string_view rest = triplet;
  for (int i = 0; understood && i < 3; ++i) {
    const std::size_t comma = rest.find(',');
    Eigen::RowVector3i coefficients;
    double constant = 0;
    understood = RowParser(rest.substr(0, comma)).parse(coefficients, constant);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    operation.rotation.row(i) = coefficients;
    operation.translation[i] = wrap(constant);
  }
  IONSIFT_VALIDATE(understood, format, fmt::format("'{}' is not a symmetry operation", triplet),
                   "expected three sums of x, y, z and a fraction, such as \"-y, x-y, z+1/3\"",
                   "Correct the operation, or remove the list to use the space group symbol.");
  const int determinant = operation.rotation.determinant();
  IONSIFT_VALIDATE(determinant == 1 || determinant == -1, data,
                   fmt::format("'{}' is not a symmetry operation", triplet),
                   fmt::format("its determinant is {}, not 1 or -1", determinant),
                   "Correct the operation, or remove the list to use the space group symbol.");
  return operation;
}

OperationGroup generate_group(const std::vector<Operation>& operations) {
  // The largest point group has 48 elements; the rest are centring translations of enlarged cells.
  constexpr std::size_t most_rotations = 48;
  constexpr std::size_t largest = most_rotations * 128;
  OperationGroup group;
  OperationSet given;
  std::size_t distinct = given.insert({}) ? 1 : 0;
  for (const Operation& operation : operations) {
    distinct += given.insert(operation) ? 1 : 0;
    IONSIFT_VALIDATE(distinct <= largest && given.rotations() <= most_rotations, data, no_group,
                     fmt::format("more than {} different ones are listed", distinct - 1), correct_operations);
  }
  OperationSet members;
  members.insert({});
  group.operations.push_back({});
  std::vector<Operation> generators;
  for (const Operation& candidate : operations) {
    if (members.contains(candidate)) {
      continue;
    }
    generators.push_back(candidate);
    // Every element times every generator; elements appended here are visited in turn. The elements that
    // already exist were multiplied by all generators but the new one.
    const std::size_t closed = group.operations.size();
    for (std::size_t i = 0; i < group.operations.size(); ++i) {
      for (std::size_t g = i < closed ? generators.size() - 1 : 0; g < generators.size(); ++g) {
        const Operation next = product(generators[g], group.operations[i]);
        if (members.insert(next)) {
          group.operations.push_back(next);
        }
      }
      IONSIFT_VALIDATE(
          group.operations.size() <= largest && members.rotations() <= most_rotations, data, no_group,
          fmt::format("their products number more than {}", group.operations.size() - 1), correct_operations);
    }
  }
  group.was_complete = group.operations.size() == distinct;
  return group;
}

OperationGroup group_of_triplets(const std::vector<std::string>& triplets) {
  std::string key;
  for (const std::string& triplet : triplets) {
    key += triplet;
    key += '\n';
  }
  thread_local Remembered<OperationGroup> known;
  return known.get(std::move(key), [&] {
    std::vector<Operation> listed;
    listed.reserve(triplets.size());
    for (const std::string& triplet : triplets) {
      listed.push_back(parse_operation(triplet));
    }
    return generate_group(listed);
  });
}

bool are_same(const std::vector<Operation>& a, const std::vector<Operation>& b) {
  OperationSet known;
  for (const Operation& operation : a) {
    known.insert(operation);
  }
  return a.size() == b.size() &&
         std::ranges::all_of(b, [&](const Operation& operation) { return known.contains(operation); });
}

} // namespace ionsift::crystal
