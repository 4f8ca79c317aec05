// SPDX-License-Identifier: BSD-3-Clause
// Start weights of a training, made by `pretrain`.
#pragma once

#include "ionsift/learn/model/classifier.hpp"
#include "ionsift/store/format/schema.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ionsift::learn {

inline constexpr const char* pretraining_name = "pretraining.json";

/// A folder that `pretrain` has written, or one file of weights in maml's layout (docs/ensemble.md).
class StartWeights { // NOLINT(bugprone-exception-escape): json moves without throwing
public:
  /// @throws Error missing, format, conflict (a file that is not the one listed)
  static StartWeights load(const std::filesystem::path& path);

  /// Checks that features of a store match those that these weights were trained on: parent network, graph
  /// converter, representations and levels. Weights in maml's layout do not record these and pass.
  /// @throws Error conflict naming both
  void require_compatible(const store::Provenance& store, const std::string& store_name) const;

  /// The weights that a configuration starts with: those of the same views and network shape, preferably
  /// of the same name, else the first. Nothing for models without start weights.
  /// @param train what it will be trained on; its rows must have as many columns
  /// @throws Error conflict listing the available weights, if none fits
  const Classifier* find(const Configuration& configuration, const dataset::FeatureSet& train) const;

  /// Human-readable description of the weights and their origin.
  nlohmann::json describe() const;

  /// SHA-256 of pretraining.json, or of the file.
  const std::string& sha256() const { return sha256_; }

private:
  std::string name_, sha256_;
  bool has_provenance_ = false;
  store::Provenance needs_;
  nlohmann::json document_;
  std::vector<std::shared_ptr<const Classifier>> weights_;
};

/// Writes FOLDER/model_weights.hdf5 in maml's layout; does nothing for other models than AtomSets.
/// @throws Error io, usage for the readout_cell lstm, which maml does not support
void write_maml_copy(const Classifier& classifier, const std::filesystem::path& folder);

} // namespace ionsift::learn
