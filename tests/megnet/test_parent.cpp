// Weight files: what is read, and what is said about damaged ones.
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/hdf5.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/megnet/parent.hpp"

#include "random_parent.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <functional>
#include <optional>

using namespace ionsift;
using megnet::Parent;
using nlohmann::json;

namespace {

/// Writes a parent in Keras' layout; the configuration can be altered before it is written.
class KerasWriter {
public:
  explicit KerasWriter(const Parent& parent) : parent_(parent) {
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

  const Parent& parent_;
  json layers_ = json::array();
  std::optional<h5::File> file_;
  std::string left_out_;
};

struct Refusal {
  ErrorCode code = ErrorCode::internal;
  std::string message;
};

Refusal refusal(const std::filesystem::path& path) {
  try {
    Parent::load(path);
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {ErrorCode::internal, "no error"};
}

} // namespace

TEST_CASE("a weight file comes back as it was written") {
  auto parent = test::random_parent(70);
  parent.sigmoid = true;
  const auto path = test::scratch("parent") / "model.hdf5";
  KerasWriter(parent).write(path);
  const auto loaded = Parent::load(path);
  CHECK(loaded.name == parent.name);
  CHECK(loaded.unit == "probability");
  CHECK(loaded.sigmoid);
  CHECK(loaded.sha256 == sha256_of_file(path));
  CHECK(loaded.converter == parent.converter);
  CHECK(loaded.weights.readout_v.steps == 2);
  CHECK(loaded.weights.readout_e.steps == 3);
  CHECK(loaded.weights.embedding == parent.weights.embedding.cast<float>().cast<double>());
  CHECK(loaded.weights.block[2].phi_u[1].kernel ==
        parent.weights.block[2].phi_u[1].kernel.cast<float>().cast<double>());
  CHECK(loaded.weights.block[1].dense_e[1].bias ==
        parent.weights.block[1].dense_e[1].bias.cast<float>().cast<double>());
  CHECK(loaded.weights.block[0].dense_v.empty());
  CHECK(loaded.weights.cast<float>().readout[2].kernel.cast<double>() == loaded.weights.readout[2].kernel);
}

TEST_CASE("units are named") {
  const auto parent = test::random_parent(71);
  const auto path = test::scratch("units") / "model.hdf5";
  KerasWriter writer(parent);
  writer.write(path);
  CHECK(Parent::load(path).unit == "eV");
  writer.metadata["metadata"]["unit"] = "eV/atom";
  writer.write(path);
  CHECK(Parent::load(path).unit == "eV/atom");
}

TEST_CASE("what is missing or misshapen is named") {
  const auto parent = test::random_parent(72);
  const auto path = test::scratch("damaged") / "model.hdf5";
  CHECK(refusal(path).code == ErrorCode::missing);

  const std::string dataset = "meg_net_layer_2/meg_net_layer_2/meg_net_layer_2/phi_v/bias_v_1:0";
  KerasWriter(parent).write(path, dataset);
  auto said = refusal(path);
  CHECK(said.code == ErrorCode::missing);
  CHECK(said.message.find(dataset) != std::string::npos);
  CHECK(said.message.find("model.hdf5") != std::string::npos);

  auto misshapen = parent;
  misshapen.weights.block[1].dense_u[0].kernel.resize(64, 32);
  misshapen.weights.block[1].dense_u[0].kernel.setZero();
  KerasWriter(misshapen).write(path);
  said = refusal(path);
  CHECK(said.code == ErrorCode::format);
  CHECK(said.message.find("dense_11") != std::string::npos);
  CHECK(said.message.find("[64, 32]") != std::string::npos);

  auto broken = parent;
  broken.weights.embedding(3, 3) = std::numeric_limits<double>::quiet_NaN();
  KerasWriter(broken).write(path);
  CHECK(refusal(path).code == ErrorCode::numeric);

  KerasWriter(parent).write(path);
  std::filesystem::remove(path.string() + ".json");
  CHECK(refusal(path).code == ErrorCode::missing);
  std::ofstream(path.string() + ".json") << R"({"graph_converter": {"cutoff": 5)";
  CHECK(refusal(path).code == ErrorCode::format);
  std::ofstream(path) << "no HDF5";
  CHECK(refusal(path).code == ErrorCode::format);
}

TEST_CASE("another architecture is refused") {
  const auto parent = test::random_parent(73);
  const auto path = test::scratch("architecture") / "model.hdf5";
  const auto altered = [&](const std::function<void(KerasWriter&)>& alter) {
    KerasWriter writer(parent);
    alter(writer);
    writer.write(path);
    return refusal(path);
  };
  const auto said = altered([](auto& writer) { writer.layer("dense_7")["activation"] = "relu"; });
  CHECK(said.code == ErrorCode::format);
  CHECK(said.message.find("dense_7") != std::string::npos);
  CHECK(said.message.find("relu") != std::string::npos);
  CHECK(altered([](auto& w) { w.layer("meg_net_layer_3")["pool_method"] = "sum"; }).code ==
        ErrorCode::format);
  CHECK(altered([](auto& w) { w.layer("dense_21")["activation"] = "tanh"; }).code == ErrorCode::format);
  CHECK(altered([](auto& w) { w.layer("set2_set_2").erase("T"); }).code == ErrorCode::format);
  CHECK(altered([](auto& w) { w.layer("set2_set_1")["T"] = "two"; }).code == ErrorCode::format);
  CHECK(altered([](auto& w) { w.metadata["graph_converter"]["cutoff"] = -4; }).code == ErrorCode::format);
  CHECK(altered([](auto& w) {
          w.metadata["graph_converter"]["bond_converter"]["centers"]["data"].erase(0);
        }).code == ErrorCode::format);
}

TEST_CASE("the published models", "[data]") {
  const auto folder = test::data() / "models";
  const auto energy = Parent::load(folder / "formation_energy-mp-2019.4.1.hdf5");
  CHECK(energy.name == "Formation energy");
  CHECK(energy.unit == "eV/atom");
  CHECK(!energy.sigmoid);
  CHECK(energy.converter.cutoff == 5);
  CHECK(energy.converter.width == 0.5);
  CHECK(energy.weights.readout_v.steps == 2);
  const auto study = megnet::GraphConverter::study();
  REQUIRE(energy.converter.centres.size() == study.centres.size());
  for (std::size_t i = 0; i < study.centres.size(); ++i) {
    REQUIRE(energy.converter.centres[i] == Approx(study.centres[i]).margin(1e-14));
  }

  const auto gap = Parent::load(folder / "band_gap_regression-mp-2018.6.1.hdf5");
  CHECK(gap.unit == "eV");
  CHECK(!gap.sigmoid);
  CHECK(gap.converter.cutoff == 4);
  CHECK(gap.converter.centres.back() == 5);
  CHECK(gap.weights.readout_v.steps == 3); // METHOD's T = 2 is the formation energy's
  CHECK(gap.weights.readout_e.steps == 3);

  const auto metal = Parent::load(folder / "band_classification-mp-2018.6.1.hdf5");
  CHECK(metal.sigmoid);
  CHECK(metal.unit == "probability");
  CHECK(metal.sha256 != gap.sha256);
}
