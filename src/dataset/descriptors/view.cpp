// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/descriptors/view.hpp"

#include "ionsift/base/enum_names.hpp"
#include "ionsift/base/error.hpp"

#include <algorithm>

namespace ionsift::dataset {

std::string name_of(const View& view) {
  return fmt::format("{}:V{}", crystal::name_of(view.representation), view.level);
}

View view_of(std::string_view name) {
  const auto colon = name.find(':');
  const auto level = colon == std::string_view::npos ? std::string_view() : name.substr(colon + 1);
  const bool known =
      level.size() == 2 && (level[0] == 'V' || level[0] == 'v') && level[1] >= '0' && level[1] <= '3';
  IONSIFT_VALIDATE(known, usage, fmt::format("\"{}\" is not a view of a structure", name),
                   "a view is a representation and a level, V0 to V3", "Write it as CAMNS:V1.");
  return {crystal::representation_of(name.substr(0, colon)), level[1] - '0'};
}

namespace {

constexpr auto descriptor_block_names =
    enum_names<DescriptorBlock>({{DescriptorBlock::composition, "composition"},
                                 {DescriptorBlock::symmetry, "symmetry"},
                                 {DescriptorBlock::cell, "cell"},
                                 {DescriptorBlock::disorder, "disorder"},
                                 {DescriptorBlock::distances, "distances"},
                                 {DescriptorBlock::given, "given"}});

} // namespace

std::string_view name_of(DescriptorBlock block) {
  return descriptor_block_names.name(block);
}

DescriptorBlock descriptor_block_of(std::string_view name) {
  return descriptor_block_names.parse(name, "block of descriptors");
}

bool Content::wants(DescriptorBlock block) const {
  return std::find(blocks.begin(), blocks.end(), block) != blocks.end();
}

void Content::include(const Content& other) {
  const auto add = [](auto& to, const auto& from) {
    for (const auto& item : from) {
      if (std::find(to.begin(), to.end(), item) == to.end()) {
        to.push_back(item);
      }
    }
  };
  add(views, other.views);
  add(blocks, other.blocks);
  if (other.given) {
    given = other.given;
  }
}

} // namespace ionsift::dataset
