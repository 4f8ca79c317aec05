// SPDX-License-Identifier: BSD-3-Clause
#include "special_operators.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace ionsift::crystal {

namespace {

/// "x1" is x; anything of the fourth coordinate and beyond is a phase.
std::string in_space(const std::string& component, const std::string& whole) {
  std::string plain;
  for (std::size_t i = 0; i < component.size(); ++i) {
    const bool numbered = (component[i] == 'x' || component[i] == 'X') && i + 1 < component.size() &&
                          component[i + 1] >= '1' && component[i + 1] <= '9';
    if (!numbered) {
      plain += component[i];
      continue;
    }
    const int axis = component[++i] - '1';
    IONSIFT_VALIDATE(axis < 3, data, fmt::format("the operator '{}' moves atoms by a phase", whole),
                     "its spatial part depends on a coordinate beyond the third", "Correct the operator.");
    plain += "xyz"[axis];
  }
  return plain;
}

Operation parse_spatial(const std::string& text) {
  std::vector<std::string> components = split(text, ',');
  IONSIFT_VALIDATE(components.size() >= 3, format, fmt::format("'{}' is not a symmetry operation", text),
                   "it has fewer than three components", "Correct the operator.");
  components.resize(3);
  std::ranges::transform(components, components.begin(),
                         [&](const std::string& component) { return in_space(component, text); });
  return parse_operation(fmt::format("{}", fmt::join(components, ",")));
}

std::vector<Operation> parse_all(const std::vector<std::string>& texts) {
  std::vector<Operation> operations;
  operations.reserve(texts.size());
  std::ranges::transform(texts, std::back_inserter(operations), parse_spatial);
  return operations;
}

} // namespace

OperationGroup spatial_group(const SpecialOperators& listed) {
  const std::vector<Operation> operations = parse_all(listed.operations.triplets);
  std::vector<Operation> centrings = parse_all(listed.centrings.triplets);
  centrings.emplace_back();
  constexpr std::size_t most = 48 * 128; // as generate_group() takes
  IONSIFT_VALIDATE(operations.size() <= most && centrings.size() <= most &&
                       operations.size() * centrings.size() <= 16 * most,
                   data, "the symmetry operators do not form a group", "there are too many of them",
                   "Correct the operators.");
  std::vector<Operation> products;
  for (const Operation& centring : centrings) {
    for (const Operation& operation : operations) {
      Operation product;
      product.rotation = centring.rotation * operation.rotation;
      product.translation = centring.apply(operation.translation);
      product.translation -= product.translation.array().floor().matrix();
      products.push_back(product);
    }
  }
  return generate_group(products);
}

std::optional<std::string> spatial_name(std::string_view magnetic) {
  std::string name(trim(magnetic));
  if (name.size() > 1 && name[1] == '_') {
    return std::nullopt;
  }
  for (const std::string_view grey : {".1'", "1'"}) {
    if (name.ends_with(grey)) {
      name.erase(name.size() - grey.size());
    }
  }
  std::erase(name, '\'');
  return name.empty() ? std::nullopt : std::optional(name);
}

} // namespace ionsift::crystal
