// SPDX-License-Identifier: BSD-3-Clause
#include "search_journal.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"

namespace ionsift::learn {

namespace fs = std::filesystem;

namespace {

/// A search that differs in the number of its trials alone can be extended; the number requested last is
/// in the last line {"trials": N}, else in the header.
bool is_same_search(nlohmann::json found, nlohmann::json header) {
  found.erase("trials");
  header.erase("trials");
  return found == header;
}

int trials_in(const nlohmann::json& line, const fs::path& path) {
  const auto found = line.find("trials");
  IONSIFT_VALIDATE(found != line.end() && found->is_number_integer(), format,
                   fmt::format("{} does not say how many trials it is for", path.string()),
                   "this file was changed", "Restore it, or start again with --overwrite.");
  return found->get<int>();
}

} // namespace

Search::Journal::Journal(const fs::path& path, const nlohmann::json& header) {
  const auto text = fs::exists(path) ? read_file(path) : std::string();
  std::size_t begin = 0;
  std::size_t number = 0;
  int trials = header.at("trials").get<int>();
  const int asked = trials;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    const auto line = nlohmann::json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                            text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    ++number;
    IONSIFT_VALIDATE(line.is_object(), format, fmt::format("{}: line {} is no JSON", path.string(), number),
                     "a run that was killed leaves at most its last line unfinished; this file was changed",
                     "Restore it, or start anew with --overwrite.");
    IONSIFT_VALIDATE(
        number > 1 || is_same_search(line, header), conflict,
        fmt::format("{} belongs to another search", path.string()),
        "structures, labels, clusters, space, options, seed or program version differ from its own",
        "Choose another output folder, or start anew with --overwrite.");
    if (number == 1 || line.contains("trials")) {
      trials = trials_in(line, path);
    } else {
      found_.push_back(line);
    }
    begin = end + 1;
  }
  IONSIFT_VALIDATE(
      trials <= asked, conflict,
      fmt::format("{} belongs to a search with {} trials for each cluster", path.string(), trials),
      fmt::format("a search can be extended, not made smaller; {} are asked for", asked),
      fmt::format("Give --trials {} or more, or another output folder.", trials));
  if (begin < text.size()) {
    std::error_code error;
    fs::resize_file(path, begin, error);
    IONSIFT_VALIDATE(!error, io, fmt::format("{} cannot be cut", path.string()), error.message(),
                     "Check its permissions.");
  }
  file_.open(path);
  if (number == 0) {
    append(header);
  } else if (trials < asked) {
    append({{"trials", asked}});
  }
}

void Search::Journal::append(const nlohmann::json& line) {
  file_.write(line.dump());
}

} // namespace ionsift::learn
