// SPDX-License-Identifier: BSD-3-Clause
// What an ensemble keeps of its training set besides ids, and whether a store still has that set.
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

/// [structures] in the order of Ensemble::training_ids; empty for ensembles that were trained before they
/// were kept.
std::vector<dataset::StructureIdentity> training_identities(const Ensemble& ensemble);

/// What was measured of a compound that an ensemble was trained on.
struct TrainingMeasurement {
  std::string id, formula; ///< the formula is empty for structures of ensembles that did not keep it
  int label = 0;
  double conductivity = 0;  ///< S/cm; NaN where it is not known, or was not kept
  bool upper_bound = false; ///< the conductivity is a bound
  std::string reference;    ///< DOI or the like; empty where the table of labels had none
};
/// Structures in the order of Ensemble::training_ids, then table entries in that of composition_ids.
std::vector<TrainingMeasurement> training_measurements(const Ensemble& ensemble);

/// S/cm above which structures were of class 1; nothing where it was not kept.
std::optional<double> training_threshold(const Ensemble& ensemble);
/// The unit in which the table of labels was; empty where it was not kept.
std::string training_unit(const Ensemble& ensemble);

/// Compares structures of a store that have ids of training structures with what was trained on. Structures
/// of the same composition that have changed otherwise are a warning of the log (on the root), as is an
/// ensemble that does not know its structures. Collective.
/// @param ids       of the structures
/// @param positions in the store, of each
/// @param name      of the ensemble, for messages
/// @throws Error conflict where a structure is of another composition than the one trained on by this id
void require_training_structures(const parallel::Communicator& comm, const Ensemble& ensemble,
                                 const store::Reader& store, const std::vector<std::string>& ids,
                                 const std::vector<std::uint64_t>& positions, const std::string& name);

/// @throws Error conflict where the ensemble was trained with another threshold
void require_threshold(const Ensemble& ensemble, double threshold, const std::string& name);

} // namespace ionsift::learn
