// SPDX-License-Identifier: BSD-3-Clause
#include "parent_search.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"

#include "inputs.hpp"

#include <vector>

namespace ionsift::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* published = "models/formation_energy-mp-2019.4.1.hdf5";
constexpr const char* own = "inputs/parent/formation-energy.hdf5";

/// Folders that may hold inputs/parent, nearest to the program first: PREFIX/bin has PREFIX/share/ionsift, a
/// build has the source some folders above it.
std::vector<fs::path> places() {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  std::vector<fs::path> found = {program.parent_path().parent_path() / "share" / "ionsift"};
  for (auto folder = program.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    found.push_back(folder);
  }
  found.push_back(fs::current_path(error));
  return found;
}

} // namespace

fs::path find_parent(const std::string& requested, const std::string& data) {
  if (!requested.empty()) {
    return find_input(requested, data);
  }
  std::error_code error;
  const auto folder = find_data(data.empty() ? std::nullopt : std::optional(data));
  if (folder && fs::exists(*folder / published, error)) {
    return *folder / published;
  }
  for (const auto& place : places()) {
    if (fs::exists(place / own, error)) {
      log::info("features are made with the small parent network that comes with the program ({}); the "
                "published one is "
                "better: jobs/fetch-data.sh weights downloads it, --parent names it",
                (place / own).string());
      return place / own;
    }
  }
  throw Error(ErrorCode::missing, "there is no parent network",
              "neither the data folder holds the published weights nor the installation the small one",
              "Name one with --parent FILE; jobs/fetch-data.sh weights downloads the published one.");
}

} // namespace ionsift::cli
