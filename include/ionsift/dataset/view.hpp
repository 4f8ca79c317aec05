// One way of looking at a structure: a representation, and how deep in the parent network.
#pragma once

#include "ionsift/crystal/representation.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ionsift::dataset {

/// Feature rows of one representation and level, as "CAMNS:V1".
struct View {
  crystal::Representation representation = crystal::Representation::CAMNS;
  int level = 1; ///< 0 .. 3

  bool operator==(const View&) const = default;
};

/// "CAMNS:V1".
std::string name_of(const View& view);
/// @throws Error usage for anything but a name of this form
View view_of(std::string_view name);

/// What is wanted of the structures in a store.
struct Content {
  std::vector<View> views = {View{}}; ///< distinct
};

} // namespace ionsift::dataset
