// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/run_lock.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/host.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/base/utc_time.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <signal.h> // NOLINT(modernize-deprecated-headers): kill() is POSIX's, not in <csignal>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

namespace ionsift {

namespace fs = std::filesystem;

namespace {

nlohmann::json describe_owner() {
  nlohmann::json owner = {{"host", host_name()}, {"pid", getpid()}, {"since", utc_time()}};
  for (const char* variable : {"SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID"}) {
    if (const char* job = std::getenv(variable)) {
      owner["job"] = job;
      break;
    }
  }
  return owner;
}

std::string content_of(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Whether the process that a lock file names is known to have ended.
bool has_ended(const std::string& content) {
  const auto owner = nlohmann::json::parse(content, nullptr, false);
  if (!owner.is_object() || !owner.contains("host") || !owner.contains("pid") ||
      !owner.at("pid").is_number_integer()) {
    return true; // killed before it had written its name
  }
  const bool here = owner.at("host") == host_name();
  return here && kill(owner.at("pid").get<pid_t>(), 0) != 0 && errno == ESRCH;
}

[[noreturn]] void refuse(const fs::path& path, const std::string& content) {
  throw Error(ErrorCode::conflict, fmt::format("{} is held by another run", path.string()),
              content.empty() ? "its name is not known" : std::string(trim(content)),
              "Wait for it, or end it. If it no longer runs, remove the file.");
}

bool same_file(int descriptor, const fs::path& path) {
  struct stat mine {};
  struct stat there {};
  return fstat(descriptor, &mine) == 0 && stat(path.c_str(), &there) == 0 && mine.st_ino == there.st_ino &&
         mine.st_dev == there.st_dev;
}

} // namespace

RunLock::RunLock(fs::path path) : path_(std::move(path)) {
  constexpr int tries = 10; // the previous owner may remove the file between our opening and locking it
  for (int i = 0; i < tries; ++i) {
    descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    IONSIFT_VALIDATE(descriptor_ >= 0, io, fmt::format("cannot make {}", path_.string()),
                     std::strerror(errno), "Check that the folder can be written to.");
    const std::string content = content_of(path_);
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      const bool held = errno == EWOULDBLOCK;
      if (held || !has_ended(content)) {
        ::close(descriptor_);
        refuse(path_, content);
      }
    }
    if (same_file(descriptor_, path_)) {
      if (!content.empty()) {
        log::info("the run that held {} has ended; going on where it stopped", path_.string());
      }
      const std::string text = describe_owner().dump() + "\n";
      const bool written = ftruncate(descriptor_, 0) == 0 &&
                           write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
      IONSIFT_VALIDATE(written, io, fmt::format("cannot write {}", path_.string()), std::strerror(errno),
                       "Check free space.");
      return;
    }
    ::close(descriptor_);
  }
  refuse(path_, content_of(path_));
}

RunLock::~RunLock() {
  std::error_code ignored;
  fs::remove(path_, ignored); // before the lock is released: waiting runs look for the file again
  ::close(descriptor_);
}

fs::path lock_beside(const fs::path& file) {
  return file.string() + ".lock";
}

fs::path lock_in(const fs::path& folder) {
  return folder / "run.lock";
}

} // namespace ionsift
