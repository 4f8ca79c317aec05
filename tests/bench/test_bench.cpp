// SPDX-License-Identifier: BSD-3-Clause
// That the benchmark works, not how fast anything is.
#include "ionsift/base/random.hpp"

#include "keras_writer.hpp"
#include "pipeline.hpp"
#include "products.hpp"
#include "random_parent.hpp"
#include "steps.hpp"
#include "support.hpp"
#include "table.hpp"
#include "training.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

using namespace ionsift;
using nlohmann::json;

namespace {

/// Rock salt without operators (every atom listed) and a cell with an inversion centre.
void write_structures(const std::filesystem::path& folder) {
  for (const double a : {4.0, 5.1, 5.6}) {
    std::ofstream(folder / fmt::format("salt-{}.cif", a))
        << fmt::format("data_salt\n_cell_length_a {0}\n_cell_length_b {0}\n_cell_length_c {0}\n", a)
        << "_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n"
           "loop_\n_symmetry_equiv_pos_as_xyz\n'x, y, z'\n"
           "loop_\n_atom_site_type_symbol\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n"
           "_atom_site_fract_z\n_atom_site_occupancy\n"
           "Li Li1 0 0 0 1\nLi Li2 0 .5 .5 1\nLi Li3 .5 0 .5 1\nLi Li4 .5 .5 0 1\n"
           "F F1 .5 .5 .5 1\nF F2 .5 0 0 1\nF F3 0 .5 0 1\nF F4 0 0 .5 1\n";
  }
  std::ofstream(folder / "centred.cif")
      << "data_centred\n_cell_length_a 5\n_cell_length_b 6\n_cell_length_c 7\n"
         "_cell_angle_alpha 80\n_cell_angle_beta 95\n_cell_angle_gamma 100\n"
         "loop_\n_symmetry_equiv_pos_as_xyz\n'x, y, z'\n'-x, -y, -z'\n"
         "loop_\n_atom_site_type_symbol\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n"
         "_atom_site_fract_z\n_atom_site_occupancy\n"
         "Li Li1 .1 .2 .3 .5\nO O1 .4 .25 .8 1\nP P1 0 0 0 1\n";
  std::ofstream(folder / "broken.cif") << "data_broken\nloop_\n_atom_site_label\n";
}

std::filesystem::path write_parent(const std::filesystem::path& folder) {
  auto path = folder / "parent.hdf5";
  test::KerasWriter(test::random_parent(7)).write(path);
  return path;
}

void check_positive(const json& object, const std::string& name) {
  INFO(name);
  REQUIRE(object.contains(name));
  CHECK(std::isfinite(object.at(name).get<double>()));
  CHECK(object.at(name).get<double>() > 0);
}

} // namespace

TEST_CASE("Every step is measured, with the functions and the results of featurize") {
  const auto folder = test::scratch("steps"), inputs = test::scratch("inputs");
  write_structures(inputs);
  bench::StepOptions options;
  options.inputs = {inputs};
  options.parent = write_parent(folder);
  options.scratch = folder;
  options.representations = {crystal::all_representations.begin(), crystal::all_representations.end()};
  options.request = {{true, true, true, true}, true};
  options.passes = 3;
  const json steps = bench::measure_steps(options);
  CHECK(steps.at("structures") == 4);
  CHECK(steps.at("failures") == 1);
  CHECK(steps.at("same") == true);
  std::set<std::string> names;
  for (const auto& step : steps.at("steps")) {
    const auto name = step.at("step").get<std::string>();
    INFO(name);
    CHECK(names.insert(name).second);
    check_positive(step, "ms_median");
    check_positive(step, "ms_least");
    if (name.starts_with("block") || name == "prediction") {
      check_positive(step, "gflops");
    }
  }
  CHECK(names == std::set<std::string>{"read", "parse", "interpret", "expand", "oxidation", "orbits", "hash",
                                       "neighbours", "representation", "embedding", "block 1", "block 2",
                                       "block 3", "prediction", "write"});
  for (const char* count : {"bytes", "sites", "rows", "rows_of_all_representations", "edges", "bytes_written",
                            "ms_median_sum", "ms_least_sum"}) {
    check_positive(steps, count);
  }

  std::ostringstream table;
  bench::print_tables(table, {{"steps", steps}});
  CHECK(table.str().find("block 3") != std::string::npos);
}

