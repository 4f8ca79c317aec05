// Which structures train, validate and test.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>

namespace ionsift::dataset {

struct SplitOptions {
  std::string id_column;       ///< empty: found as for labels
  std::string set_column;      ///< empty: "set" or "split"
  std::string cluster_column;  ///< empty: "cluster" where it exists
};

struct SplitRow {
  std::string set;  ///< lower case: "train", "test", "validation", "all"
  int cluster = -1; ///< LOCO cluster, -1 where the file has none
};

class Split {
public:
  /// @throws Error missing, data
  static Split read(const std::filesystem::path& path, const SplitOptions& options = {});
  const SplitRow* find(const std::string& id) const;
  std::size_t size() const { return rows_.size(); }

private:
  std::unordered_map<std::string, SplitRow> rows_;
};

} // namespace ionsift::dataset
