// SPDX-License-Identifier: BSD-3-Clause
#include "unfinished.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/parallel/together.hpp"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>

namespace ionsift::screen {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::string_view first_words = "ionsift-unfinished-screening-1";

std::uint64_t sum_of(std::string_view text) {
  return checksum_of_bytes(std::as_bytes(std::span<const char>(text.data(), text.size())));
}

/// "CHECKSUM TEXT\n"
std::string with_sum(const std::string& text) {
  return fmt::format("{:016x} {}\n", sum_of(text), text);
}

/// The text of a line without its end; nothing where it is torn or damaged.
std::optional<std::string_view> without_sum(std::string_view line) {
  constexpr std::size_t digits = 16;
  std::uint64_t sum = 0;
  if (line.size() <= digits ||
      std::from_chars(line.data(), line.data() + digits, sum, 16).ptr != line.data() + digits) {
    return std::nullopt;
  }
  const auto text = line.substr(digits + 1);
  return sum_of(text) == sum ? std::optional(text) : std::nullopt;
}

std::string header_of(const PredictionKeys& keys) {
  return fmt::format("{} {} {}", first_words, keys.prediction, keys.gap);
}

/// Everything that predicting fills. @param with_gap also the predicted gap
template <typename Row, typename Visit>
void visit_prediction(Row& row, bool with_gap, const Visit& visit) {
  visit(row.probability);
  visit(row.sd);
  for (auto& quantile : row.quantile) {
    visit(quantile);
  }
  visit(row.d_training);
  visit(row.d_centroid);
  for (auto& component : row.component) {
    visit(component);
  }
  visit(row.nearest_id);
  visit(row.nearest_formula);
  visit(row.nearest_label);
  if (with_gap) {
    visit(row.predicted_gap);
  }
}

void fill(Candidate& row, const json& values, bool with_gap) {
  std::size_t next = 2; // behind id and content
  visit_prediction(row, with_gap, [&]<typename Field>(Field& field) {
    const auto& value = values.at(next++);
    if constexpr (std::is_same_v<Field, double>) {
      field = value.is_null() ? Candidate::unknown : value.get<double>();
    } else {
      value.get_to(field);
    }
  });
}

/// "attempt-3.rank-0" -> 3
std::uint64_t attempt_of(const std::string& name) {
  const auto number = parse_integer(name.substr(8, name.find('.') - 8));
  return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> files;
  if (fs::is_directory(folder)) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      const auto name = entry.path().filename().string();
      if (name.starts_with("attempt-")) {
        files.push_back(name);
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

} // namespace

UnfinishedRows::UnfinishedRows(const parallel::Communicator& comm, fs::path folder, PredictionKeys keys)
    : folder_(std::move(folder)), keys_(std::move(keys)) {
  std::string names;
  parallel::on_root(comm, [&] { names = fmt::format("{}", fmt::join(files_in(folder_), "\n")); });
  names = comm.broadcast(names);
  files_ = names.empty() ? std::vector<std::string>() : split(names, '\n');
  std::uint64_t attempt = 0;
  for (const auto& name : files_) {
    attempt = std::max(attempt, attempt_of(name));
  }
  own_ = folder_ / fmt::format("attempt-{}.rank-{}", attempt + 1, comm.rank());

  std::vector<Place> mine;
  std::uint64_t foreign = 0;
  parallel::together(comm, [&] {
    for (auto file = static_cast<std::uint64_t>(comm.rank()); file < files_.size();
         file += static_cast<std::uint64_t>(comm.size())) {
      foreign += scan(file, mine) ? 0 : 1;
    }
  });
  places_ = comm.all_gather(std::span<const Place>(mine));
  std::ranges::sort(places_, {}, [](const Place& p) { return std::tuple(p.first, p.file, p.offset); });
  if (comm.all_reduce(foreign, parallel::Reduction::sum) > 0 && places_.empty()) {
    log::info("what an interrupted screening left in {} is of another ensemble or store, and dropped",
              folder_.string());
    parallel::on_root(comm, [&] { remove(); });
  }
  if (!places_.empty()) {
    log::info("an interrupted screening left {} chunks, which are not predicted again", places_.size());
  }
}

bool UnfinishedRows::scan(std::uint64_t file, std::vector<Place>& places) const {
  const auto bytes = read_file(folder_ / files_.at(file));
  const std::string_view text = bytes;
  std::size_t end = text.find('\n');
  const auto header = end == std::string_view::npos ? std::nullopt : without_sum(text.substr(0, end));
  if (!header || !header->starts_with(fmt::format("{} {} ", first_words, keys_.prediction))) {
    return false;
  }
  for (auto begin = end + 1; (end = text.find('\n', begin)) != std::string_view::npos; begin = end + 1) {
    const auto line = without_sum(text.substr(begin, end - begin));
    if (!line) {
      continue;
    }
    const auto words = split(line->substr(0, std::min<std::size_t>(line->size(), 64)), ' ');
    const auto first = words.empty() ? std::nullopt : parse_integer(words[0]);
    const auto count = words.size() < 2 ? std::nullopt : parse_integer(words[1]);
    if (first && count) {
      places.push_back(
          {static_cast<std::uint64_t>(*first), static_cast<std::uint64_t>(*count), file, begin, end - begin});
    }
  }
  return true;
}

bool UnfinishedRows::copy(std::vector<Candidate>& rows) const {
  const auto found = std::ranges::lower_bound(places_, rows.front().index, {}, &Place::first);
  if (found == places_.end() || found->first != rows.front().index || found->count != rows.size()) {
    return false;
  }
  std::ifstream in(folder_ / files_.at(found->file), std::ios::binary);
  std::string header;
  std::getline(in, header);
  std::string line(found->length, '\0');
  in.seekg(static_cast<std::streamoff>(found->offset));
  const auto text =
      in.read(line.data(), static_cast<std::streamsize>(line.size())) ? without_sum(line) : std::nullopt;
  if (!text) {
    return false;
  }
  const auto document = json::parse(text->substr(text->find('[')), nullptr, false);
  const bool same_gap = !keys_.gap.empty() && header.ends_with(header_of(keys_));
  auto filled = rows;
  try {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (document.at(i).at(0) != rows[i].id || document.at(i).at(1) != rows[i].sha256) {
        return false;
      }
      fill(filled[i], document.at(i), same_gap);
    }
  } catch (const json::exception&) {
    return false; // of another build
  }
  rows = std::move(filled);
  return true;
}

void UnfinishedRows::keep(const std::vector<Candidate>& rows) {
  if (!out_.is_open()) {
    make_folder(folder_);
    out_.open(own_, std::ios::binary | std::ios::trunc);
    out_ << with_sum(header_of(keys_));
  }
  auto document = json::array();
  for (const auto& row : rows) {
    json values = {row.id, row.sha256};
    visit_prediction(row, true, [&](const auto& field) { values.push_back(field); });
    document.push_back(std::move(values));
  }
  out_ << with_sum(fmt::format("{} {} {}", rows.front().index, rows.size(),
                               document.dump(-1, ' ', false, json::error_handler_t::replace)))
       << std::flush;
  IONSIFT_VALIDATE(out_.good(), io, fmt::format("cannot write {}", own_.string()),
                   "the disk is full or the folder is protected", "Free space, and start the run again.");
}

void UnfinishedRows::remove() {
  std::error_code failed;
  fs::remove_all(folder_, failed);
  if (failed) {
    log::warning("cannot remove {}: {}", folder_.string(), failed.message());
  }
}

} // namespace ionsift::screen
