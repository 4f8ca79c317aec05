// SPDX-License-Identifier: BSD-3-Clause
#include "held_folder.hpp"

#include "ionsift/base/file.hpp"
#include "ionsift/parallel/together.hpp"

namespace ionsift::cli {

HeldFolder::HeldFolder(const parallel::Communicator& comm, const std::filesystem::path& folder) {
  parallel::on_root(comm, [&] {
    make_folder(folder);
    lock_.emplace(lock_in(folder));
  });
}

HeldFile::HeldFile(const parallel::Communicator& comm, const std::filesystem::path& file) {
  parallel::on_root(comm, [&] {
    make_folder(std::filesystem::absolute(file).parent_path());
    lock_.emplace(lock_beside(file));
  });
}

} // namespace ionsift::cli
