// SPDX-License-Identifier: BSD-3-Clause
#include "unfinished.hpp"

#include "ionsift/base/log.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <type_traits>

namespace ionsift::screen {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

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

parallel::LogUse judge(const fs::path& file, const std::optional<std::string>& header,
                       const PredictionKeys& keys) {
  if (header == keys.prediction) {
    return parallel::LogUse::use;
  }
  log::info("{} was left by a screening with another ensemble, store or version, and is dropped",
            file.string());
  return header ? parallel::LogUse::drop_all : parallel::LogUse::skip;
}

} // namespace

UnfinishedRows::UnfinishedRows(const parallel::Communicator& comm, fs::path folder, PredictionKeys keys)
    : keys_(std::move(keys)),
      logs_(comm, std::move(folder), keys_.prediction,
            [&](const auto& file, const auto& header) { return judge(file, header, keys_); }),
      chunks_(comm.all_gather(std::span<const parallel::LogFolder::Record>(logs_.found()))) {
  std::ranges::sort(chunks_);
  if (!chunks_.empty()) {
    log::info("an interrupted screening left {} chunks, which are not predicted again", chunks_.size());
  }
}

bool UnfinishedRows::copy(std::vector<Candidate>& rows) {
  const auto found =
      std::ranges::lower_bound(chunks_, rows.front().index, {}, &parallel::LogFolder::Record::key);
  const auto text =
      found != chunks_.end() && found->key == rows.front().index ? logs_.read(*found) : std::nullopt;
  if (!text) {
    return false;
  }
  auto filled = rows;
  try {
    const auto document = json::parse(*text);
    const auto& left = document.at("rows");
    const bool same_gap = !keys_.gap.empty() && document.at("gap") == keys_.gap;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (left.size() != rows.size() || left.at(i).at(0) != rows[i].id ||
          left.at(i).at(1) != rows[i].sha256) {
        return false;
      }
      fill(filled[i], left.at(i), same_gap);
    }
  } catch (const json::exception&) {
    return false; // of another build
  }
  rows = std::move(filled);
  return true;
}

void UnfinishedRows::keep(const std::vector<Candidate>& rows) {
  auto list = json::array();
  for (const auto& row : rows) {
    json values = {row.id, row.sha256};
    visit_prediction(row, true, [&](const auto& field) { values.push_back(field); });
    list.push_back(std::move(values));
  }
  const json document = {{"gap", keys_.gap}, {"rows", std::move(list)}};
  logs_.own().add(rows.front().index, document.dump(-1, ' ', false, json::error_handler_t::replace));
  logs_.flush();
}

} // namespace ionsift::screen
