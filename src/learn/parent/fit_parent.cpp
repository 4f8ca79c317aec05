// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/learn/parent/parent_training.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "parent_trainer.hpp"
#include "tensor/runtime.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace ionsift::learn {

namespace {

constexpr std::uint64_t split_key = 0x73706c6974; ///< key of the stream that draws the sets

/// The set of each example, drawn by id, so that the representations of one structure stay together and the
/// order of the inputs does not matter.
std::vector<ParentSet> draw_sets(const GraphExamples& examples, const ParentTraining& options) {
  std::vector<std::string> ids = examples.id;
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  RandomStream(options.seed, split_key).shuffle(ids);
  const auto number = [&](double share) {
    return static_cast<std::size_t>(std::lround(share * static_cast<double>(ids.size())));
  };
  const auto test = number(options.test_share);
  const auto validation = test + std::max<std::size_t>(number(options.validation_share), 1);
  std::map<std::string, ParentSet> drawn;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    drawn[ids[i]] = i < test ? ParentSet::test : i < validation ? ParentSet::validation : ParentSet::train;
  }
  std::vector<ParentSet> sets;
  for (std::size_t p = 0; p < examples.size(); ++p) {
    auto set = drawn.at(examples.id[p]);
    if (set == ParentSet::train && options.max_edges > 0 && examples.edges(p) > options.max_edges) {
      set = ParentSet::too_large;
    }
    sets.push_back(set);
  }
  return sets;
}

std::vector<std::size_t> positions_of(const std::vector<ParentSet>& sets, ParentSet which) {
  std::vector<std::size_t> positions;
  for (std::size_t p = 0; p < sets.size(); ++p) {
    if (sets[p] == which) {
      positions.push_back(p);
    }
  }
  return positions;
}

void validate(const ParentTraining& options) {
  options.shape.validate();
  IONSIFT_VALIDATE(
      options.epochs >= 1 && options.batch >= 1 && options.piece >= 1, usage,
      fmt::format("{} epochs, batches of {} in pieces of {}", options.epochs, options.batch, options.piece),
      "each is at least 1", "Correct them.");
  IONSIFT_VALIDATE(options.learning_rate > 0 && std::isfinite(options.learning_rate), usage,
                   fmt::format("a learning rate of {}", options.learning_rate), "it is positive",
                   "Give 1e-3, for example.");
  IONSIFT_VALIDATE(options.validation_share >= 0 && options.test_share >= 0 &&
                       options.validation_share + options.test_share < 1,
                   usage,
                   fmt::format("a validation share of {} and a test share of {}", options.validation_share,
                               options.test_share),
                   "something must be left to train on", "Give 0.05 and 0.1, for example.");
}

/// Everything that the weights depend on.
std::string job_of(const GraphExamples& examples, const megnet::GraphConverter& converter,
                   const ParentTraining& options) {
  const nlohmann::json job = {
      {"job", options.checkpoint.job}, {"shape", options.shape.to_json()},
      {"sigmoid", options.sigmoid},    {"squared", options.squared},
      {"epochs", options.epochs},      {"prediction_weight", options.prediction_weight},
      {"batch", options.batch},        {"piece", options.piece},
      {"rate", options.learning_rate}, {"patience", options.patience},
      {"seed", options.seed},          {"validation", options.validation_share},
      {"test", options.test_share},    {"max_edges", options.max_edges},
      {"cutoff", converter.cutoff},    {"centres", converter.centres},
      {"width", converter.width},      {"examples", examples.fingerprint()},
      {"version", version()}};
  return job.dump();
}

/// Collective. Fills the predictions of the positions, too.
HeldOut judge(ParentTrainer& trainer, const GraphExamples& examples,
              const std::vector<std::size_t>& positions, std::vector<double>& prediction) {
  HeldOut result;
  result.structures = positions.size();
  const auto n = static_cast<double>(std::max<std::size_t>(positions.size(), 1));
  const auto evaluations = trainer.evaluate(positions);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const double predicted = evaluations[i].prediction, target = examples.target[positions[i]];
    prediction[positions[i]] = predicted;
    result.mean_absolute_error += std::abs(predicted - target) / n;
    result.accuracy += (predicted >= 0.5) == (target >= 0.5) ? 1 / n : 0;
    for (std::size_t level = 0; level < 3; ++level) {
      result.explained[level] += evaluations[i].level[level] / n;
    }
  }
  for (auto& share : result.explained) {
    share = 1 - share;
  }
  return result;
}

} // namespace

