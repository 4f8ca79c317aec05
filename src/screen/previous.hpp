// SPDX-License-Identifier: BSD-3-Clause
// Reuse of an earlier screening for unchanged structures.
#pragma once

#include "ionsift/screen/prediction_file.hpp"

#include <cstdint>
#include <filesystem>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::screen {

/// What predictions depend on besides the structure, as texts that are equal where predictions are.
struct PredictionKeys {
  std::string prediction; ///< key of P_SI, SD and the distances
  std::string gap;        ///< key of predicted gaps; empty without a parent
};

class PreviousPredictions {
public:
  /// Nothing to take over.
  PreviousPredictions() = default;
  /// A file that cannot be used, or is damaged, is named in the log and left alone.
  PreviousPredictions(const std::filesystem::path& path, const PredictionKeys& keys);

  bool empty() const { return keys_.empty(); }
  /// Fills the prediction of a row whose id and content have not changed; false where there is none.
  bool copy_prediction(Candidate& row) const;

private:
  static constexpr std::uint64_t block_rows = 256;
  static constexpr std::size_t blocks_held = 64;
  struct Block {
    std::uint64_t first;
    std::vector<Candidate> rows; ///< none where one of them is damaged
  };
  struct Place {
    std::uint64_t key, row;
  };
  void read_keys();
  /// Nothing where its block is damaged.
  const Candidate* row_at(std::uint64_t position) const;

  std::optional<PredictionReader> reader_;
  bool same_gap_ = false;
  std::vector<Place> keys_;         ///< places by key
  mutable std::list<Block> blocks_; ///< the last ones used, latest first
};

} // namespace ionsift::screen
