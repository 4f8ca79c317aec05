// SPDX-License-Identifier: BSD-3-Clause
// Identities of an ensemble's training set, and comparison of a store with them.
#pragma once

#include "ionsift/dataset/pairs/structure_identity.hpp"
#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/read/reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::learn {

/// [structures] in the order of Ensemble::training_ids; empty for older ensembles, which did not
/// store them.
std::vector<dataset::StructureIdentity> training_identities(const Ensemble& ensemble);

/// The measurement of a compound in the training set.
struct TrainingMeasurement {
  std::string id, formula; ///< the formula is empty for structures of older ensembles
  int label = 0;
  double conductivity = 0;  ///< S/cm; NaN if unknown or not stored
  bool upper_bound = false; ///< the conductivity is a bound
  std::string reference;    ///< DOI or the like; empty if the table of labels had none
};
/// Structures in the order of Ensemble::training_ids, then table entries in that of composition_ids.
std::vector<TrainingMeasurement> training_measurements(const Ensemble& ensemble);

/// S/cm above which structures were of class 1; nothing if it was not stored.
std::optional<double> training_threshold(const Ensemble& ensemble);
/// The unit of the table of labels; empty if it was not stored.
std::string training_unit(const Ensemble& ensemble);

/// Compares structures of a store that have ids of training structures with what was trained on. Structures
/// of the same composition that have changed otherwise are a warning of the log (on the root), as does an
/// ensemble without identities. Collective.
/// @param ids       ids of the structures
/// @param positions position of each in the store
/// @param name      name of the ensemble, for messages
/// @throws Error conflict if a structure has another composition than the training structure of the same id
void require_training_structures(const parallel::Communicator& comm, const Ensemble& ensemble,
                                 const store::Reader& store, const std::vector<std::string>& ids,
                                 const std::vector<std::uint64_t>& positions, const std::string& name);

/// @throws Error conflict where the ensemble was trained with another threshold
void require_threshold(const Ensemble& ensemble, double threshold, const std::string& name);

} // namespace ionsift::learn
