// SPDX-License-Identifier: BSD-3-Clause
#include "search_journal.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/json.hpp"
#include "ionsift/base/log.hpp"

namespace ionsift::learn {

namespace fs = std::filesystem;

namespace {

/// A search that differs only in the number of its trials can be extended; the latest number is in the last
/// record {"trials": N}, or else in the header.
bool is_same_search(nlohmann::json found, nlohmann::json header) {
  if (!found.is_object()) {
    return false;
  }
  found.erase("trials");
  header.erase("trials");
  return found == header;
}

} // namespace

int Search::Journal::resume(const fs::path& path, const nlohmann::json& header) {
  int trials = header.at("trials").get<int>();
  const RandomFile file(path);
  const auto contents = scan_log(file);
  if (!contents.begun) {
    return trials;
  }
  const auto found = parse_json_or_discard(contents.header.value_or(""));
  IONSIFT_VALIDATE(
      is_same_search(found, header), conflict, fmt::format("{} belongs to another search", path.string()),
      "structures, labels, clusters, space, options, seed or program version differ from its own, "
      "or its header is damaged",
      "Choose another output folder, or start from the beginning with --overwrite.");
  trials = found.at("trials").get<int>();
  std::uint64_t end = contents.places.front().end();
  for (auto place = contents.places.begin() + 1; place != contents.places.end(); ++place) {
    const auto text = read_log(file, *place);
    if (!text) {
      break;
    }
    auto record = nlohmann::json::parse(*text);
    if (record.contains("trials")) {
      trials = record.at("trials").get<int>();
    } else {
      found_.push_back(std::move(record));
    }
    end = place->end();
  }
  if (end < file.size()) {
    log::warning("{}: the last {} bytes are damaged or were not written to their end, and are removed",
                 path.string(), file.size() - end);
  }
  log_.emplace(path, end);
  return trials;
}

Search::Journal::Journal(const fs::path& path, const nlohmann::json& header) {
  const int asked = header.at("trials").get<int>();
  const int trials = fs::exists(path) ? resume(path, header) : asked;
  IONSIFT_VALIDATE(
      trials <= asked, conflict,
      fmt::format("{} belongs to a search with {} trials for each cluster", path.string(), trials),
      fmt::format("a search can be extended, not made smaller; {} are requested", asked),
      fmt::format("Give --trials {} or more, or another output folder.", trials));
  if (!log_) {
    log_.emplace(path, header.dump());
  } else if (trials < asked) {
    append({{"trials", asked}});
  }
}

void Search::Journal::append(const nlohmann::json& record) {
  log_->add(0, record.dump());
  log_->flush();
}

} // namespace ionsift::learn
