// SPDX-License-Identifier: BSD-3-Clause
// Trained members of an ensemble, of whatever kind. libtorch stays behind this header.
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
  /// Probabilities of class 1 [structures]. Each structure is judged by itself: it gets the same number in
  /// any company, but for rounding. Not finite where its features are not.
  /// @throws Error conflict when the set lacks what the member looks at, or has other columns
  virtual std::vector<float> predict(const dataset::FeatureSet& structures,
                                     const parallel::DeviceBinding& device) const = 0;
  /// Writes one HDF5 file (docs/ensemble.md), beside and renamed. @param seed of its training  @throws Error
  /// io
  virtual void write(const std::filesystem::path& path, std::uint64_t seed) const = 0;

private:
  Configuration configuration_;
};

/// How one training went.
struct TrainingRecord {
  int epochs = 0;           ///< finished
  double loss = 0;          ///< of the last epoch, L2 included
  bool diverged = false;    ///< loss or weights became infinite or NaN; training ended there
  bool stopped = false;     ///< the observer ended it
  bool interrupted = false; ///< it was told to end, and goes on another time
};

/// One epoch of a model that trains by epochs.
struct TrainingEpoch {
  int number = 0;  ///< counted from 1
  double loss = 0; ///< as in TrainingRecord
  /// Computes the probabilities of the watched structures, as the epoch left the model.
  std::function<std::vector<float>()> probabilities;
  /// Keeps the model as the epoch left it: `fit` gives the model kept last, if any, instead of the last one.
  std::function<void()> keep;
};

/// What else a training may be told.
struct FitOptions {
  /// Called after every epoch that did not diverge; false ends the training. Results are the same with and
  /// without it. Models that do not train by epochs never call it.
  std::function<bool(const TrainingEpoch&)> observer;
  const dataset::FeatureSet* watched = nullptr; ///< structures that the observer may ask about
  /// Labelled entries known by their composition alone (block `composition`, no views). Configurations that
  /// look at nothing else are trained on them, too.
  const dataset::FeatureSet* compositions = nullptr;
  /// Compositions that nobody has measured (dataset::unlabelled_compositions), for configurations with an
  /// `unlabelled_weight`.
  const dataset::FeatureSet* unlabelled = nullptr;
  const Classifier* start = nullptr; ///< a network of the same shape whose weights AtomSets begins with
  /// Where a training by epochs keeps its state. An observer sees the epochs of this call alone, and a model
  /// that it has kept is not part of the state.
  const Checkpoint* checkpoint = nullptr;
  /// Asked after every epoch but the last; true ends the training, whose state is kept where there is a
  /// checkpoint.
  std::function<bool()> interrupted;
};

struct Fitted {
  std::unique_ptr<Classifier> classifier; ///< not to be used when it diverged
  TrainingRecord record;
};

/// One of several members that are trained side by side.
struct StackSeed {
  std::uint64_t seed = 0;
  const Checkpoint* checkpoint = nullptr; ///< as in FitOptions
};

/// What `fit` asks of a training set for such content. @throws Error data, numeric, conflict
void require_trainable(const dataset::FeatureSet& train, const dataset::Content& content);

} // namespace ionsift::learn
