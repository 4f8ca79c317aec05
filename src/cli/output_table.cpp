// SPDX-License-Identifier: BSD-3-Clause
#include "output_table.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/sha256.hpp"

#include <nlohmann/json.hpp>

namespace ionsift::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* key = "table_sha256";

/// The previous run's checksum of the table; empty without such a record.
std::string sum_in(const fs::path& run_json) {
  std::error_code ignored;
  if (!fs::exists(run_json, ignored)) {
    return {};
  }
  const auto document = nlohmann::json::parse(read_file(run_json), nullptr, false);
  const auto result =
      document.is_object() ? document.value("result", nlohmann::json::object()) : nlohmann::json::object();
  return result.is_object() && result.contains(key) && result[key].is_string()
             ? result[key].get<std::string>()
             : std::string();
}

} // namespace

OutputTable::OutputTable(fs::path table, const fs::path& run_json, bool overwrite)
    : table_(std::move(table)) {
  std::error_code ignored;
  if (overwrite || !fs::exists(table_, ignored)) {
    return;
  }
  const auto sum = sum_in(run_json);
  IONSIFT_VALIDATE(
      !sum.empty() && sum == sha256_of_file(table_), conflict, fmt::format("{} exists", table_.string()),
      sum.empty() ? "no run of ionsift has recorded writing it" : "it was changed since ionsift wrote it",
      "Give another --out, or --overwrite to replace it.");
}

void OutputTable::make_folder() const {
  if (const auto folder = table_.parent_path(); !folder.empty()) {
    ionsift::make_folder(folder);
  }
}

void OutputTable::note_written(RunRecord& record) const {
  record.result()[key] = sha256_of_file(table_);
}

} // namespace ionsift::cli
