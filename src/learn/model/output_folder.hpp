// SPDX-License-Identifier: BSD-3-Clause
// Folders of many files and one document that lists them.
#pragma once

#include <filesystem>
#include <string>

namespace ionsift::learn {

/// What a folder of results consists of.
struct FolderContent {
  std::string document; ///< name of the document that lists the files
  std::string prefix;   ///< of the HDF5 files, "member_"
  std::string holds;    ///< for messages: "an ensemble"
  std::string why;      ///< for messages, why not to go on: "training would replace it"
};

/// Makes room for new results. The document goes first: a folder without one holds nothing, whatever else
/// lies there. Not collective.
/// @throws Error conflict when there are results and `overwrite` is false
void clear_folder(const std::filesystem::path& folder, const FolderContent& content, bool overwrite);

} // namespace ionsift::learn