ParentFit fit_parent(const parallel::Communicator& comm, const GraphExamples& examples,
                     const megnet::GraphConverter& converter, const ParentTraining& asked) {
  validate(asked);
  prepare_libtorch();
  auto options = asked;
  options.checkpoint.job = job_of(examples, converter, asked);
  ParentFit fit;
  fit.set = draw_sets(examples, options);
  const auto train = positions_of(fit.set, ParentSet::train);
  const auto validation = positions_of(fit.set, ParentSet::validation);
  const auto test = positions_of(fit.set, ParentSet::test);
  IONSIFT_VALIDATE(
      !train.empty() && !validation.empty(), data,
      fmt::format("{} structures to train on and {} to validate with", train.size(), validation.size()),
      fmt::format("there are {} in all", examples.size()), "Give more structures, or other shares.");
  ParentTrainer trainer(comm, examples, converter, options, train, validation);
  log::info("{} structures to train on, {} to validate, {} to test with; {} weights", train.size(),
            validation.size(), test.size(), trainer.module().flat().numel());
  fit.interrupted = !trainer.run();
  fit.epochs = trainer.state().epochs;
  fit.best = trainer.state().best;
  fit.prediction.assign(examples.size(), std::numeric_limits<double>::quiet_NaN());
  if (fit.interrupted) {
    return fit;
  }
  trainer.use_best_weights();
  fit.validation = judge(trainer, examples, validation, fit.prediction);
  fit.test = judge(trainer, examples, test, fit.prediction);
  fit.target_mean = trainer.objective().mean();
  fit.target_scale = trainer.objective().scale();
  fit.weights = trainer.module().weights(fit.target_scale, fit.target_mean);
  fit.elements = examples.elements(train);
  return fit;
}

HeldOut judge_parent(const parallel::Communicator& comm, const GraphExamples& examples,
                     const std::vector<ParentSet>& sets, const megnet::Parent& parent,
                     const megnet::GraphConverter& converter) {
  IONSIFT_VALIDATE(
      parent.converter.cutoff == converter.cutoff, usage,
      fmt::format("the parent {} takes neighbours within {} A", parent.name, parent.converter.cutoff),
      fmt::format("the graphs were made with {} A", converter.cutoff), "Compare parents of the same cutoff.");
  const auto test = positions_of(sets, ParentSet::test);
  const auto mine = parallel::slice_of(test.size(), comm.rank(), comm.size());
  std::vector<double> predicted; // NaN for an unknown element
  parallel::together(comm, [&] {
    megnet::Network<float> network(parent, parent.converter);
    for (auto i = mine.first; i < mine.last; ++i) {
      try {
        const auto output = network.run(examples.graph(test[i], converter.cutoff), examples.species(test[i]),
                                        {.levels = {}, .prediction = true});
        predicted.push_back(*output.prediction);
      } catch (const Error& error) {
        if (error.code() != ErrorCode::data) {
          throw;
        }
        predicted.push_back(std::numeric_limits<double>::quiet_NaN());
      }
    }
  });
  const auto all = comm.all_gather(std::span<const double>(predicted));
  HeldOut result;
  for (std::size_t i = 0; i < test.size(); ++i) {
    if (!std::isnan(all[i])) {
      ++result.structures;
      result.mean_absolute_error += std::abs(all[i] - examples.target[test[i]]);
      result.accuracy += (all[i] >= 0.5) == (examples.target[test[i]] >= 0.5) ? 1 : 0;
    }
  }
  const auto n = static_cast<double>(std::max<std::size_t>(result.structures, 1));
  result.mean_absolute_error /= n;
  result.accuracy /= n;
  return result;
}

} // namespace ionsift::learn
