#include "operation.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include "site_index.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace ionsift::crystal {

namespace {

/// Translations are multiples of 1/24, or of 1/n in cells that were enlarged; nothing comes closer than this.
constexpr double same_translation = 2e-3;

double wrap(double x) {
  x -= std::floor(x);
  return x >= 1.0 ? 0.0 : x;
}

/// Translations written as decimals were rounded.
double snap(double x) {
  const double multiple = std::round(x * 24) / 24;
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
    return any;
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
      if (number != std::round(number)) {
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
    const auto found = translations_.find(key(operation));
    return found != translations_.end() && found->second.find(operation.translation) >= 0;
  }
  bool insert(const Operation& operation) {
    constexpr std::size_t expected = 64;
    SiteIndex& translations =
        translations_.try_emplace(key(operation), SiteIndex(expected, same_translation)).first->second;
    if (translations.find(operation.translation) >= 0) {
      return false;
    }
    translations.add(operation.translation);
    return true;
  }
  std::size_t rotations() const { return translations_.size(); }

private:
  static std::array<int, 9> key(const Operation& operation) {
    std::array<int, 9> entries;
    std::copy_n(operation.rotation.data(), 9, entries.begin());
    return entries;
  }
  std::map<std::array<int, 9>, SiteIndex> translations_;
};

Operation product(const Operation& a, const Operation& b) {
  Operation c;
  c.rotation = a.rotation * b.rotation;
  c.translation = a.apply(b.translation).unaryExpr([](double x) { return wrap(snap(x)); });
  return c;
}

} // namespace

Operation parse_operation(std::string_view triplet) {
  const std::vector<std::string> rows = split(triplet, ',');
  Operation operation;
  bool understood = rows.size() == 3;
  for (int i = 0; understood && i < 3; ++i) {
    Eigen::RowVector3i coefficients;
    double constant = 0;
    understood = RowParser(rows[static_cast<std::size_t>(i)]).parse(coefficients, constant);
    operation.rotation.row(i) = coefficients;
    operation.translation[i] = wrap(constant);
  }
  IONSIFT_VALIDATE(understood, format, fmt::format("'{}' is no symmetry operation", triplet),
                   "expected three sums of x, y, z and a fraction, such as \"-y, x-y, z+1/3\"",
                   "Correct the operation, or remove the list to have the space group symbol used.");
  const int determinant = operation.rotation.determinant();
  IONSIFT_VALIDATE(determinant == 1 || determinant == -1, data,
                   fmt::format("'{}' is no symmetry operation", triplet),
                   fmt::format("its determinant is {}, not 1 or -1", determinant),
                   "Correct the operation, or remove the list to have the space group symbol used.");
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
    // Every element times every generator; elements appended here are visited in turn.
    for (std::size_t i = 0; i < group.operations.size(); ++i) {
      for (const Operation& generator : generators) {
        const Operation next = product(generator, group.operations[i]);
        if (members.insert(next)) {
          group.operations.push_back(next);
        }
      }
      IONSIFT_VALIDATE(group.operations.size() <= largest && members.rotations() <= most_rotations, data,
                       "the symmetry operations are no group",
                       fmt::format("their products number more than {}", group.operations.size() - 1),
                       "Correct the operations, or remove the list to have the space group symbol used.");
    }
  }
  group.was_complete = group.operations.size() == distinct;
  return group;
}

} // namespace ionsift::crystal
