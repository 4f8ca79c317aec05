// SPDX-License-Identifier: BSD-3-Clause
// Training of one member.
#pragma once

#include "ionsift/learn/model/classifier.hpp"

#include "atomsets.hpp"

#include <functional>

namespace ionsift::learn {

/// Labelled structures on a device.
class Examples {
public:
  /// @throws Error data for a structure without rows, conflict when the set lacks the view
  Examples(const dataset::FeatureSet& structures, const dataset::View& view,
           const at::TensorOptions& options);

  std::int64_t size() const { return static_cast<std::int64_t>(first_.size()) - 1; }
  std::int64_t columns() const { return values_.size(1); }
  /// Structures at these positions, in that order. Labels are there where the set has them.
  Batch select(const std::vector<std::int64_t>& positions) const;
  /// Structures begin .. end - 1, sharing memory.
  Batch slice(std::int64_t begin, std::int64_t end) const;
  /// Row offsets [structures + 1], rows [rows x columns], their weights [rows] and labels [structures].
  const std::vector<std::int64_t>& first() const { return first_; }
  const at::Tensor& values() const { return values_; }
  const at::Tensor& weight() const { return weight_; }
  const at::Tensor& label() const { return label_; }
  /// The end of a slice from `begin` with about as many rows as keep activations in the megabytes; at least
  /// one structure.
  std::int64_t end_of_chunk(std::int64_t begin) const;

private:
  std::vector<std::int64_t> first_;
  at::Tensor values_, weight_, label_;
};

/// Probabilities of class 1, dropout off, of as many structures as there are examples. Memory is bounded
/// however many they are.
std::vector<float> probabilities(const AtomSets& network, const Examples& examples);

/// Keys of the random streams of one member. Every epoch has its own, by its number.
enum class Purpose : std::uint64_t { initialise = 1, shuffle = 2, dropout = 3 };
/// The stream of one member's training. @param epoch counted from 0
RandomStream stream_of(std::uint64_t seed, Purpose purpose, int epoch);

/// The weights that a training begins with: fresh ones by its seed, or those of `start`.
/// @throws Error conflict when the start is a network of another shape
void begin(AtomSets& network, std::uint64_t seed, const AtomSets* start);

/// Sum of squares of weights that count in the norm of a tensor, by its name in files, and never change:
/// those of the forget gate of the published recurrence.
double frozen_square(const AtomSets& network, const std::string& tensor);

/// Steps of one epoch, and the half cycle of triangular2 that follows from them (METHOD: section 4).
struct EpochSteps {
  std::int64_t batch; ///< structures of all steps but the last, which may have fewer
  std::int64_t steps;
  double half_cycle;
  EpochSteps(const AtomSetsConfiguration& configuration, std::int64_t structures);
};

/// One epoch, as an observer sees it.
struct Epoch {
  int number = 0;          ///< counted from 1
  double loss = 0;         ///< as in TrainingRecord
  const AtomSets& network; ///< as the epoch left it; all its weights are finite
};

/// Called after every epoch that did not diverge. It may ask the network for probabilities and copy its
/// weights, and decides whether training continues. It draws no random numbers of the training: results are
/// the same with and without it.
using EpochObserver = std::function<bool(const Epoch& epoch)>;

/// The start of a training, and how it may be interrupted.
struct TrainContext {
  const AtomSets* network = nullptr;      ///< weights to begin with; fresh ones where there is none
  const Checkpoint* checkpoint = nullptr; ///< as in FitOptions
  std::function<bool()> interrupted = {}; ///< as in FitOptions
};

/// Trains a network by its configuration: batches reshuffled in every epoch, a last one that may be smaller,
/// LAMB inside Lookahead, triangular2 with a half cycle of 10 epochs (METHOD: section 4). On the CPU the same
/// seed and start give the same weights, bit for bit.
/// @throws Error conflict when the start is a network of another shape
TrainingRecord train(AtomSets& network, const Examples& examples, std::uint64_t seed,
                     const EpochObserver& observer = {}, const TrainContext& context = {});

} // namespace ionsift::learn
