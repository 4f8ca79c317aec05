// SPDX-License-Identifier: BSD-3-Clause
// An index of the inputs, and their division among the ranks.
#pragma once

#include "ionsift/crystal/source/source.hpp"
#include "ionsift/parallel/communicator.hpp"

#include "format/bytes.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ionsift::store {

/// The input in units, each of which one rank reads: some members of an uncompressed archive, a compressed
/// one, a document, or some small files that follow each other. Rank 0 lists folders and looks where the
/// members of archives are; the others get where things are, and read for themselves.
class InputIndex {
public:
  struct Unit {
    std::uint64_t offset = 0, length = 0; ///< byte range of its parts
    std::uint64_t bytes = 0;              ///< size of the input
    bool sequence = false;                ///< crystal::InputPart::sequence
  };

  /// Collective. @throws Error missing, on all ranks, when an input does not exist
  InputIndex(const parallel::Communicator& comm, const std::vector<std::filesystem::path>& inputs);

  const std::vector<Unit>& units() const { return units_; }
  std::vector<crystal::InputPart> parts(std::size_t unit) const;

private:
  std::vector<Unit> units_;
  std::vector<std::byte> parts_;
};

} // namespace ionsift::store
