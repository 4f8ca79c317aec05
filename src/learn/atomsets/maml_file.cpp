// SPDX-License-Identifier: BSD-3-Clause
#include "maml_file.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"

#include "model/maml_layout.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace ionsift::learn {

namespace {

h5::Shape shape_of(const h5::File& file, const std::string& path, std::size_t dimensions) {
  const auto shape = file.dataset(path).shape();
  IONSIFT_VALIDATE(shape.size() == dimensions, format,
                   fmt::format("{}: {} has {} dimensions", file.name(), path, shape.size()), maml_expected,
                   maml_remedy);
  return shape;
}

/// The network's settings derived from the shapes of the layers.
AtomSetsConfiguration configuration_of(const h5::File& file, const std::vector<MamlLayer>& layers,
                                       std::size_t before) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    IONSIFT_VALIDATE(i == before || layers[i].has(maml_dense_weights), format,
                     fmt::format("{}: the layer {} is not known", file.name(), layers[i].name), maml_expected,
                     maml_remedy);
  }
  IONSIFT_VALIDATE(before >= 1 && layers.size() == 2 * before + 2, format,
                   fmt::format("{} has {} dense layers before the readout and {} after it", file.name(),
                               before, layers.size() - before - 1),
                   "as many before it as after it are computed, and one more for the output", maml_remedy);
  AtomSetsConfiguration c;
  c.layers = static_cast<int>(before);
  c.width = static_cast<int>(shape_of(file, layers.front().paths[0], 2)[1]);
  c.readout_hidden = static_cast<int>(shape_of(file, layers[before].paths[0], 2)[1]);
  return c;
}

/// Copies a dataset into a tensor of the same shape.
void read_into(const h5::File& file, const std::string& path, const at::Tensor& tensor) {
  const auto dataset = file.dataset(path);
  const h5::Shape wanted(tensor.sizes().begin(), tensor.sizes().end());
  IONSIFT_VALIDATE(dataset.shape() == wanted, format, fmt::format("{} has the wrong shape", dataset.path()),
                   fmt::format("[{}] instead of [{}]: all dense layers must be equally wide",
                               fmt::join(dataset.shape(), " x "), fmt::join(wanted, " x ")),
                   maml_remedy);
  auto values = dataset.read<double>();
  tensor.copy_(at::from_blob(values.data(), tensor.sizes(), at::kDouble));
}

void write_layer_tensor(h5::File& file, const std::string& path, const at::Tensor& tensor) {
  const auto values = tensor.to(at::kCPU, at::kFloat).contiguous();
  file.write<float>(path, {values.sizes().begin(), values.sizes().end()},
                    {values.data_ptr<float>(), static_cast<std::size_t>(values.numel())});
}

/// Writes one layer as Keras does: GROUP/LAYER/WEIGHT, with the names of the weights as an attribute.
template <std::size_t n>
void write_layer(h5::File& file, const std::string& layer, const std::array<const char*, n>& names,
                 const std::array<at::Tensor, n>& weights) {
  std::vector<std::string> list;
  for (std::size_t i = 0; i < n; ++i) {
    list.push_back(layer + "/" + names[i]);
    write_layer_tensor(file, layer + "/" + list.back(), weights[i]);
  }
  file.set_attribute(layer, "weight_names", std::span<const std::string>(list));
}

Dense like_recurrent(const AtomSets& network) {
  const std::int64_t hidden = network.configuration().readout_hidden;
  const auto options = network.weights().flat().options();
  return {at::empty({2 * hidden, 4 * hidden}, options), at::empty({4 * hidden}, options)};
}

} // namespace

void write_maml(const std::filesystem::path& path, const AtomSets& network) {
  IONSIFT_VALIDATE(network.configuration().readout_cell == ReadoutCell::published, usage,
                   "a network with the readout_cell lstm cannot be written for maml",
                   "maml's readout never carries its cell state", "Train it with the published cell.");
  const auto& weights = network.weights();
  auto partial = path;
  partial += ".partial";
  {
    auto file = h5::File::create(partial);
    std::vector<std::string> names;
    const auto add_dense = [&](const Dense& dense) {
      const auto number = names.size() - (names.size() > weights.phi.size() ? 1 : 0);
      names.push_back(number == 0 ? "dense" : fmt::format("dense_{}", number));
      write_layer<2>(file, names.back(), maml_dense_weights, {dense.kernel, dense.bias});
    };
    std::for_each(weights.phi.begin(), weights.phi.end(), add_dense);
    names.push_back("weighted_set2set");
    const auto four_gates = with_forget_gate(weights, network.forget());
    write_layer<4>(file, names.back(), maml_readout_weights,
                   {weights.memory.kernel, weights.memory.bias, four_gates.kernel, four_gates.bias});
    std::for_each(weights.rho.begin(), weights.rho.end(), add_dense);
    add_dense(weights.out);
    file.set_attribute("/", "layer_names", std::span<const std::string>(names));
    file.set_attribute("/", "backend", "tensorflow");
    file.flush();
  }
  sync_to_disk(partial);
  std::error_code error;
  std::filesystem::rename(partial, path, error);
  IONSIFT_VALIDATE(!error, io, fmt::format("cannot rename {} to {}", partial.string(), path.string()),
                   error.message(), "Check permissions and free space.");
}

AtomSets read_maml(const std::filesystem::path& path, const at::TensorOptions& options) {
  const auto file = h5::File::open(path);
  const auto layers = maml_layers(file);
  const auto readout = find_maml_readout(layers);
  IONSIFT_VALIDATE(readout != layers.end(), format, fmt::format("{} has no set2set readout", file.name()),
                   maml_expected, maml_remedy);
  const auto before = static_cast<std::size_t>(readout - layers.begin());
  const auto configuration = configuration_of(file, layers, before);
  const auto columns = shape_of(file, layers.front().paths[0], 2)[0];
  AtomSets network(configuration, static_cast<std::int64_t>(columns), options);

  auto& weights = network.weights();
  const auto read_dense = [&](const MamlLayer& layer, const Dense& dense) {
    read_into(file, layer.paths[0], dense.kernel);
    read_into(file, layer.paths[1], dense.bias);
  };
  for (std::size_t i = 0; i < before; ++i) {
    read_dense(layers[i], weights.phi[i]);
    read_dense(layers[before + 1 + i], weights.rho[i]);
  }
  read_dense(layers.back(), weights.out);
  read_into(file, readout->paths[0], weights.memory.kernel);
  read_into(file, readout->paths[1], weights.memory.bias);
  const auto four_gates = like_recurrent(network);
  read_into(file, readout->paths[2], four_gates.kernel);
  read_into(file, readout->paths[3], four_gates.bias);
  network.forget() = take_forget_gate(four_gates, weights);
  return network;
}

} // namespace ionsift::learn
