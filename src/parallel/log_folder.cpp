// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/log_folder.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/parallel/together.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace ionsift::parallel {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view begin_of_name = "attempt-";

/// Logs of this version, and journals of earlier versions, which are passed to the judge as well.
bool is_log(const std::string& name) {
  return name.starts_with(begin_of_name) || name.ends_with(".jsonl");
}

std::vector<std::string> files_in(const Communicator& comm, const fs::path& folder) {
  std::vector<std::string> files;
  on_root(comm, [&] {
    if (fs::is_directory(folder)) {
      for (const auto& entry : fs::directory_iterator(folder)) {
        if (const auto name = entry.path().filename().string(); is_log(name)) {
          files.push_back(name);
        }
      }
    }
    std::sort(files.begin(), files.end());
  });
  return split(comm.broadcast(fmt::format("{}", fmt::join(files, "\n"))), '\n');
}

/// "attempt-3.rank-0" -> 3
long long attempt_of(const std::string& name) {
  const auto number = name.substr(std::min(begin_of_name.size(), name.size()));
  return parse_integer(number.substr(0, number.find('.'))).value_or(0);
}

fs::path next_file(const Communicator& comm, const fs::path& folder, const std::vector<std::string>& files) {
  long long last = 0;
  for (const auto& name : files) {
    last = std::max(last, attempt_of(name));
  }
  return folder / fmt::format("{}{}.rank-{}", begin_of_name, last + 1, comm.rank());
}

} // namespace

LogFolder::LogFolder(const Communicator& comm, fs::path folder, std::string header, const Judge& judge)
    : comm_(comm), folder_(std::move(folder)), files_(files_in(comm, folder_)), opened_(files_.size()),
      own_(next_file(comm, folder_, files_), header) {
  std::uint64_t foreign = 0;
  together(comm, [&] {
    for (auto file = static_cast<std::uint64_t>(comm.rank()); file < files_.size();
         file += static_cast<std::uint64_t>(comm.size())) {
      const auto contents = scan_log(open(file));
      const auto use = contents.begun ? judge(folder_ / files_[file], contents.header) : LogUse::skip;
      foreign += use == LogUse::drop_all ? 1 : 0;
      if (use != LogUse::use) {
        continue;
      }
      for (auto place = contents.places.begin() + 1; place != contents.places.end(); ++place) {
        found_.push_back({place->key, file, place->offset, place->length});
      }
      if (contents.places.back().end() < open(file).size()) {
        log::info("the end of {} is damaged or was not written to its end, and is not used",
                  (folder_ / files_[file]).string());
      }
    }
  });
  if (comm.all_reduce(foreign, Reduction::sum) > 0) {
    remove();
  }
}

const RandomFile& LogFolder::open(std::uint64_t file) {
  auto& held = opened_.at(file);
  if (!held) {
    held.emplace(folder_ / files_.at(file));
  }
  return *held;
}

std::optional<std::string> LogFolder::read(const Record& record) {
  auto content = read_log(open(record.file), {record.key, record.offset, record.length});
  if (!content) {
    log::warning("a record that an interrupted run left in {} is damaged; it is computed again",
                 (folder_ / files_.at(record.file)).string());
  }
  return content;
}

std::string LogFolder::read(std::uint64_t file, std::uint64_t offset, std::size_t length) {
  return open(file).read(offset, length);
}

void LogFolder::flush() {
  if (own_.unflushed() > 0) {
    make_folder(folder_);
    own_.flush();
  }
}

void LogFolder::remove() {
  found_.clear();
  opened_.assign(opened_.size(), std::nullopt);
  own_.close();
  comm_.barrier(); // network file systems keep what is open
  on_root(comm_, [&] { remove_logs(folder_); });
}

} // namespace ionsift::parallel
