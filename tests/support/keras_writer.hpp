// A parent written in Keras' layout, so that reading it can be tested without published weights.
#pragma once

#include "ionsift/base/hdf5.hpp"
#include "ionsift/megnet/parent.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ionsift::test {

/// Writes a parent in Keras' layout; the configuration can be altered before it is written.
class KerasWriter {
  using json = nlohmann::json;

public:
  explicit KerasWriter(const megnet::Parent& parent) : parent_(parent) {
    for (int number = 1; number <= 21; ++number) {
      add_layer("dense_" + std::to_string(number), {{"activation", number < 21      ? "softplus2"
                                                                   : parent.sigmoid ? "sigmoid"
                                                                                    : "linear"}});
    }
    for (int block = 1; block <= 3; ++block) {
      add_layer("meg_net_layer_" + std::to_string(block),
                {{"activation", "softplus2"}, {"pool_method", "mean"}});
    }
    for (int number = 1; number <= 2; ++number) {
      add_layer("set2_set_" + std::to_string(number),
                {{"T", number == 1 ? parent.weights.readout_v.steps : parent.weights.readout_e.steps},
                 {"n_hidden", 16},
                 {"activation_lstm", "tanh"},
                 {"recurrent_activation", "hard_sigmoid"}});
    }
    const std::vector<double>& centres = parent.converter.centres;
    metadata = {{"graph_converter",
                 {{"bond_converter", {{"centers", {{"data", centres}}}, {"width", parent.converter.width}}},
                  {"cutoff", parent.converter.cutoff}}},
                {"metadata", {{"name", parent.name}, {"unit", 1}}}};
  }

  json& layer(const std::string& name) {
    for (auto& one : layers_) {
      if (one["config"]["name"] == name) {
        return one["config"];
      }
    }
    throw std::out_of_range(name);
  }

  void write(const std::filesystem::path& path, const std::string& left_out = "") {
    left_out_ = left_out;
    file_ = h5::File::create(path);
    file_->set_attribute("/", "model_config", json{{"config", {{"layers", layers_}}}}.dump());
    const auto& weights = parent_.weights;
    matrix("embedding_1/embedding_1/embeddings:0", weights.embedding);
    pair(1, weights.first_v);
    pair(3, weights.first_e);
    pair(5, weights.first_u);
    for (int k = 0; k < 3; ++k) {
      const auto& block = weights.block[k];
      if (k > 0) {
        pair(1 + 6 * k, block.dense_v);
        pair(3 + 6 * k, block.dense_e);
        pair(5 + 6 * k, block.dense_u);
      }
      phi(k + 1, "e", block.phi_e);
      phi(k + 1, "v", block.phi_v);
      phi(k + 1, "u", block.phi_u);
    }
    set2set("set2_set_1", weights.readout_v);
    set2set("set2_set_2", weights.readout_e);
    for (int i = 0; i < 3; ++i) {
      dense(19 + i, weights.readout[i]);
    }
    file_->flush();
    file_.reset();
    std::ofstream(path.string() + ".json") << metadata.dump();
  }

  json metadata;

private:
  void add_layer(const std::string& name, json settings) {
    settings["name"] = name;
    layers_.push_back({{"config", settings}});
  }
  void matrix(const std::string& name, const megnet::Matrix<double>& values) {
    if (name != left_out_) {
      const megnet::Matrix<float> single = values.cast<float>();
      file_->write<float>(
          "/model_weights/" + name,
          {static_cast<std::uint64_t>(values.rows()), static_cast<std::uint64_t>(values.cols())},
          {single.data(), static_cast<std::size_t>(single.size())});
    }
  }
  void vector(const std::string& name, const megnet::RowVector<double>& values) {
    if (name != left_out_) {
      const megnet::RowVector<float> single = values.cast<float>();
      file_->write<float>("/model_weights/" + name, {static_cast<std::uint64_t>(values.size())},
                          {single.data(), static_cast<std::size_t>(single.size())});
    }
  }
  void dense(int number, const megnet::Dense<double>& layer) {
    const auto name = "dense_" + std::to_string(number);
    matrix(name + "/" + name + "/kernel:0", layer.kernel);
    vector(name + "/" + name + "/bias:0", layer.bias);
  }
  void pair(int number, const megnet::Mlp<double>& layers) {
    dense(number, layers[0]);
    dense(number + 1, layers[1]);
  }
  void phi(int block, const std::string& part, const megnet::Mlp<double>& layers) {
    const auto name = "meg_net_layer_" + std::to_string(block);
    for (std::size_t i = 0; i < 3; ++i) {
      const auto end = part + "_" + std::to_string(i) + ":0";
      matrix(name + "/" + name + "/" + name + "/phi_" + part + "/weight_" + end, layers[i].kernel);
      vector(name + "/" + name + "/" + name + "/phi_" + part + "/bias_" + end, layers[i].bias);
    }
  }
  void set2set(const std::string& name, const megnet::Set2SetWeights<double>& weights) {
    matrix(name + "/" + name + "/x_to_m_weight:0", weights.memory.kernel);
    vector(name + "/" + name + "/x_to_m_bias:0", weights.memory.bias);
    matrix(name + "/" + name + "/recurrent_kernel:0", weights.recurrent);
    vector(name + "/" + name + "/recurrent_bias:0", weights.recurrent_bias);
  }

  const megnet::Parent& parent_;
  json layers_ = json::array();
  std::optional<h5::File> file_;
  std::string left_out_;
};

} // namespace ionsift::test
