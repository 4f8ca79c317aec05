// SPDX-License-Identifier: BSD-3-Clause
// A published MEGNet model: its weights and its graph converter.
#pragma once

#include "ionsift/base/matrix.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace ionsift::megnet {

/// The conversion of distances to edge features: exp(-(d - centre)^2 / width^2).
struct GraphConverter {
  double cutoff = 5.0;         ///< angstrom
  std::vector<double> centres; ///< angstrom
  double width = 0.5;          ///< angstrom

  bool operator==(const GraphConverter&) const = default;
  /// cutoff 5, 100 centres on [0, 6]: the study's converter for every parent.
  static GraphConverter study();
  /// Cutoff and centres stretched by the same factor (METHOD: section 3, structures without an edge).
  GraphConverter with_cutoff(double cutoff) const;
};

template <typename Scalar>
struct Dense {
  Matrix<Scalar> kernel;  ///< [in x out]
  RowVector<Scalar> bias; ///< [out]
};

template <typename Scalar>
using Mlp = std::vector<Dense<Scalar>>;

template <typename Scalar>
struct Set2SetWeights {
  Dense<Scalar> memory;     ///< m = x W + b
  Matrix<Scalar> recurrent; ///< [2 hidden x 4 hidden], gates i, f, g, o
  RowVector<Scalar> recurrent_bias;
  int steps = 2; ///< T; the published models differ in it (formation energy 2, the gap models 3)
};

/// One MEGNet block; the dense layers before it are empty in block 1 (METHOD: section 3).
template <typename Scalar>
struct BlockWeights {
  Mlp<Scalar> dense_v, dense_e, dense_u;
  Mlp<Scalar> phi_e, phi_v, phi_u;
};

template <typename Scalar>
struct Weights {
  Matrix<Scalar> embedding; ///< [95 x 16], row = atomic number
  Mlp<Scalar> first_v, first_e, first_u;
  std::array<BlockWeights<Scalar>, 3> block;
  Set2SetWeights<Scalar> readout_v, readout_e;
  Mlp<Scalar> readout;

  template <typename Other>
  Weights<Other> cast() const;
};

/// A loaded model; immutable, cheap to copy.
struct Parent {
  std::string name; ///< from the metadata, "Formation energy"
  std::string unit; ///< "eV/atom"; where the metadata give a bare 1, "eV" or, for a classifier, "probability"
  std::string sha256;   ///< SHA-256 of the weight file, which stores record
  bool sigmoid = false; ///< the readout is a classifier's (its last layer has a sigmoid)
  /// Atomic numbers that it was trained on, ascending; empty if its file does not list them, like the
  /// published ones.
  std::vector<int> elements;
  GraphConverter converter;
  Weights<double> weights;

  /// Reads KERAS.hdf5 and the converter in KERAS.hdf5.json beside it. The readout's number of steps and the
  /// last activation come from the layers' configuration in the weight file; another architecture than
  /// METHOD's section 3 is rejected. So are published files, and our own, whose bytes differ from those
  /// that were written.
  /// @throws Error missing (file, dataset), format (shape, architecture), data (damaged), with the file's
  /// name
  static Parent load(const std::filesystem::path& path);
};

} // namespace ionsift::megnet
