// SPDX-License-Identifier: BSD-3-Clause
// Crystals from the files of the real data.
#pragma once

#include "ionsift/base/file.hpp"
#include "ionsift/crystal/read/read.hpp"

#include "support.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace ionsift::test {

/// The crystal in a file that holds one.
inline crystal::Crystal read_crystal(const std::filesystem::path& path) {
  const auto results =
      crystal::read_entry(read_file(path), {.source = path.filename().string(), .id = path.stem().string()});
  if (results.size() != 1 || !std::holds_alternative<crystal::Crystal>(results.front())) {
    throw std::runtime_error(path.string() + " does not hold one crystal");
  }
  return std::get<crystal::Crystal>(results.front());
}

/// The files of a folder in the real data, sorted.
inline std::vector<std::filesystem::path> files_of(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(data() / folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

} // namespace ionsift::test