TEST_CASE("The whole pipeline is measured, on any number of ranks") {
  const auto folder = test::scratch("pipeline"), inputs = test::scratch("inputs");
  if (test::world().is_root()) {
    write_structures(inputs);
    write_parent(folder);
  }
  test::world().barrier();
  bench::PipelineOptions options;
  options.ingest.inputs = {inputs};
  options.ingest.parent = folder / "parent.hdf5";
  options.ingest.store = folder / "store.h5";
  options.ingest.overwrite = true;
  options.gap_parent = folder / "parent.hdf5";
  options.passes = 2;
  const json pipeline = bench::measure_pipeline(test::world(), options);
  CHECK(pipeline.at("ranks") == test::world().size());
  CHECK(pipeline.at("structures") == 4);
  CHECK(pipeline.at("failures") == 1);
  CHECK(pipeline.at("gaps_predicted") == 4);
  check_positive(pipeline, "peak_rss_mb");
  check_positive(pipeline, "bytes_written");
  for (const char* part : {"featurize", "gaps", "together"}) {
    INFO(part);
    for (const char* name : {"seconds_median", "seconds_min", "ms_median", "ms_min", "structures_per_second",
                             "processor_ms_min"}) {
      check_positive(pipeline.at(part), name);
    }
  }
  std::ostringstream table;
  bench::print_tables(table, {{"pipeline", pipeline}});
  CHECK(table.str().find("together") != std::string::npos);
}

TEST_CASE("The rate of products is measured for both kinds of kernels") {
  const json products = bench::measure_products(0.001);
  check_positive(products, "gemm_gflops");
  CHECK(products.at("shapes").size() == 6);
  for (const auto& shape : products.at("shapes")) {
    check_positive(shape, "openblas_gflops");
    check_positive(shape, "own_gflops");
    check_positive(shape, "own_with_softplus_gflops");
  }
}

TEST_CASE("An epoch of training and its lower bound are measured") {
  dataset::FeatureSet train;
  train.views = {dataset::View{}};
  auto& rows = train.rows.emplace_back();
  RandomStream random(3);
  constexpr int structures = 10;
  rows.first = {0};
  for (int s = 0; s < structures; ++s) {
    train.id.push_back(fmt::format("s{}", s));
    train.label.push_back(s % 2);
    rows.weight.insert(rows.weight.end(), {0.25F, 0.75F});
    rows.first.push_back(rows.weight.size());
  }
  rows.values.resize(2 * structures, 4);
  for (Eigen::Index i = 0; i < rows.values.size(); ++i) {
    rows.values.data()[i] = static_cast<float>(random.uniform(-1, 1));
  }
  learn::Configuration configuration;
  configuration.model = learn::AtomSetsConfiguration{
      .layers = 2, .width = 8, .readout_hidden = 16, .readout_steps = 3, .batch = 4, .epochs = 6};
  const auto training = bench::measure_training(train, configuration);
  CHECK(training.at("batches") == 3);
  CHECK(training.at("epochs") == 3);
  // (4 + 1) 8 + (8 + 1) 8 before, (8 + 1) 16 memory, (32 + 1) 48 recurrent, (32 + 1) 8 + (8 + 1) 8 + 9 after
  CHECK(training.at("parameters") == 40 + 72 + 144 + 1584 + 264 + 72 + 9);
  for (const char* name :
       {"ms_epoch_median", "ms_epoch_least", "floor_ms_products", "floor_ms_optimiser", "floor_ms"}) {
    check_positive(training, name);
  }
  std::ostringstream out;
  bench::print_tables(out, {{"training", training}});
  CHECK(out.str().find("training, ms an epoch (10 structures, 20 rows, 3 batches") != std::string::npos);
}
