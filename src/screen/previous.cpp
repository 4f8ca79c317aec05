// SPDX-License-Identifier: BSD-3-Clause
#include "previous.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/sha256.hpp"

#include <algorithm>

namespace ionsift::screen {

namespace {

std::uint64_t key_of(const std::string& id, const std::string& sha256_of_entry) {
  return sha256_key(id + '\n' + sha256_of_entry);
}

} // namespace

PreviousPredictions::PreviousPredictions(const std::filesystem::path& path, const PredictionKeys& keys) {
  try {
    reader_.emplace(path);
    if (!reader_->has_components()) {
      log::info(
          "nothing is taken over from {}: it has no principal components, which older versions left out",
          path.string());
      return;
    }
    if (reader_->attribute("prediction_key") != keys.prediction) {
      log::info("nothing is taken over from {}: it was made with another ensemble, store or scaling",
                path.string());
      return;
    }
    same_gap_ = !keys.gap.empty() && reader_->attribute("gap_key") == keys.gap;
    read_keys();
  } catch (const Error& error) {
    if (!std::filesystem::exists(path)) {
      throw;
    }
    log::warning("nothing is taken over: {}", error.what());
    keys_.clear();
  }
}

void PreviousPredictions::read_keys() {
  for (std::uint64_t first = 0; first < reader_->size(); first += rows_at_once) {
    const auto count = std::min(rows_at_once, reader_->size() - first);
    const auto id = reader_->texts("id", first, count);
    const auto sha256 = reader_->texts("sha256", first, count);
    for (std::uint64_t i = 0; i < count; ++i) {
      keys_.push_back({key_of(id[i], sha256[i]), first + i});
    }
  }
  std::ranges::sort(keys_, {}, &Place::key);
}

const Candidate* PreviousPredictions::row_at(std::uint64_t position) const {
  const auto first = position / block_rows * block_rows;
  const auto held = std::ranges::find(blocks_, first, &Block::first);
  if (held != blocks_.end()) {
    blocks_.splice(blocks_.begin(), blocks_, held);
  } else {
    Block block{first, {}};
    try {
      block.rows = reader_->rows(first, std::min(block_rows, reader_->size() - first));
    } catch (const Error& error) {
      log::warning("rows {} to {} of the earlier screening are predicted again: {}", first,
                   first + block_rows - 1, error.what());
    }
    blocks_.push_front(std::move(block));
    if (blocks_.size() > blocks_held) {
      blocks_.pop_back();
    }
  }
  const auto& rows = blocks_.front().rows;
  return rows.empty() ? nullptr : &rows[position - first];
}

bool PreviousPredictions::copy_prediction(Candidate& row) const {
  const auto key = key_of(row.id, row.sha256);
  const auto found = std::ranges::lower_bound(keys_, key, {}, &Place::key);
  if (found == keys_.end() || found->key != key) {
    return false;
  }
  const auto* there = row_at(found->row);
  if (there == nullptr) {
    return false;
  }
  const auto& known = *there;
  if (known.id != row.id || known.sha256 != row.sha256) {
    return false;
  }
  row.probability = known.probability;
  row.sd = known.sd;
  row.quantile = known.quantile;
  row.d_training = known.d_training;
  row.d_centroid = known.d_centroid;
  row.component = known.component;
  row.nearest_id = known.nearest_id;
  row.nearest_formula = known.nearest_formula;
  row.nearest_label = known.nearest_label;
  if (same_gap_) {
    row.predicted_gap = known.predicted_gap;
  }
  return true;
}

} // namespace ionsift::screen
