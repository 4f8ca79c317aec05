// SPDX-License-Identifier: BSD-3-Clause
// The interface of trained members of any kind. libtorch stays behind this header.
#pragma once

#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/learn/model/checkpoint.hpp"
#include "ionsift/learn/model/configuration.hpp"
#include "ionsift/parallel/device.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace ionsift::learn {

/// A trained member.
class Classifier {
public:
  explicit Classifier(Configuration configuration) : configuration_(std::move(configuration)) {}
  Classifier(const Classifier&) = delete;
  Classifier& operator=(const Classifier&) = delete;
  virtual ~Classifier() = default;

  const Configuration& configuration() const { return configuration_; }
  /// Probabilities of class 1 [structures]. Each structure is judged independently: it gets the same number
  /// in any set, up to rounding. Not finite if its features are not.
  /// @throws Error conflict if the set lacks the member's input, or has other columns
  virtual std::vector<float> predict(const dataset::FeatureSet& structures,
                                     const parallel::DeviceBinding& device) const = 0;
  /// Writes one HDF5 file (docs/ensemble.md), under a temporary name and renamed. @param seed seed of its
  /// training  @throws Error io
  virtual void write(const std::filesystem::path& path, std::uint64_t seed) const = 0;

private:
  Configuration configuration_;
};

/// Record of one training.
struct TrainingRecord {
  int epochs = 0;           ///< number of finished epochs
  double loss = 0;          ///< loss of the last epoch, L2 included
  bool diverged = false;    ///< loss or weights became infinite or NaN; training ended there
  bool stopped = false;     ///< the observer ended it
  bool interrupted = false; ///< it was stopped, and can be resumed
};

/// One epoch of a model that trains by epochs.
struct TrainingEpoch {
  int number = 0;  ///< counted from 1
  double loss = 0; ///< loss as in TrainingRecord
  /// Computes the probabilities of the watched structures with the model after this epoch.
  std::function<std::vector<float>()> probabilities;
  /// Saves the model after this epoch: `fit` returns the model saved last, if any, instead of the last one.
  std::function<void()> keep;
};

/// Optional inputs of a training.
struct FitOptions {
  /// Called after every epoch that did not diverge; false ends the training. Results are the same with and
  /// without it. Models that do not train by epochs never call it.
  std::function<bool(const TrainingEpoch&)> observer;
  const dataset::FeatureSet* watched = nullptr; ///< structures whose probabilities the observer may request
  /// Labelled entries known by their composition alone (block `composition`, no views). Configurations that
  /// use nothing else are trained on them, too.
  const dataset::FeatureSet* compositions = nullptr;
  /// Compositions that nobody has measured (dataset::unlabelled_compositions), for configurations with an
  /// `unlabelled_weight`.
  const dataset::FeatureSet* unlabelled = nullptr;
  const Classifier* start = nullptr; ///< a network of the same shape whose weights AtomSets begins with
  /// Where a training by epochs saves its state. An observer sees only the epochs of this call, and a model
  /// that it has saved is not part of the state.
  const Checkpoint* checkpoint = nullptr;
  /// Called after every epoch but the last; true ends the training, whose state is saved if there is a
  /// checkpoint.
  std::function<bool()> interrupted;
};

struct Fitted {
  std::unique_ptr<Classifier> classifier; ///< not to be used when it diverged
  TrainingRecord record;
};

/// One of several members that are trained in one batch.
struct StackSeed {
  std::uint64_t seed = 0;
  const Checkpoint* checkpoint = nullptr; ///< as in FitOptions
};

/// Requirements of `fit` on a training set. @throws Error data, numeric, conflict
void require_trainable(const dataset::FeatureSet& train, const dataset::Content& content);

} // namespace ionsift::learn
