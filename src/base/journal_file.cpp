// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/journal_file.hpp"

#include "ionsift/base/error.hpp"

namespace ionsift {

void JournalFile::open(const std::filesystem::path& path) {
  path_ = path;
  file_.open(path, std::ios::app | std::ios::binary);
}

void JournalFile::write(const std::string& line) {
  file_ << line + '\n' << std::flush;
  IONSIFT_VALIDATE(file_.good(), io, fmt::format("{} cannot be written", path_.string()),
                   "the disk is full or the folder is protected", "Free space, and start the run again.");
}

} // namespace ionsift
