// SPDX-License-Identifier: BSD-3-Clause
// The options that name descriptors which a user gives.
#pragma once

#include "ionsift/base/run_record.hpp"
#include "ionsift/dataset/descriptors/given.hpp"
#include "ionsift/dataset/features/feature_set.hpp"

#include "option_table.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace ionsift::cli {

/// Shared by train, crossvalidate, recover, evaluate and screen.
struct GivenInputs {
  std::vector<std::string> tables;
  std::string columns, id_column;

  /// For commands that train, which choose the columns.
  void declare(OptionTable& table);
  /// For commands that use an ensemble, which knows its columns.
  void declare_tables(OptionTable& table);

  /// Nothing without --descriptors. @param content what is learned from
  /// @throws Error usage for tables that no member looks at
  std::shared_ptr<const dataset::GivenDescriptors> read(const dataset::Content& content,
                                                        const std::string& data, RunRecord& record) const;
  /// The same with the columns that an ensemble was trained on. @param manifest ensemble.json
  /// @throws Error usage for an ensemble that needs tables and has none, or needs none
  std::shared_ptr<const dataset::GivenDescriptors> read_for(const nlohmann::json& manifest,
                                                            const std::string& data, RunRecord& record) const;
};

/// Counts labelled structures that lack a descriptor, and warns of them.
void note_incomplete(const dataset::JoinReport& joined, RunRecord& record);

} // namespace ionsift::cli
