// SPDX-License-Identifier: BSD-3-Clause
#include "keras.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace ionsift::megnet {

namespace {

constexpr const char* expected = "a MEGNet model as published in 2018 and 2019 is expected";
constexpr const char* remedy = "Use one of the published weight files.";

} // namespace

KerasFile::KerasFile(const std::filesystem::path& path) : file_(h5::File::open(path)) {
  IONSIFT_VALIDATE(file_.has_attribute("/", "model_config"), missing,
                   fmt::format("{}: no attribute model_config", file_.name()), expected, remedy);
  try {
    const auto model = parse_json(file_.text_attribute("/", "model_config"));
    for (const auto& layer : model.at("config").at("layers")) {
      layers_[layer.at("config").at("name").get<std::string>()] = layer.at("config");
    }
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::format, fmt::format("{}: model_config cannot be read", file_.name()), error.what(),
                remedy);
  }
}

const nlohmann::json& KerasFile::configuration(const std::string& layer) const {
  const auto found = layers_.find(layer);
  IONSIFT_VALIDATE(found != layers_.end(), missing, fmt::format("{}: no layer {}", file_.name(), layer),
                   expected, remedy);
  return found->second;
}

void KerasFile::require_entry(const std::string& layer, const char* entry,
                              const nlohmann::json& value) const {
  const auto& settings = configuration(layer);
  const auto found = settings.find(entry);
  IONSIFT_VALIDATE(found != settings.end() && *found == value, format,
                   fmt::format("{}: layer {} has {} = {}", file_.name(), layer, entry,
                               found == settings.end() ? "nothing" : found->dump()),
                   fmt::format("only {} is computed", value.dump()), remedy);
}

void KerasFile::validate_architecture() const {
  for (int number = 1; number <= 20; ++number) {
    require_entry(fmt::format("dense_{}", number), "activation", "softplus2");
  }
  for (int block = 1; block <= 3; ++block) {
    const auto layer = fmt::format("meg_net_layer_{}", block);
    require_entry(layer, "activation", "softplus2");
    require_entry(layer, "pool_method", "mean");
  }
  for (const char* layer : {"set2_set_1", "set2_set_2"}) {
    require_entry(layer, "n_hidden", 16);
    require_entry(layer, "activation_lstm", "tanh");
    require_entry(layer, "recurrent_activation", "hard_sigmoid");
  }
}

bool KerasFile::has_sigmoid() const {
  const auto& activation = configuration("dense_21").value("activation", "");
  IONSIFT_VALIDATE(activation == "linear" || activation == "sigmoid", format,
                   fmt::format("{}: the last layer's activation is {:?}", file_.name(), activation),
                   "only linear and sigmoid are computed", remedy);
  return activation == "sigmoid";
}

int KerasFile::set2set_steps(const std::string& layer) const {
  const auto& settings = configuration(layer);
  const auto found = settings.find("T");
  const bool sound = found != settings.end() && holds_integer<int>(*found);
  const int steps = sound ? found->get<int>() : 0;
  IONSIFT_VALIDATE(steps >= 1 && steps <= 100, format,
                   fmt::format("{}: layer {} has no sound number of steps T", file_.name(), layer), expected,
                   remedy);
  return steps;
}

std::vector<double> KerasFile::values(const std::string& path, const h5::Shape& shape) const {
  const auto dataset = file_.dataset("/model_weights/" + path);
  IONSIFT_VALIDATE(dataset.shape() == shape, format,
                   fmt::format("{} has the shape {}", dataset.path(), dataset.shape()),
                   fmt::format("{} is expected", shape), remedy);
  auto numbers = dataset.read<double>();
  IONSIFT_VALIDATE(std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); }),
                   numeric, fmt::format("{} holds a value that is not finite", dataset.path()),
                   "the file is damaged", "Fetch the file again.");
  return numbers;
}

Matrix<double> KerasFile::matrix(const std::string& path, int rows, int columns) const {
  const auto numbers = values(path, {static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns)});
  return Eigen::Map<const Matrix<double>>(numbers.data(), rows, columns);
}

RowVector<double> KerasFile::vector(const std::string& path, int size) const {
  const auto numbers = values(path, {static_cast<std::uint64_t>(size)});
  return Eigen::Map<const RowVector<double>>(numbers.data(), size);
}

Matrix<double> KerasFile::embedding() const {
  return matrix("embedding_1/embedding_1/embeddings:0", 95, 16);
}

Dense<double> KerasFile::dense(int number, int in, int out) const {
  const auto folder = fmt::format("dense_{0}/dense_{0}/", number);
  return {matrix(folder + "kernel:0", in, out), vector(folder + "bias:0", out)};
}

Mlp<double> KerasFile::dense_pair(int number, int in) const {
  return {dense(number, in, 64), dense(number + 1, 64, 32)};
}

Mlp<double> KerasFile::phi(int block, char part, int in) const {
  Mlp<double> layers;
  const std::array widths = {in, 64, 64, 32};
  for (int layer = 0; layer < 3; ++layer) {
    const auto name = [&](const char* kind) {
      return fmt::format("meg_net_layer_{0}/meg_net_layer_{0}/meg_net_layer_{0}/phi_{1}/{2}_{1}_{3}:0", block,
                         part, kind, layer);
    };
    layers.push_back(
        {matrix(name("weight"), widths[layer], widths[layer + 1]), vector(name("bias"), widths[layer + 1])});
  }
  return layers;
}

Set2SetWeights<double> KerasFile::set2set(int number) const {
  const auto layer = fmt::format("set2_set_{}", number);
  const auto folder = fmt::format("{0}/{0}/", layer);
  return {.memory = {matrix(folder + "x_to_m_weight:0", 32, 16), vector(folder + "x_to_m_bias:0", 16)},
          .recurrent = matrix(folder + "recurrent_kernel:0", 32, 64),
          .recurrent_bias = vector(folder + "recurrent_bias:0", 64),
          .steps = set2set_steps(layer)};
}

} // namespace ionsift::megnet
