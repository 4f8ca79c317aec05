// SPDX-License-Identifier: BSD-3-Clause
// Matching of the ids of tables and stores, also if people or spreadsheets altered them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ionsift::dataset {

/// An id without common alterations: letter case, blanks of any kind and byte order marks at its
/// ends, the ending of a structure file (".cif", ".mcif", ".vasp", ".poscar", ".xyz", ".json", also with
/// ".gz") and the folder before it, and the ".0" of whole numbers.
std::string loose_id(std::string_view id);

/// The match of a table's ids with those of a store or another table.
class IdMatch {
public:
  /// Every id in `known` is unchanged. Another one becomes the known one with the same loose_id, unless a
  /// third has that name already.
  /// @param what  source of the ids: "labels.csv"
  /// @param where source of the known ids: "store.h5"
  /// @throws Error conflict where two ids would become one, or one could become two
  IdMatch(const std::vector<std::string>& ids, const std::vector<std::string>& known, std::string what,
          std::string where);

  /// The known id for one of the table; itself if there is none.
  const std::string& operator()(const std::string& id) const;
  std::size_t size() const { return exact_ + loose_.size() + unmatched_.size(); }
  std::size_t matched() const { return exact_ + loose_.size(); }
  const std::unordered_map<std::string, std::string>& renamed() const { return renamed_; }
  const std::vector<std::string>& unmatched() const { return unmatched_; } ///< in order of the table

  /// "3 ids of labels.csv match store.h5 without ending, blanks or letter case, for example ..."; empty where
  /// all that match do so exactly.
  std::string remark_on_loose() const;
  /// "12 of 64 ids of labels.csv are not in store.h5, for example ..."; empty where all are.
  std::string remark_on_unmatched() const;

private:
  std::string what_, where_;
  std::size_t exact_ = 0;
  std::vector<std::pair<std::string, std::string>> loose_;
  std::unordered_map<std::string, std::string> renamed_;
  std::vector<std::string> unmatched_;
};

/// "a, b, c and 5 more"
std::string list_examples(const std::vector<std::string>& ids, std::size_t most = 5);

} // namespace ionsift::dataset
