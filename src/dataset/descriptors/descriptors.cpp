// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/descriptors/descriptors.hpp"

#include "ionsift/base/error.hpp"

#include "composition_descriptors.hpp"
#include "crystal_descriptors.hpp"

#include <algorithm>

namespace ionsift::dataset {

namespace {

void describe_block(const crystal::Crystal& crystal, DescriptorBlock block, DescriptorSink& sink) {
  switch (block) {
  case DescriptorBlock::composition:
    describe_composition(crystal.composition(), sink);
    break;
  case DescriptorBlock::symmetry:
    describe_symmetry(crystal, sink);
    break;
  case DescriptorBlock::cell:
    describe_cell(crystal, sink);
    break;
  case DescriptorBlock::disorder:
    describe_disorder(crystal, sink);
    break;
  case DescriptorBlock::distances:
    describe_distances(crystal, sink);
    break;
  case DescriptorBlock::given: // not a matter of the crystal
    break;
  }
}

bool wanted(const std::vector<DescriptorBlock>& blocks, DescriptorBlock block) {
  return std::find(blocks.begin(), blocks.end(), block) != blocks.end();
}

/// One row for each item; the names come from `like`, so that they are known without any item.
template <typename Item, typename Function>
Descriptors table(std::span<const Item> items, const Item& like, Function describe_one) {
  Descriptors result;
  DescriptorSink first;
  describe_one(like, first);
  result.name = std::move(first.names);
  result.values.resize(static_cast<Eigen::Index>(items.size()),
                       static_cast<Eigen::Index>(result.name.size()));
  for (std::size_t i = 0; i < items.size(); ++i) {
    DescriptorSink sink;
    describe_one(items[i], sink);
    std::copy(sink.values.begin(), sink.values.end(),
              result.values.row(static_cast<Eigen::Index>(i)).begin());
  }
  return result;
}

} // namespace

Descriptors Descriptors::of(const std::vector<DescriptorBlock>& blocks) const {
  std::vector<std::size_t> columns;
  for (const auto block : all_descriptor_blocks) {
    if (!wanted(blocks, block)) {
      continue;
    }
    const auto before = columns.size();
    for (std::size_t c = 0; c < name.size(); ++c) {
      if (name[c].starts_with(std::string(name_of(block)) + '.')) {
        columns.push_back(c);
      }
    }
    IONSIFT_VALIDATE(columns.size() > before, conflict,
                     fmt::format("the structures were not described by {}", name_of(block)),
                     "that block of descriptors was not requested", "Take it from the store, too.");
  }
  Descriptors part;
  part.values.resize(values.rows(), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t c = 0; c < columns.size(); ++c) {
    part.name.push_back(name[columns[c]]);
    part.values.col(static_cast<Eigen::Index>(c)) = values.col(static_cast<Eigen::Index>(columns[c]));
  }
  return part;
}

Descriptors describe(std::span<const crystal::Crystal> crystals, const std::vector<DescriptorBlock>& blocks) {
  return table(crystals, crystal::Crystal{}, [&](const crystal::Crystal& crystal, DescriptorSink& sink) {
    for (const auto block : all_descriptor_blocks) {
      if (wanted(blocks, block)) {
        describe_block(crystal, block, sink);
      }
    }
  });
}

Descriptors describe_compositions(std::span<const crystal::Composition> compositions) {
  return table(compositions, crystal::Composition{}, describe_composition);
}

} // namespace ionsift::dataset
