// SPDX-License-Identifier: BSD-3-Clause
#include "parent_trainer.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "parent_checkpoint.hpp"
#include "tensor/ordered_sum.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ionsift::learn {

namespace {

/// Keys of the random streams.
enum class ParentPurpose : std::uint64_t { initialise = 1, shuffle = 2 };

std::uint64_t key(ParentPurpose purpose, int epoch) {
  return (static_cast<std::uint64_t>(purpose) << 32) | static_cast<std::uint64_t>(epoch);
}

constexpr double warm_up_share = 0.05; ///< share of the first epoch

/// The structures of one piece of a list.
std::span<const std::size_t> piece_of(std::span<const std::size_t> positions, std::uint64_t number,
                                      int length) {
  const auto first = number * static_cast<std::uint64_t>(length);
  return positions.subspan(first,
                           std::min<std::size_t>(static_cast<std::size_t>(length), positions.size() - first));
}

parallel::Slice own_pieces(const parallel::Communicator& comm, std::size_t structures, int length) {
  const auto pieces = (structures + static_cast<std::size_t>(length) - 1) / static_cast<std::size_t>(length);
  return parallel::slice_of(pieces, comm.rank(), comm.size());
}

} // namespace

ParentTrainer::ParentTrainer(const parallel::Communicator& comm, const GraphExamples& examples,
                             const megnet::GraphConverter& converter, const ParentTraining& options,
                             std::vector<std::size_t> train, std::vector<std::size_t> validation)
    : comm_(comm), examples_(examples), options_(options), train_(std::move(train)),
      validation_(std::move(validation)), objective_(options, examples, train_),
      module_(options.shape, converter, !examples.taught.empty() && options.shape.features != 32, at::kFloat),
      adam_(module_.flat()) {
  module_.initialise(RandomStream(options.seed, key(ParentPurpose::initialise, 0)).bits());
  state_.best_weights = module_.flat().clone();
  if (!options.checkpoint.file.empty()) {
    file_.emplace(options.checkpoint, options.checkpoint.job);
  }
}

std::int64_t ParentTrainer::steps_of_an_epoch() const {
  const auto n = static_cast<std::int64_t>(train_.size());
  return (n + options_.batch - 1) / options_.batch;
}

bool ParentTrainer::is_over() const {
  return state_.epoch >= options_.epochs ||
         (options_.patience > 0 && state_.epoch - state_.best >= options_.patience);
}

bool ParentTrainer::run() {
  resume();
  while (!is_over()) {
    if (!run_epoch()) {
      keep();
      return false;
    }
  }
  return true;
}

bool ParentTrainer::run_epoch() {
  auto order = train_;
  RandomStream(options_.seed, key(ParentPurpose::shuffle, state_.epoch)).shuffle(order);
  const auto n = static_cast<std::int64_t>(order.size());
  const auto total = steps_of_an_epoch() * options_.epochs;
  const auto warm_up = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(warm_up_share * static_cast<double>(steps_of_an_epoch())));
  Progress progress(fmt::format("epoch {} of {}", state_.epoch + 1, options_.epochs),
                    static_cast<std::uint64_t>(n), 60.0);
  while (state_.begin < n) {
    const auto end = std::min<std::int64_t>(n, state_.begin + options_.batch);
    const std::span<const std::size_t> batch(order.data() + state_.begin,
                                             static_cast<std::size_t>(end - state_.begin));
    const auto wishes = step(batch, end == n);
    adam_.step(module_.gradient(), cosine_rate(adam_.steps, warm_up, total, options_.learning_rate));
    state_.begin = end;
    progress.update(static_cast<std::uint64_t>(end));
    if (end == n) {
      end_epoch();
    }
    if (wishes.end && !is_over()) {
      return false;
    }
    if (wishes.keep) {
      keep();
    }
    if (end == n) {
      break;
    }
  }
  return true;
}

