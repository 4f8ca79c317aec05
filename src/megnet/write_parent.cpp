// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/megnet/write_parent.hpp"

#include "ionsift/base/file.hpp"
#include "ionsift/base/hdf5.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include "keras.hpp"

#include <fmt/format.h>

#include <ostream>
#include <string>

namespace ionsift::megnet {

namespace {

using nlohmann::json;

/// The datasets of one file, named as Keras names them.
class DatasetWriter {
public:
  explicit DatasetWriter(h5::File& file) : file_(file) {}

  void matrix(const std::string& name, const Matrix<double>& values) {
    const Matrix<float> single = values.cast<float>();
    write(name, {static_cast<std::uint64_t>(values.rows()), static_cast<std::uint64_t>(values.cols())},
          single.data());
  }
  void vector(const std::string& name, const RowVector<double>& values) {
    const RowVector<float> single = values.cast<float>();
    write(name, {static_cast<std::uint64_t>(values.size())}, single.data());
  }
  void dense(int number, const Dense<double>& layer) {
    const auto folder = fmt::format("dense_{0}/dense_{0}/", number);
    matrix(folder + "kernel:0", layer.kernel);
    vector(folder + "bias:0", layer.bias);
  }
  void layers(int first, const Mlp<double>& layers) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      dense(first + static_cast<int>(i), layers[i]);
    }
  }
  void phi(int block, char part, const Mlp<double>& layers) {
    const auto folder =
        fmt::format("meg_net_layer_{0}/meg_net_layer_{0}/meg_net_layer_{0}/phi_{1}/", block, part);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      matrix(fmt::format("{}weight_{}_{}:0", folder, part, i), layers[i].kernel);
      vector(fmt::format("{}bias_{}_{}:0", folder, part, i), layers[i].bias);
    }
  }
  void set2set(int number, const Set2SetWeights<double>& weights) {
    const auto folder = fmt::format("set2_set_{0}/set2_set_{0}/", number);
    matrix(folder + "x_to_m_weight:0", weights.memory.kernel);
    vector(folder + "x_to_m_bias:0", weights.memory.bias);
    matrix(folder + "recurrent_kernel:0", weights.recurrent);
    vector(folder + "recurrent_bias:0", weights.recurrent_bias);
  }

private:
  void write(const std::string& name, const h5::Shape& shape, const float* values) {
    std::uint64_t size = 1;
    for (const auto length : shape) {
      size *= length;
    }
    file_.write<float>("/model_weights/" + name, shape, {values, static_cast<std::size_t>(size)});
  }

  h5::File& file_;
};

/// METHOD: section 3, "Weights".
void write_weights(DatasetWriter& out, const Weights<double>& weights) {
  out.matrix("embedding_1/embedding_1/embeddings:0", weights.embedding);
  out.layers(1, weights.first_v);
  out.layers(3, weights.first_e);
  out.layers(5, weights.first_u);
  for (int k = 0; k < 3; ++k) {
    const auto& block = weights.block[static_cast<std::size_t>(k)];
    if (k > 0) { // block 1 has no dense layers of its own
      out.layers(1 + 6 * k, block.dense_v);
      out.layers(3 + 6 * k, block.dense_e);
      out.layers(5 + 6 * k, block.dense_u);
    }
    out.phi(k + 1, 'e', block.phi_e);
    out.phi(k + 1, 'v', block.phi_v);
    out.phi(k + 1, 'u', block.phi_u);
  }
  out.set2set(1, weights.readout_v);
  out.set2set(2, weights.readout_e);
  out.layers(19, weights.readout);
}

} // namespace

json keras_configuration(const Parent& parent) {
  json layers = json::array();
  const auto add = [&](const std::string& name, json settings) {
    settings["name"] = name;
    layers.push_back({{"config", std::move(settings)}});
  };
  for (int number = 1; number <= 21; ++number) {
    const char* last = parent.sigmoid ? "sigmoid" : "linear";
    add(fmt::format("dense_{}", number), {{"activation", number < 21 ? "softplus2" : last}});
  }
  for (int block = 1; block <= 3; ++block) {
    add(fmt::format("meg_net_layer_{}", block), {{"activation", "softplus2"}, {"pool_method", "mean"}});
  }
  for (int number = 1; number <= 2; ++number) {
    add(fmt::format("set2_set_{}", number),
        {{"T", number == 1 ? parent.weights.readout_v.steps : parent.weights.readout_e.steps},
         {"n_hidden", 16},
         {"activation_lstm", "tanh"},
         {"recurrent_activation", "hard_sigmoid"}});
  }
  return {{"config", {{"layers", std::move(layers)}}}};
}

json keras_metadata(const Parent& parent) {
  json document = {{"graph_converter",
                    {{"bond_converter",
                      {{"centers", {{"data", parent.converter.centres}}}, {"width", parent.converter.width}}},
                     {"cutoff", parent.converter.cutoff}}},
                   {"metadata", {{"name", parent.name}, {"unit", parent.unit}}}};
  if (!parent.elements.empty()) {
    json symbols = json::array();
    for (const int number : parent.elements) {
      symbols.push_back(crystal::element(number).symbol);
    }
    document["metadata"]["elements"] = std::move(symbols);
  }
  return document;
}

void write_parent(const Parent& parent, const std::filesystem::path& path, const json& notes) {
  auto metadata = keras_metadata(parent);
  metadata["metadata"].update(notes);
  auto partial = path;
  partial += ".partial";
  {
    auto file = h5::File::create(partial);
    file.set_attribute("/", "model_config", keras_configuration(parent).dump());
    DatasetWriter out(file);
    write_weights(out, parent.weights);
    file.close();
  }
  metadata["metadata"][weights_sum] = sha256_of_file(partial);
  metadata["metadata"][converter_sum] = sha256(metadata["graph_converter"].dump());
  put_in_place(partial, path);
  write_file_atomically(path.string() + ".json", [&](std::ostream& out) { out << metadata.dump(1) << '\n'; });
}

} // namespace ionsift::megnet
