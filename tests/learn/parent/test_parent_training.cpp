// SPDX-License-Identifier: BSD-3-Clause
// Training of parents: the same bits for any number of ranks and after an interruption; it learns.
#include "ionsift/base/error.hpp"
#include "ionsift/crystal/read/cif.hpp"
#include "ionsift/learn/parent/parent_training.hpp"
#include "ionsift/parallel/together.hpp"

#include "graph_examples_made.hpp"
#include "random_parent.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

using namespace ionsift;
using namespace ionsift::learn;

namespace {

const auto converter = megnet::GraphConverter::study();

ParentTraining tiny() {
  ParentTraining options;
  options.shape = {.features = 6, .hidden = 8, .blocks = 2};
  options.epochs = 4;
  options.batch = 8;
  options.piece = 3;
  options.learning_rate = 3e-3;
  options.validation_share = 0.2;
  options.test_share = 0.2;
  options.checkpoint.job = "this one";
  return options;
}

bool same_weights(const ParentFit& a, const ParentFit& b) {
  bool same = a.weights.embedding == b.weights.embedding;
  for (std::size_t k = 0; k < 3; ++k) {
    same = same && a.weights.block[k].phi_e[0].kernel == b.weights.block[k].phi_e[0].kernel &&
           a.weights.block[k].phi_u[2].bias == b.weights.block[k].phi_u[2].bias;
  }
  return same && a.weights.readout_e.recurrent == b.weights.readout_e.recurrent &&
         a.weights.readout[2].kernel == b.weights.readout[2].kernel;
}

/// Rock salts of sixteen compounds with many lattice constants, some with vacancies, and V1..V3 and
/// predictions of a network for them.
GraphExamples taught_examples(int n, const megnet::Parent& teacher) {
  constexpr std::array cations = {3, 11, 12, 19}, anions = {8, 9, 16, 17};
  RandomStream random(8);
  std::vector<crystal::Crystal> crystals;
  for (int i = 0; i < n; ++i) {
    crystals.push_back(
        test::rock_salt(cations[random.below(4)], anions[random.below(4)], random.uniform(4, 6)));
    crystals.back().orbits[0].species[0].occupancy = random.uniform(0.5, 1);
  }
  GraphExamples examples;
  megnet::Network<float> network(teacher, converter);
  for (std::size_t i = 0; i < crystals.size(); ++i) {
    const auto made = test::make_graph(crystals[i], converter.cutoff);
    const auto output =
        network.run(made.graph, made.species, {.levels = {false, true, true, true}, .prediction = true});
    examples.add("s" + std::to_string(i), crystal::Representation::CAMN, made.graph, made.species,
                 *output.prediction);
    for (Eigen::Index row = 0; row < output.levels[1].rows(); ++row) {
      for (std::size_t level = 1; level <= 3; ++level) {
        const auto values = output.levels[level].row(row);
        examples.taught.insert(examples.taught.end(), values.begin(), values.end());
      }
    }
  }
  return examples;
}

} // namespace

TEST_CASE("The weights are bit-identical for any number of ranks") {
  const auto examples = test::made_examples(test::made_crystals(26, 3), converter.cutoff);
  const auto alone = fit_parent(parallel::Communicator::local(), examples, converter, tiny());
  const auto all = fit_parent(test::world(), examples, converter, tiny());
  CHECK(same_weights(alone, all));
  CHECK(alone.epochs.size() == 4);
  REQUIRE(all.epochs.size() == 4);
  for (std::size_t e = 0; e < 4; ++e) {
    CHECK(alone.epochs[e].loss == all.epochs[e].loss);
    CHECK(alone.epochs[e].validation_loss == all.epochs[e].validation_loss);
  }
  CHECK(alone.test.mean_absolute_error == all.test.mean_absolute_error);
  CHECK(all.test.structures == 6);
}

TEST_CASE("The weights of an interrupted training are bit-identical") {
  const auto examples = test::made_examples(test::made_crystals(26, 4), converter.cutoff);
  const auto whole = fit_parent(test::world(), examples, converter, tiny());
  auto options = tiny();
  options.checkpoint.file = test::scratch("checkpoint") / "checkpoint.h5";
  int steps = 0;
  options.interrupted = [&] { return ++steps == 4; }; // in the middle of the second epoch
  CHECK(fit_parent(test::world(), examples, converter, options).interrupted);
  options.interrupted = [&] { return ++steps == 8; }; // and again
  CHECK(fit_parent(test::world(), examples, converter, options).interrupted);
  options.interrupted = {};
  const auto resumed = fit_parent(test::world(), examples, converter, options);
  CHECK(!resumed.interrupted);
  CHECK(same_weights(whole, resumed));
  REQUIRE(resumed.epochs.size() == whole.epochs.size());
  CHECK(resumed.epochs.back().loss == whole.epochs.back().loss);
  CHECK(resumed.best == whole.best);

  // The state of another job is ignored.
  options.checkpoint.job = "another";
  CHECK(same_weights(whole, fit_parent(test::world(), examples, converter, options)));
}

TEST_CASE("Another seed draws other sets and gives other weights; each id is in one set") {
  auto examples = test::made_examples(test::made_crystals(12, 5), converter.cutoff);
  examples.id[5] = examples.id[9]; // two representations of one structure
  auto options = tiny();
  options.epochs = 1;
  const auto one = fit_parent(test::world(), examples, converter, options);
  options.seed = 2;
  const auto two = fit_parent(test::world(), examples, converter, options);
  CHECK(!same_weights(one, two));
  CHECK(one.set != two.set);
  CHECK(one.set[5] == one.set[9]);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const bool held_out = one.set[i] == ParentSet::validation || one.set[i] == ParentSet::test;
    CHECK(std::isnan(one.prediction[i]) != held_out);
  }
}

