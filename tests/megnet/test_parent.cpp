// SPDX-License-Identifier: BSD-3-Clause
// Weight files: their contents, and the messages about damaged ones.
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/hdf5.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/megnet/network.hpp"
#include "ionsift/megnet/parent.hpp"
#include "ionsift/megnet/write_parent.hpp"

#include "crystals.hpp"
#include "keras_writer.hpp"
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
using test::KerasWriter;

namespace {

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

TEST_CASE("a weight file is read as it was written") {
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

TEST_CASE("missing weights and wrong shapes are named") {
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

TEST_CASE("a parent trained with ionsift has the elements of its training set") {
  auto parent = test::random_parent(74);
  parent.unit = "eV/atom";
  parent.elements = {3, 8, 9};
  const auto path = test::scratch("elements") / "model.hdf5";
  megnet::write_parent(parent, path, {{"seed", 7}});
  const auto document = json::parse(read_file(path.string() + ".json"));
  CHECK(document["metadata"]["seed"] == 7);
  CHECK(document["metadata"]["elements"] == json({"Li", "O", "F"}));
  const auto loaded = Parent::load(path);
  CHECK(loaded.unit == "eV/atom");
  CHECK(loaded.elements == parent.elements);
  CHECK(loaded.converter == parent.converter);

  megnet::Network<float> network(loaded, loaded.converter);
  const auto features = [&](int cation) {
    const auto graph = graph::build_graph(test::rock_salt(cation, 9, 4.1));
    const std::vector<std::vector<crystal::Species>> species = {{{cation, 1.0, 1.0}}, {{9, 1.0, -1.0}}};
    return network.run(graph, species, {});
  };
  CHECK_NOTHROW(features(3));
  try {
    features(11);
    FAIL("sodium is not in the training set");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::data);
    CHECK_THAT(error.what(), Catch::Matchers::Contains("element Na") &&
                                 Catch::Matchers::Contains("--parent") &&
                                 Catch::Matchers::Contains("docs/data.md"));
  }

  auto nonsense = document;
  nonsense["metadata"]["elements"] = {"Li", "Xx"};
  std::ofstream(path.string() + ".json") << nonsense.dump();
  CHECK(refusal(path).code == ErrorCode::format);
}

TEST_CASE("the parent that is shipped with the program") {
  const auto parent = Parent::load("inputs/parent/formation-energy.hdf5");
  CHECK(parent.unit == "eV/atom");
  CHECK(parent.elements.size() == 87);
  CHECK(std::filesystem::file_size("inputs/parent/formation-energy.hdf5") < 1'000'000);
  megnet::Network<float> network(parent, parent.converter);
  const auto energy = [&](int cation, int anion, double edge) {
    const auto graph = graph::build_graph(test::rock_salt(cation, anion, edge));
    const std::vector<std::vector<crystal::Species>> species = {{{cation, 1.0, 0}}, {{anion, 1.0, 0}}};
    return *network.run(graph, species, {.levels = {}, .prediction = true}).prediction;
  };
  // The published network's values (METHOD: section 3).
  CHECK(energy(3, 9, 4.08) == Approx(-3.1631).margin(0.3));
  CHECK(energy(3, 17, 5.15) == Approx(-2.0972).margin(0.3));
  CHECK(energy(11, 17, 5.69) == Approx(-2.1033).margin(0.3));
  CHECK(energy(12, 8, 4.26) == Approx(-3.0613).margin(0.3));
  CHECK_THROWS_WITH(energy(18, 9, 4.5), Catch::Matchers::Contains("element Ar"));
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
