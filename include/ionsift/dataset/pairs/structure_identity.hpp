// SPDX-License-Identifier: BSD-3-Clause
// The identity of a structure by content, independent of its name.
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"
#include "ionsift/crystal/crystal.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/read/reader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::dataset {

/// Identity of one structure's content, independent of names, files and releases.
struct StructureIdentity {
  /// First 16 hexadecimal digits of the SHA-256 of cell parameters (to 1e-4 A and 1e-3 degrees) and of all
  /// sites with elements, occupancies (to 1e-3) and fractional coordinates (to 1e-4), in an order of their
  /// own.
  std::string hash;
  std::string formula; ///< formula of the formula unit
};

StructureIdentity identity_of(const crystal::Crystal& crystal);

/// Of structures at these positions of a store, in that order; each rank reads its share. Collective.
std::vector<StructureIdentity> identities_at(const parallel::Communicator& comm, const store::Reader& store,
                                             const std::vector<std::uint64_t>& positions);

/// Ids whose structures differ from the earlier ones of the same id.
struct IdentityChanges {
  std::vector<std::string> others;  ///< ids of structures of another composition: other compounds
  std::vector<std::string> changed; ///< ids with the same composition, but another cell or other sites
};

/// @param before, now identities of the same ids
IdentityChanges compare_identities(const std::vector<std::string>& ids,
                                   const std::vector<StructureIdentity>& before,
                                   const std::vector<StructureIdentity>& now);

} // namespace ionsift::dataset
