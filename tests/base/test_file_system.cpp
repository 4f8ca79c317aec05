// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file_system.hpp"
#include "ionsift/base/memory.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

using namespace ionsift;

TEST_CASE("Types of file systems are told apart by who sees them") {
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

TEST_CASE("Memory that may be taken is some, and less than any machine has") {
  CHECK(available_memory_mb() > 10);
  CHECK(available_memory_mb() < 1e9);
}
