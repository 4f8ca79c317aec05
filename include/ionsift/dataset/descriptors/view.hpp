// SPDX-License-Identifier: BSD-3-Clause
// Ways of looking at a structure: a representation and a depth in the parent network, and descriptors of the
// whole.
#pragma once

#include "ionsift/crystal/representation.hpp"

#include <array>
#include <memory>
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

/// Subjects of descriptors (dataset/descriptors.hpp).
enum class DescriptorBlock { composition, symmetry, cell, disorder, distances, given };

inline constexpr std::array all_descriptor_blocks = {DescriptorBlock::composition, DescriptorBlock::symmetry,
                                                     DescriptorBlock::cell,        DescriptorBlock::disorder,
                                                     DescriptorBlock::distances,   DescriptorBlock::given};

std::string_view name_of(DescriptorBlock block);
/// @throws Error usage, listing the valid names
DescriptorBlock descriptor_block_of(std::string_view name);

class GivenDescriptors;

/// The views and descriptors to read from a store.
struct Content {
  std::vector<View> views = {View{}};    ///< distinct
  std::vector<DescriptorBlock> blocks{}; ///< distinct
  /// Numbers of the block `given`, which no store has; needed where that is among `blocks`.
  std::shared_ptr<const GivenDescriptors> given{};

  bool wants(DescriptorBlock block) const;
  /// Adds further views and descriptors.
  void include(const Content& other);
};

} // namespace ionsift::dataset
