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

} // namespace ionsift::cli
