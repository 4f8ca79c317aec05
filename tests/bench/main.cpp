// SPDX-License-Identifier: BSD-3-Clause
// ionsift-bench: the cost of each step of featurize. jobs/bench.sh runs it; docs/performance.md explains it.
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/memory.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/parallel/environment.hpp"
#include "ionsift/parallel/together.hpp"

#include "pipeline.hpp"
#include "products.hpp"
#include "steps.hpp"
#include "table.hpp"
#include "training.hpp"

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

namespace {

using namespace ionsift;
namespace po = boost::program_options;

struct Arguments {
  std::vector<std::string> inputs;
  std::string sections = "products,steps,pipeline", parent, gap_parent,
              representations = "CAMN,CAN,CAMNS,CANS", levels = "0,1,2,3", json, store;
  bool prediction = false, help = false;
  std::size_t every = 1, batch = store::IngestOptions{}.batch_entries;
  int passes = 5;

  std::string labels, split, members; ///< of the training
  po::options_description description() {
    po::options_description options("[mpirun -n N] ionsift-bench");
    const auto text = [](std::string& value) { return po::value(&value)->default_value(value); };
    options.add_options()("sections", text(sections), "any of products, steps, pipeline, training")(
        "input", po::value(&inputs)->multitoken(), "CIF files, folders, archives")(
        "parent", po::value(&parent), "MEGNet weights")("gap-parent", po::value(&gap_parent),
                                                        "also predict band gaps with these, in the pipeline")(
        "representation", text(representations), "any of CAMN, CAN, CAMNS, CANS")(
        "levels", text(levels), "any of 0, 1, 2, 3")("prediction", po::bool_switch(&prediction),
                                                     "also the parent's scalar prediction, in the steps")(
        "every", po::value(&every)->default_value(every), "the steps take one entry of this many")(
        "passes", po::value(&passes)->default_value(passes), "repetitions")(
        "batch", po::value(&batch)->default_value(batch), "entries of a batch of the pipeline")(
        "store", po::value(&store),
        "where the pipeline writes; empty: a temporary file; in training: what is read")(
        "labels", po::value(&labels), "conductivities, in training")("split", po::value(&split),
                                                                     "whose set \"train\" is trained on")(
        "members", po::value(&members), "the first configuration of this plan is trained")(
        "json", po::value(&json), "file for the results")("help", po::bool_switch(&help), "this text");
    return options;
  }
};

bool has_section(const Arguments& arguments, const std::string& name) {
  const auto names = split(arguments.sections, ',');
  return std::find(names.begin(), names.end(), name) != names.end();
}

megnet::Request request_of(const Arguments& arguments) {
  megnet::Request request{{}, arguments.prediction};
  for (const auto& level : split(arguments.levels, ',')) {
    request.levels.at(static_cast<std::size_t>(parse_integer(level).value_or(4))) = true;
  }
  return request;
}

std::vector<crystal::Representation> representations_of(const Arguments& arguments) {
  std::vector<crystal::Representation> representations;
  for (const auto& name : split(arguments.representations, ',')) {
    representations.push_back(crystal::representation_of(name));
  }
  return representations;
}

learn::Configuration configuration_of(const Arguments& arguments) {
  return learn::MemberPlan::read(arguments.members).configurations.front();
}

/// OBELiX's training set, from its own tables.
dataset::FeatureSet training_set(const Arguments& arguments) {
  const store::Reader store(arguments.store);
  const auto labels = dataset::Labels::read(arguments.labels);
  const auto split = dataset::Split::read(arguments.split);
  dataset::JoinReport joined;
  return dataset::join(store, {.views = configuration_of(arguments).views, .blocks = {}}, labels, &split,
                       "train", joined, parallel::Communicator::local());
}

int run(const parallel::Communicator& comm, const Arguments& arguments) {
  log::configure(log::Level::quiet, comm.rank(), comm.size());
  parallel::set_threads(1);
  keep_freed_memory(); // as in featurize
  IONSIFT_VALIDATE(arguments.passes >= 1 && arguments.every >= 1, usage, "--passes and --every begin at 1",
                   "nothing else can be counted", "Give positive numbers.");
  nlohmann::json document = {{"build", build_description()}, {"version", version()}};
  if (has_section(arguments, "training") && comm.is_root()) {
    document["training"] = bench::measure_training(training_set(arguments), configuration_of(arguments));
  }
  const std::vector<std::filesystem::path> inputs(arguments.inputs.begin(), arguments.inputs.end());
  const auto scratch = std::filesystem::temp_directory_path();
  if (has_section(arguments, "products") && comm.is_root()) {
    document["products"] = bench::measure_products(0.1);
  }
  if (has_section(arguments, "steps") && comm.is_root()) {
    document["steps"] = bench::measure_steps({.inputs = inputs,
                                              .parent = arguments.parent,
                                              .scratch = scratch,
                                              .representations = representations_of(arguments),
                                              .request = request_of(arguments),
                                              .every = arguments.every,
                                              .passes = arguments.passes});
  }
  if (has_section(arguments, "pipeline")) {
    bench::PipelineOptions options;
    options.ingest.inputs = inputs;
    options.ingest.parent = arguments.parent;
    options.ingest.store =
        arguments.store.empty() ? scratch / "ionsift-bench.h5" : std::filesystem::path(arguments.store);
    options.ingest.overwrite = true;
    options.ingest.batch_entries = arguments.batch;
    options.ingest.featurizer.representations = representations_of(arguments);
    options.ingest.featurizer.request = request_of(arguments);
    options.ingest.featurizer.request.prediction = false;
    options.gap_parent = arguments.gap_parent;
    options.passes = arguments.passes;
    document["pipeline"] = bench::measure_pipeline(comm, options);
    if (arguments.store.empty() && comm.is_root()) {
      std::filesystem::remove(options.ingest.store);
    }
  }
  parallel::on_root(comm, [&] {
    if (!arguments.json.empty()) {
      write_file_atomically(arguments.json, [&](std::ostream& out) { out << document.dump(2) << '\n'; });
    }
    bench::print_tables(std::cout, document);
  });
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  const auto description = arguments.description();
  try {
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, description), values);
    po::notify(values);
  } catch (const po::error& error) {
    std::cerr << "ionsift-bench: " << error.what() << '\n';
    return 2;
  }
  if (arguments.help) {
    std::cout << description;
    return 0;
  }
  return parallel::run_guarded(argc, argv, [&](const auto& comm) { return run(comm, arguments); });
}
