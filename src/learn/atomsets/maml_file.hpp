// SPDX-License-Identifier: BSD-3-Clause
// AtomSets weights in the layout of maml, so that models can cross over.
#pragma once

#include "ionsift/base/hdf5.hpp"

#include "atomsets.hpp"

#include <filesystem>

namespace ionsift::learn {

/// Weights as Keras' `save_weights` writes them for the AtomSets model of maml (its construct_atom_sets with
/// symmetry_func "set2set" and features as input, maml 2021 to 2023; docs/ensemble.md shows a file). What is
/// assumed of a file:
///
/// - The root has the attribute layer_names, the layers in the order of the model; with whole models
///   (`save`), the group model_weights takes the place of the root. Every layer's group has the attribute
///   weight_names, and each weight is the dataset LAYER/WEIGHT_NAME. Layers without weights do not count.
/// - Dense layers have two weights that end in kernel:0 [in x out] and bias:0 [out]. Those before the readout
///   are phi, those after it rho, the last one is the output, of one unit.
/// - One layer has the four weights of megnet's Set2Set: x_to_m_weight:0, x_to_m_bias:0,
///   recurrent_kernel:0 [2 hidden x 4 hidden] and recurrent_bias:0, gates i, f, g, o.
/// - As many dense layers of one width before the readout as after it: Configuration knows no others.
///
/// The number of readout steps is not stored in such files, and is assumed to be 3, as in maml's default
/// it. Dropout layers have no weights and leave no trace either.
void write_maml(const std::filesystem::path& path, const AtomSets& network);

/// @throws Error missing, format (naming what differs from the above)
AtomSets read_maml(const std::filesystem::path& path, const at::TensorOptions& options);

} // namespace ionsift::learn
