// SPDX-License-Identifier: BSD-3-Clause
// How large a store becomes, known before its file is made.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/format/schema.hpp"

#include "finished_structure.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ionsift::store {

/// How many texts of a column have how many bytes.
class TextLengths {
public:
  TextLengths() : counts_(longest_name + 1, 0) {}
  void add(std::string_view text) { ++counts_[text.size() < counts_.size() ? text.size() : longest_name]; }
  void sum(const parallel::Communicator& comm);

  /// Bytes of each text in its column. A few texts that are much longer than all others do not widen it: they
  /// are kept apart where that saves half of the bytes and more.
  std::size_t width() const;
  /// Texts longer than a width, and all their bytes.
  struct Beyond {
    std::uint64_t texts = 0, bytes = 0;
  };
  Beyond beyond(std::size_t width) const;

private:
  std::vector<std::uint64_t> counts_; ///< [bytes]
};

enum class TextField {
  id,
  source,
  block,
  sha256,
  formula,
  oxidation_source,
  orbit_source,
  warnings,
  label,
  failure_source,
  failure_block,
  failure_code,
  failure_message,
  count
};

/// Rows of every axis and lengths of every text.
struct StoreSizes {
  explicit StoreSizes(std::size_t representations) : rows(representations, 0) {}

  std::uint64_t structures = 0, failures = 0, sites = 0, orbits = 0, species = 0;
  std::vector<std::uint64_t> rows; ///< [representations]
  std::array<TextLengths, static_cast<std::size_t>(TextField::count)> texts;

  const TextLengths& of(TextField field) const { return texts.at(static_cast<std::size_t>(field)); }
  void add(const FinishedStructure& structure);
  void add(const FailureRecord& failure);
  /// Over all ranks; collective.
  void sum(const parallel::Communicator& comm);

private:
  TextLengths& of(TextField field) { return texts.at(static_cast<std::size_t>(field)); }
};

} // namespace ionsift::store
