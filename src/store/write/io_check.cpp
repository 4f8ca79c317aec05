// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/store/write/io_check.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/parallel/together.hpp"

#include "format/collective_access.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <ostream>
#include <thread>

namespace ionsift::store {

namespace fs = std::filesystem;

namespace {

constexpr auto dataset_path = "values";
constexpr std::uint64_t chunk = 1000; // no divisor of what ranks write: neighbours meet inside a chunk

/// Distinct for neighbours, exact in float32.
float value_at(std::uint64_t place) {
  return static_cast<float>((place * 2654435761U) % 16777216U);
}

std::vector<float> values_from(std::uint64_t first, std::uint64_t n) {
  std::vector<float> values(n);
  for (std::uint64_t i = 0; i < n; ++i) {
    values[i] = value_at(first + i);
  }
  return values;
}

/// Ranks with `mine` set, on every rank.
std::vector<int> ranks_where(const parallel::Communicator& comm, bool mine) {
  const char flag = mine ? 1 : 0;
  const auto flags = comm.all_gather(std::span<const char>(&flag, 1));
  std::vector<int> ranks;
  for (std::size_t r = 0; r < flags.size(); ++r) {
    if (flags[r] != 0) {
      ranks.push_back(static_cast<int>(r));
    }
  }
  return ranks;
}

/// Whether this rank sees a file; network file systems may take seconds to show it.
bool sees(const fs::path& path) {
  std::error_code ignored;
  for (int tries = 0; tries < 50; ++tries) {
    if (fs::exists(path, ignored)) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

/// Why rank 0 cannot write a small file; on every rank.
std::string write_marker(const parallel::Communicator& comm, const fs::path& path) {
  std::string refused;
  if (comm.is_root()) {
    try {
      write_file_atomically(path, [](std::ostream& out) { out << "ionsift doctor\n"; });
    } catch (const Error& error) {
      refused = error.what();
    }
  }
  return comm.broadcast(refused);
}

void write_share(const parallel::Communicator& comm, const fs::path& path, std::uint64_t n) {
  auto file = h5::File::create(path, collective_access(comm));
  {
    auto dataset = file.make_growing(dataset_path, h5::Type::f32, {}, chunk);
    dataset.resize(n * static_cast<std::uint64_t>(comm.size()));
    const auto first = n * static_cast<std::uint64_t>(comm.rank());
    dataset.write_rows(first, values_from(first, n));
  }
  file.close();
}

std::uint64_t count_wrong(const parallel::Communicator& comm, const fs::path& path, std::uint64_t n) {
  const auto next = static_cast<std::uint64_t>((comm.rank() + 1) % comm.size());
  const auto file = h5::File::open(path, collective_access(comm));
  const auto read = file.dataset(dataset_path).read_rows<float>(n * next, n);
  const auto expected = values_from(n * next, n);
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    wrong += read[i] == expected[i] ? 0 : 1;
  }
  return wrong;
}

} // namespace

IoCheck check_parallel_io(const parallel::Communicator& comm, const fs::path& folder, std::uint64_t values) {
  IoCheck check;
  // One name for all ranks; doctors of several jobs do not meet.
  const auto name = comm.broadcast(fmt::format("ionsift-doctor-{}", getpid()));
  const auto marker = folder / (name + ".txt");
  const auto path = folder / (name + ".h5");
  check.refused = write_marker(comm, marker);
  if (!check.refused.empty()) {
    return check;
  }
  check.blind = ranks_where(comm, !sees(marker));
  parallel::on_root(comm, [&] { fs::remove(marker); });
  if (!check.blind.empty()) {
    return check;
  }

  const Stopwatch watch;
  write_share(comm, path, values);
  comm.barrier();
  check.write_seconds = watch.seconds();
  const std::uint64_t wrong = count_wrong(comm, path, values);
  check.wrong = comm.all_reduce(wrong, parallel::Reduction::sum);
  check.read_seconds = watch.seconds() - check.write_seconds;
  check.values = values * static_cast<std::uint64_t>(comm.size());
  parallel::on_root(comm, [&] { fs::remove(path); });
  return check;
}

} // namespace ionsift::store