TEST_CASE("Structures with too many edges are held out or left out, never trained on") {
  const auto examples = test::made_examples(test::made_crystals(12, 5), converter.cutoff);
  auto options = tiny();
  options.epochs = 1;
  options.max_edges = examples.edges(6);
  const auto fit = fit_parent(test::world(), examples, converter, options);
  int left_out = 0;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    CHECK((fit.set[i] != ParentSet::train || examples.edges(i) <= options.max_edges));
    left_out += fit.set[i] == ParentSet::too_large;
  }
  CHECK(left_out > 0);
}

TEST_CASE("A handful of structures is memorised") {
  if (test::world().size() > 1) {
    return; // the weights are bit-identical for any number of ranks, see above
  }
  const auto examples = test::made_examples(test::made_crystals(4, 6), converter.cutoff);
  ParentTraining options;
  options.shape = ParentShape::small();
  options.epochs = 250;
  options.batch = 8;
  options.learning_rate = 5e-3;
  options.patience = 0;
  options.test_share = 0;
  SECTION("numbers") {
    const auto fit = fit_parent(test::world(), examples, converter, options);
    CHECK(fit.epochs.front().loss > 0.3);
    CHECK(fit.epochs.back().loss < 1e-3);
  }
  SECTION("classes") {
    auto classes = examples;
    for (auto& target : classes.target) {
      target = target > -1.9 ? 1 : 0;
    }
    options.sigmoid = true;
    const auto fit = fit_parent(test::world(), classes, converter, options);
    CHECK(fit.epochs.front().loss > 0.4);
    CHECK(fit.epochs.back().loss < 0.02);
  }
}

TEST_CASE("Training ends when the validation loss stops improving") {
  auto examples = test::made_examples(test::made_crystals(12, 7), converter.cutoff);
  RandomStream random(1);
  for (auto& target : examples.target) {
    target = random.normal(); // nothing to learn
  }
  auto options = tiny();
  options.epochs = 200;
  options.patience = 5;
  options.learning_rate = 1e-2;
  const auto fit = fit_parent(test::world(), examples, converter, options);
  CHECK(fit.epochs.size() < 200);
  CHECK(static_cast<int>(fit.epochs.size()) == fit.best + 5);
}

TEST_CASE("A student approximates its teacher") {
  if (test::world().size() > 1) {
    return; // the weights are bit-identical for any number of ranks, see above
  }
  const auto teacher = test::random_parent(9);
  const auto examples = taught_examples(80, teacher);
  ParentTraining options;
  options.epochs = 200;
  options.batch = 8;
  options.piece = 8;
  options.learning_rate = 1e-2;
  options.test_share = 0.2;
  options.patience = 0;
  SECTION("through maps") {
    options.shape = ParentShape::small();
  }
  SECTION("column by column") {
  }
  const auto fit = fit_parent(test::world(), examples, converter, options);
  INFO("explained " << fit.test.explained[0] << ", " << fit.test.explained[1] << ", "
                    << fit.test.explained[2]);
  CHECK(fit.epochs.back().validation_loss < 0.7 * fit.epochs.front().validation_loss);
  CHECK(fit.test.explained[0] > 0.4);
}

TEST_CASE("Sources become examples, the same on all ranks; unusable ones are counted") {
  const auto folder = test::scratch("sources");
  const auto& comm = test::world();
  const auto crystals = test::made_crystals(5, 10);
  parallel::on_root(comm, [&] {
    for (std::size_t i = 0; i < crystals.size(); ++i) {
      std::ofstream(folder / ("s" + std::to_string(i) + ".cif")) << crystal::write_cif(crystals[i]);
    }
    std::ofstream(folder / "broken.cif") << "data_broken\nloop_\n_atom_site_label\n";
    std::ofstream(folder / "lonely.cif")
        << crystal::write_cif(test::make_crystal(Eigen::Matrix3d::Identity() * 30, {{{3, {0, 0, 0}}}}));
  });
  ExampleOptions options;
  options.inputs = {folder};
  Targets targets = {{"lonely", 1.0}};
  for (std::size_t i = 1; i < crystals.size(); ++i) {
    targets["s" + std::to_string(i)] = static_cast<double>(i);
  }
  const auto set = read_examples(comm, options, &targets, nullptr);
  CHECK(set.structures == crystals.size() + 1);
  CHECK(set.unlabelled == 1); // s0
  CHECK(set.without_edges == 1);
  REQUIRE(set.failures.size() == 1);
  CHECK(set.failures[0].source.find("broken.cif") != std::string::npos);
  REQUIRE(set.examples.size() == crystals.size() - 1);
  CHECK(set.examples.id[0] == "s1");
  CHECK(set.examples.target[3] == 4.0);
  CHECK(set.examples.taught.empty());
  const auto alone = read_examples(parallel::Communicator::local(), options, &targets, nullptr);
  CHECK(alone.examples.id == set.examples.id);
  CHECK(alone.examples.first_edge == set.examples.first_edge);
  CHECK(alone.examples.distance == set.examples.distance);
  CHECK(alone.examples.occupancy == set.examples.occupancy);

  const auto teacher = test::random_parent(11);
  options.representations = {crystal::Representation::CAMN, crystal::Representation::CANS};
  const auto taught = read_examples(comm, options, nullptr, &teacher).examples;
  CHECK(taught.size() > crystals.size());
  CHECK(taught.taught.size() == taught.multiplicity.size() * GraphExamples::taught_columns);
  CHECK(std::all_of(taught.target.begin(), taught.target.end(), [](double x) { return std::isfinite(x); }));
}
