// SPDX-License-Identifier: BSD-3-Clause
// Output folders of many files and one document that lists them.
#pragma once

#include <filesystem>
#include <string>

namespace ionsift::learn {

/// The parts of a folder of results.
struct FolderContent {
  std::string document; ///< name of the document that lists the files
  std::string prefix;   ///< prefix of the HDF5 files, "member_"
  std::string holds;    ///< its content in messages: "an ensemble"
  std::string why;      ///< reason in messages not to continue: "training would replace it"
};

/// Makes room for new results. The document is removed first: a folder without one is empty, whatever else
/// it holds. Not collective.
/// @throws Error conflict when there are results and `overwrite` is false
void clear_folder(const std::filesystem::path& folder, const FolderContent& content, bool overwrite);

/// The path of a file that the document lists, which is there and has this SHA-256.
/// @param remedy for messages: "train again"
/// @throws Error missing, conflict
std::filesystem::path listed_file(const std::filesystem::path& folder, const std::string& document,
                                  const std::string& file, const std::string& sha256,
                                  const std::string& remedy);

} // namespace ionsift::learn
