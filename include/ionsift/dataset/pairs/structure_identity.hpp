// SPDX-License-Identifier: BSD-3-Clause
// What a structure is, whatever it is called.
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"
#include "ionsift/crystal/crystal.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/read/reader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::dataset {

/// Content of one structure: names, files and releases play no part.
struct StructureIdentity {
  /// First 16 hexadecimal digits of the SHA-256 of cell parameters (to 1e-4 A and 1e-3 degrees) and of all
  /// sites with elements, occupancies (to 1e-3) and fractional coordinates (to 1e-4), in an order of their
  /// own.
  std::string hash;
  std::string formula; ///< of the formula unit
};

StructureIdentity identity_of(const crystal::Crystal& crystal);

/// Of structures at these positions of a store, in that order; each rank reads its share. Collective.
std::vector<StructureIdentity> identities_at(const parallel::Communicator& comm, const store::Reader& store,
                                             const std::vector<std::uint64_t>& positions);

/// Ids whose structures are not those that were known by these ids.
struct IdentityChanges {
  std::vector<std::string> others;  ///< of another composition: other compounds
  std::vector<std::string> changed; ///< of the same composition, but with another cell or other sites
};

/// @param before, now of the same ids
IdentityChanges compare_identities(const std::vector<std::string>& ids,
                                   const std::vector<StructureIdentity>& before,
                                   const std::vector<StructureIdentity>& now);

} // namespace ionsift::dataset
