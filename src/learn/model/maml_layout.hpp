// SPDX-License-Identifier: BSD-3-Clause
// The layout of maml's AtomSets in a file written by Keras; maml_file.hpp states the
// assumptions.
#pragma once

#include "ionsift/base/hdf5.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace ionsift::learn {

inline constexpr const char* maml_expected = "weights of maml's AtomSets with a set2set readout are expected";
inline constexpr const char* maml_remedy =
    "Use the file that Keras' save_weights has written for such a model.";
inline constexpr std::array maml_readout_weights = {"x_to_m_weight:0", "x_to_m_bias:0", "recurrent_kernel:0",
                                                    "recurrent_bias:0"};
inline constexpr std::array maml_dense_weights = {"kernel:0", "bias:0"};

/// A layer with weights, and the paths of these.
struct MamlLayer {
  std::string name;
  std::vector<std::string> paths;

  template <std::size_t n>
  bool has(const std::array<const char*, n>& weights) const {
    return std::equal(paths.begin(), paths.end(), weights.begin(), weights.end(),
                      [](const std::string& path, const char* end) { return path.ends_with(end); });
  }
};

/// @throws Error format for a file without Keras' list of layers
std::vector<MamlLayer> maml_layers(const h5::File& file);
/// The first layer with the weights of megnet's Set2Set, or the end.
std::vector<MamlLayer>::const_iterator find_maml_readout(const std::vector<MamlLayer>& layers);
/// Whether a file has Keras' list of layers, among them one set2set readout.
bool is_maml(const h5::File& file);

} // namespace ionsift::learn
