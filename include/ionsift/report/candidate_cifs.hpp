// SPDX-License-Identifier: BSD-3-Clause
// The structures of the first candidates as files of their own.
#pragma once

#include "ionsift/screen/candidate.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace ionsift::report {

struct WrittenCifs {
  std::size_t written = 0;
  std::vector<std::string> gone;    ///< sources that are not there any more, or cannot be read
  std::vector<std::string> changed; ///< sources that are not what was screened
};

/// Writes the first `most` rows that lead their group as FOLDER/001_Li6PS5Cl.cif, numbered as in
/// candidates.csv, from the files that they were read from: a CIF of one structure as it is, anything else as
/// a CIF that lists all atoms. Such files of an earlier call are removed first. Each source file or archive
/// is gone through once. Not collective.
/// @param inputs of the featurizer: files, folders, archives; rows name their sources inside of these
/// @throws Error io when the folder cannot be written
WrittenCifs write_cifs(const std::filesystem::path& folder, const std::vector<screen::Candidate>& kept,
                       std::size_t most, const std::vector<std::filesystem::path>& inputs);

} // namespace ionsift::report