auto ParentTrainer::step(std::span<const std::size_t> batch, bool epoch_ends) -> Wishes {
  const auto mine = own_pieces(comm_, batch.size(), options_.piece);
  const auto parameters = static_cast<std::size_t>(module_.flat().numel());
  gradients_.resize(mine.size() * parameters);
  std::vector<double> told; ///< losses of the pieces, then whether to end
  parallel::together(comm_, [&] {
    for (auto number = mine.first; number < mine.last; ++number) {
      const auto graphs = make_graph_batch(examples_, piece_of(batch, number, options_.piece), at::kFloat);
      {
        const at::NoGradGuard no_grad;
        module_.gradient().zero_();
      }
      const auto loss = objective_(module_, graphs).total.sum();
      loss.backward();
      told.push_back(loss.item<double>());
      const auto* from = module_.gradient().data_ptr<float>();
      std::copy(from, from + parameters,
                gradients_.begin() + static_cast<std::ptrdiff_t>((number - mine.first) * parameters));
    }
  });
  const auto losses = comm_.all_gather(std::span<const double>(told));
  double sum = 0;
  for (const double loss : losses) {
    sum += loss;
  }
  IONSIFT_VALIDATE(std::isfinite(sum), numeric, fmt::format("the loss of step {} is not finite", adam_.steps),
                   "the training has diverged", "Lower --learning-rate, or look for wild targets.");
  state_.loss += sum;
  const at::NoGradGuard no_grad;
  sum_in_order(comm_, gradients_, {module_.gradient().data_ptr<float>(), parameters});
  module_.gradient().div_(static_cast<double>(batch.size()));
  const bool due = comm_.is_root() && file_ && file_->due(epoch_ends);
  std::array<std::int32_t, 2> wishes = {options_.interrupted && options_.interrupted(), due};
  comm_.all_reduce(std::span<std::int32_t>(wishes), parallel::Reduction::max);
  return {wishes[0] != 0, wishes[1] != 0};
}

void ParentTrainer::end_epoch() {
  ParentEpoch epoch;
  epoch.number = ++state_.epoch;
  epoch.loss = state_.loss / static_cast<double>(train_.size());
  const auto results = evaluate(validation_);
  for (std::size_t i = 0; i < results.size(); ++i) {
    epoch.validation_loss += results[i].loss;
    epoch.validation_error += std::abs(results[i].prediction - examples_.target[validation_[i]]);
  }
  epoch.validation_loss /= static_cast<double>(results.size());
  epoch.validation_error /= static_cast<double>(results.size());
  epoch.seconds = epoch_watch_.seconds();
  epoch_watch_.restart();
  state_.epochs.push_back(epoch);
  state_.begin = 0;
  state_.loss = 0;
  if (state_.best == 0 || epoch.validation_loss < state_.best_loss) {
    state_.best = epoch.number;
    state_.best_loss = epoch.validation_loss;
    state_.best_weights.copy_(module_.flat());
  }
  log::info("epoch {}: loss {:.5f}, validation {:.5f}, error {:.5f}{}", epoch.number, epoch.loss,
            epoch.validation_loss, epoch.validation_error, state_.best == epoch.number ? ", best" : "");
}

std::vector<ParentEvaluation> ParentTrainer::evaluate(const std::vector<std::size_t>& positions) {
  const auto mine = own_pieces(comm_, positions.size(), options_.piece);
  std::vector<ParentEvaluation> results;
  parallel::together(comm_, [&] {
    const at::NoGradGuard no_grad;
    for (auto number = mine.first; number < mine.last; ++number) {
      const auto part = piece_of(positions, number, options_.piece);
      const auto losses = objective_(module_, make_graph_batch(examples_, part, at::kFloat));
      const auto total = losses.total.to(at::kDouble), predicted = losses.prediction.to(at::kDouble);
      at::Tensor level;
      if (losses.level.defined()) {
        level = losses.level.to(at::kDouble).contiguous();
      }
      for (std::size_t i = 0; i < part.size(); ++i) {
        ParentEvaluation one{total.data_ptr<double>()[i], predicted.data_ptr<double>()[i]};
        if (level.defined()) {
          std::copy_n(level.data_ptr<double>() + 3 * i, 3, one.level);
        }
        results.push_back(one);
      }
    }
  });
  return comm_.all_gather(std::span<const ParentEvaluation>(results));
}

void ParentTrainer::use_best_weights() {
  const at::NoGradGuard no_grad;
  module_.flat().copy_(state_.best_weights);
}

void ParentTrainer::resume() {
  if (!file_) {
    return;
  }
  parallel::together(comm_, [&] {
    const at::NoGradGuard no_grad;
    if (const auto saved = file_->read(module_.flat())) {
      restore(*saved, module_.flat(), adam_, state_);
      log::info("the training resumes after epoch {} and {} structures", state_.epoch, state_.begin);
    }
  });
}

void ParentTrainer::keep() {
  if (file_) {
    parallel::on_root(comm_, [&] { file_->write(saved_state(module_.flat(), adam_, state_)); });
  }
}

} // namespace ionsift::learn
