// SPDX-License-Identifier: BSD-3-Clause
// Reading of the weight file of a published model, written by Keras.
#pragma once

#include "ionsift/base/hdf5.hpp"
#include "ionsift/megnet/parent.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <string>

namespace ionsift::megnet {

/// Entries of the metadata beside our own weights: SHA-256 of the weight file, and of the text of the graph
/// converter.
inline constexpr const char* weights_sum = "weights sha256";
inline constexpr const char* converter_sum = "converter sha256";

class KerasFile {
public:
  /// @throws Error missing, format
  explicit KerasFile(const std::filesystem::path& path);

  /// Checks activations, widths and pooling against METHOD's section 3. @throws Error format
  void validate_architecture() const;
  /// Last layer with a sigmoid: a classifier.
  bool has_sigmoid() const;
  int set2set_steps(const std::string& layer) const;

  /// Weights by Keras' names. @throws Error missing, format (shape, value that is not finite)
  Matrix<double> embedding() const;
  Dense<double> dense(int number, int in, int out) const;
  /// dense_NUMBER (to 64) and dense_NUMBER+1 (to 32).
  Mlp<double> dense_pair(int number, int in) const;
  /// phi_e, phi_v or phi_u of a block: in -> 64 -> 64 -> 32.
  Mlp<double> phi(int block, char part, int in) const;
  Set2SetWeights<double> set2set(int number) const;

private:
  const nlohmann::json& configuration(const std::string& layer) const;
  /// Throws unless an entry of a layer's configuration has the only supported value.
  void require_entry(const std::string& layer, const char* entry, const nlohmann::json& value) const;
  Matrix<double> matrix(const std::string& path, int rows, int columns) const;
  RowVector<double> vector(const std::string& path, int size) const;
  std::vector<double> values(const std::string& path, const h5::Shape& shape) const;

  h5::File file_;
  std::map<std::string, nlohmann::json> layers_; ///< configuration by layer name
};

} // namespace ionsift::megnet
