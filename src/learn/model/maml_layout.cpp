// SPDX-License-Identifier: BSD-3-Clause
#include "maml_layout.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/learn/model/maml.hpp"

#include <fmt/format.h>

namespace ionsift::learn {

namespace {

std::string root_of(const h5::File& file) {
  return file.has("model_weights") ? "model_weights" : "/";
}

} // namespace

std::vector<MamlLayer> maml_layers(const h5::File& file) {
  const auto root = root_of(file);
  IONSIFT_VALIDATE(file.has_attribute(root, "layer_names"), format,
                   fmt::format("{} lists no layers", file.name()), maml_expected, maml_remedy);
  std::vector<MamlLayer> layers;
  for (const auto& name : file.texts_attribute(root, "layer_names")) {
    const auto group = root == "/" ? name : root + "/" + name;
    MamlLayer layer{name, {}};
    if (file.has_attribute(group, "weight_names")) {
      for (const auto& weight : file.texts_attribute(group, "weight_names")) {
        layer.paths.push_back(group + "/" + weight);
      }
    }
    if (!layer.paths.empty()) {
      layers.push_back(std::move(layer));
    }
  }
  return layers;
}

std::vector<MamlLayer>::const_iterator find_maml_readout(const std::vector<MamlLayer>& layers) {
  return std::find_if(layers.begin(), layers.end(),
                      [](const auto& l) { return l.has(maml_readout_weights); });
}

bool is_maml(const h5::File& file) {
  if (!file.has_attribute(root_of(file), "layer_names")) {
    return false;
  }
  const auto layers = maml_layers(file);
  // MEGNet's weights have two readouts, and embeddings before them.
  return std::count_if(layers.begin(), layers.end(),
                       [](const auto& l) { return l.has(maml_readout_weights); }) == 1;
}

bool is_maml_file(const std::filesystem::path& path) {
  return is_maml(h5::File::open(path));
}

} // namespace ionsift::learn
