// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file_system.hpp"
#include "ionsift/base/memory.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <sys/vfs.h>

using namespace ionsift;

TEST_CASE("Types of file systems are classified as local, network, parallel or memory") {
  CHECK(kind_of_file_system("ext4") == FileSystemKind::local);
  CHECK(kind_of_file_system("overlay") == FileSystemKind::local);
  CHECK(kind_of_file_system("nfs4") == FileSystemKind::network);
  CHECK(kind_of_file_system("fuse.sshfs") == FileSystemKind::network);
  CHECK(kind_of_file_system("lustre") == FileSystemKind::parallel);
  CHECK(kind_of_file_system("gpfs") == FileSystemKind::parallel);
  CHECK(kind_of_file_system("tmpfs") == FileSystemKind::memory);
}

TEST_CASE("The file system of a path is that of the innermost mount") {
  CHECK(file_system_of("/proc/self").type == "proc");
  CHECK(file_system_of("/proc/self").mount == "/proc");
  const auto here = file_system_of(test::scratch("file system"));
  CHECK(here.type != "unknown");
  CHECK(here.free_gb > 0);
  CHECK_THROWS_AS(file_system_of("/no/such/folder"), Error);
}

TEST_CASE("The number of a file system and the table of mounts give the same type") {
  for (const std::filesystem::path folder : {"/proc/self", "/dev/shm", "/"}) {
    INFO(folder);
    struct statfs status {};
    REQUIRE(statfs(folder.c_str(), &status) == 0);
    const auto by_table = file_system_of(folder).type;
    const auto by_number = type_of_file_system(static_cast<std::uint32_t>(status.f_type));
    // ext2 and ext3 have the number of ext4; / may be of a type that no cluster has.
    const bool rare = by_number == "unknown" && folder == "/";
    CHECK((by_number == by_table || rare || (by_number == "ext4" && by_table.starts_with("ext"))));
  }
  CHECK(kind_of_file_system(type_of_file_system(0x0bd00bd0)) == FileSystemKind::parallel);
  CHECK(kind_of_file_system(type_of_file_system(0x6969)) == FileSystemKind::network);
  CHECK(type_of_file_system(0) == "unknown");
}

TEST_CASE("The available memory is positive, and less than any machine has") {
  CHECK(available_memory_mb() > 10);
  CHECK(available_memory_mb() < 1e9);
}
