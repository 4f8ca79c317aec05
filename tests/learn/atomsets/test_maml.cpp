// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"

#include "atomsets/maml_file.hpp"
#include "atomsets/trainer.hpp"
#include "model/maml_layout.hpp"
#include "support.hpp"
#include "synthetic.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/equal.h>
#include <catch2/catch.hpp>

using namespace ionsift;
using namespace ionsift::learn;
using Catch::Matchers::Contains;

namespace {

AtomSets network_of(int layers, at::ScalarType type = at::kFloat) {
  AtomSetsConfiguration c;
  c.layers = layers;
  c.width = 6;
  c.readout_hidden = 4;
  AtomSets network(c, 5, type);
  network.initialise(3);
  network.weights().recurrent_bias.fill_(0.1);
  network.forget().bias.fill_(0.7);
  return network;
}

using Texts = std::vector<std::string>;

void list(h5::File& file, const std::string& object, const char* name, const Texts& texts) {
  file.set_attribute(object, name, std::span<const std::string>(texts));
}

void write(h5::File& file, const std::string& path, h5::Shape shape, double first) {
  std::size_t n = 1;
  for (const auto length : shape) {
    n *= length;
  }
  std::vector<float> values(n);
  for (std::size_t i = 0; i < n; ++i) {
    values[i] = static_cast<float>(first + 0.01 * static_cast<double>(i));
  }
  file.write<float>(path, shape, values);
}

/// A whole model as saved by Keras: weights in a group of their own, layers without weights among the others,
/// layer numbers that continue those of another model.
std::filesystem::path keras_model(const Texts& layers = {"node_feature_input", "dense_4", "weight_input",
                                                         "node_in_graph_id", "weighted_set2set_1", "dense_5",
                                                         "dense_6"}) {
  const auto path = test::scratch("keras") / "model.hdf5";
  auto file = h5::File::create(path);
  const std::string root = "model_weights/";
  for (const auto* name : {"node_feature_input", "weight_input", "node_in_graph_id"}) {
    file.make_group(root + name);
  }
  const auto dense = [&](const std::string& name, std::uint64_t in, std::uint64_t out, double first) {
    write(file, root + name + "/" + name + "/kernel:0", {in, out}, first);
    write(file, root + name + "/" + name + "/bias:0", {out}, first);
    list(file, root + name, "weight_names", {name + "/kernel:0", name + "/bias:0"});
  };
  dense("dense_4", 5, 3, 0.1);
  dense("dense_5", 4, 3, 0.2);
  dense("dense_6", 3, 1, 0.3);
  const std::string name = "weighted_set2set_1";
  write(file, root + name + "/" + name + "/x_to_m_weight:0", {3, 2}, -0.1);
  write(file, root + name + "/" + name + "/x_to_m_bias:0", {2}, 0);
  write(file, root + name + "/" + name + "/recurrent_kernel:0", {4, 8}, -0.2);
  write(file, root + name + "/" + name + "/recurrent_bias:0", {8}, 0.5);
  list(file, root + name, "weight_names",
       {name + "/x_to_m_weight:0", name + "/x_to_m_bias:0", name + "/recurrent_kernel:0",
        name + "/recurrent_bias:0"});
  list(file, "model_weights", "layer_names", layers);
  return path;
}

} // namespace

TEST_CASE("a network that was written for maml is read back") {
  const auto set = test::make_structures(12, 5, 3);
  for (const int layers : {1, 2, 4}) {
    const auto network = network_of(layers);
    const auto path = test::scratch("maml") / "model_weights.hdf5";
    write_maml(path, network);
    CHECK(is_maml(h5::File::open(path)));
    const auto read_back = read_maml(path, at::kFloat);
    CHECK(read_back.configuration().layers == layers);
    CHECK(read_back.configuration().width == 6);
    CHECK(read_back.configuration().readout_hidden == 4);
    CHECK(read_back.configuration().readout_steps == 3);
    CHECK(read_back.columns() == 5);
    CHECK(at::equal(read_back.weights().flat(), network.weights().flat()));
    CHECK(at::equal(read_back.forget().bias, network.forget().bias));
    const Examples examples(set, dataset::View{}, at::kFloat);
    const auto expected = probabilities(network, examples);
    const auto said = probabilities(read_back, examples);
    for (std::size_t s = 0; s < expected.size(); ++s) {
      CHECK(said[s] == Approx(expected[s]).margin(1e-6));
    }
  }
}

TEST_CASE("layers are written in Keras' names and order") {
  const auto path = test::scratch("names") / "model_weights.hdf5";
  write_maml(path, network_of(2));
  const auto file = h5::File::open(path);
  CHECK(file.texts_attribute("/", "layer_names") ==
        Texts{"dense", "dense_1", "weighted_set2set", "dense_2", "dense_3", "dense_4"});
  CHECK(file.texts_attribute("dense_1", "weight_names") == Texts{"dense_1/kernel:0", "dense_1/bias:0"});
  CHECK(file.dataset("dense/dense/kernel:0").shape() == h5::Shape{5, 6});
  CHECK(file.dataset("weighted_set2set/weighted_set2set/recurrent_kernel:0").shape() == h5::Shape{8, 16});
  CHECK(file.dataset("dense_4/dense_4/bias:0").shape() == h5::Shape{1});
}

TEST_CASE("a whole model saved by Keras is read by the order of its layers") {
  const auto network = read_maml(keras_model(), at::kDouble);
  const auto& weights = network.weights();
  CHECK(network.configuration().layers == 1);
  CHECK(network.configuration().width == 3);
  CHECK(network.configuration().readout_hidden == 2);
  CHECK(weights.phi[0].kernel[0][1].item<double>() == Approx(0.11));
  CHECK(weights.rho[0].bias[2].item<double>() == Approx(0.22));
  CHECK(weights.out.kernel[2][0].item<double>() == Approx(0.32));
  CHECK(weights.memory.kernel[2][1].item<double>() == Approx(-0.05));
  // Gates i, f, g, o of two hidden units: f is columns 2 and 3.
  CHECK(network.forget().bias[0].item<double>() == Approx(0.52));
  CHECK(weights.recurrent_bias[1].item<double>() == Approx(0.51));
  CHECK(weights.recurrent_bias[2].item<double>() == Approx(0.54));
  CHECK(weights.recurrent[1][0].item<double>() == Approx(-0.2 + 0.01 * 8));
}

TEST_CASE("other models are refused with the difference") {
  CHECK_THROWS_WITH(read_maml(keras_model({"dense_4", "dense_5", "dense_6"}), at::kDouble),
                    Contains("no set2set"));
  CHECK_THROWS_WITH(read_maml(keras_model({"dense_4", "weighted_set2set_1", "dense_6"}), at::kDouble),
                    Contains("1 dense layers before the readout and 1 after"));
  CHECK_THROWS_WITH(
      read_maml(keras_model({"dense_4", "weighted_set2set_1", "dense_6", "dense_5"}), at::kDouble),
      Contains("wrong shape"));
  const auto path = test::scratch("nothing") / "plain.h5";
  h5::File::create(path).make_group("g");
  CHECK_FALSE(is_maml(h5::File::open(path)));
  CHECK_THROWS_WITH(read_maml(path, at::kDouble), Contains("lists no layers"));

  AtomSetsConfiguration c;
  c.readout_cell = ReadoutCell::lstm;
  c.readout_hidden = 4;
  const AtomSets carrying(c, 5, at::kFloat);
  CHECK_THROWS_WITH(write_maml(path, carrying), Contains("never carries"));
}
