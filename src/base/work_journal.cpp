// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/work_journal.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/json.hpp"

#include <nlohmann/json.hpp>

#include <sstream>
#include <vector>

namespace ionsift {

namespace fs = std::filesystem;

namespace {

/// The complete lines of a file. Without the end of its first line it has none: the run was
/// killed while it created the file.
std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  const auto text = fs::exists(path) ? read_file(path) : std::string();
  if (text.find('\n') == std::string::npos) {
    return lines;
  }
  std::istringstream file(text);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) {
      lines.push_back(line);
    }
  }
  return lines;
}

} // namespace

std::map<std::uint64_t, std::vector<std::string>> WorkJournal::read(const fs::path& folder,
                                                                    const Owner& owner) {
  std::map<std::uint64_t, std::vector<std::string>> finished;
  if (!fs::exists(folder)) {
    return finished;
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with("rank_") || !name.ends_with(".jsonl")) {
      continue;
    }
    const auto lines = lines_of(entry.path());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto line = parse_json_or_discard(lines[i]);
      if (i == 0) {
        IONSIFT_VALIDATE(line.is_object() && line.value("format", "") == owner.format &&
                             line.value("input", "") == owner.input,
                         conflict, fmt::format("{} belongs to another run", folder.string()),
                         fmt::format("{} differ from its own", owner.differs),
                         "Choose another output folder, or start again with --overwrite.");
      } else if (line.is_object() && line.contains("item") && line.contains("result")) {
        finished[line.at("item").get<std::uint64_t>()].push_back(line.at("result").dump());
      }
    }
  }
  return finished;
}

WorkJournal::WorkJournal(const fs::path& folder, const Owner& owner, int rank) {
  const auto path = folder / fmt::format("rank_{:05}.jsonl", rank);
  const bool begun = !lines_of(path).empty();
  if (!begun) {
    fs::remove(path);
  }
  file_.open(path);
  // A truncated line ends here.
  file_.write(begun ? "" : nlohmann::json({{"format", owner.format}, {"input", owner.input}}).dump());
}

void WorkJournal::append(std::uint64_t number, const std::string& json) {
  file_.write(fmt::format(R"({{"item":{},"result":{}}})", number, json));
}

} // namespace ionsift
