// SPDX-License-Identifier: BSD-3-Clause
// Splits: the sets, folds, clusters and groups of structures.
#pragma once

#include "ionsift/dataset/labels/id_matching.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::dataset {

struct SplitOptions {
  std::string id_column;      ///< empty: found by name, see find_id_column
  std::string set_column;     ///< empty: "set" or "split"
  std::string cluster_column; ///< empty: "cluster" where it exists
  std::string fold_column;    ///< empty: "fold" or "kfold" where one exists
  std::string group_column;   ///< empty: "group" where it exists
};

struct SplitRow {
  std::string set;   ///< lower case: "train", "test", "validation", or any other name the file uses
  int fold = -1;     ///< fold of a k-fold validation, -1 if none (as for a test set)
  int cluster = -1;  ///< LOCO cluster, -1 if none
  std::string group; ///< unit that must not be divided: a publication, a family; empty if none

  bool operator==(const SplitRow&) const = default;
};

class Split {
public:
  /// Rows without an id or without a set are in no set. A named column must exist; usual names that are not
  /// there leave -1 and "" in every row.
  /// @throws Error missing (file, column), data (an id with different rows, a fold or cluster that is not a
  /// whole number)
  static Split read(const std::filesystem::path& path, const SplitOptions& options = {});

  /// The row of an id; nullptr if it is in no set.
  const SplitRow* find(const std::string& id) const;
  std::size_t size() const { return rows_.size(); }
  /// The names of the sets, sorted.
  std::vector<std::string> sets() const;
  /// The folds, clusters and groups that some row has, ascending; without -1 and "".
  std::vector<int> folds() const;
  std::vector<int> clusters() const;
  std::vector<std::string> groups() const;
  const std::string& name() const { return name_; }
  std::vector<std::string> ids() const; ///< all ids, sorted
  /// Renames the ids to those of other tables.
  void rename(const IdMatch& match);

private:
  std::string name_;
  std::unordered_map<std::string, SplitRow> rows_;
};

} // namespace ionsift::dataset
