// Measured conductivities and the classes made of them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::dataset {

struct Label {
  std::string id;
  double conductivity = 0;   ///< S/cm at room temperature
  bool upper_bound = false;  ///< the source says "<1E-10": class 0, and a bound instead of a value
  int positive = 0;          ///< 1 where conductivity > threshold
};

struct LabelOptions {
  std::string id_column;           ///< empty: "ID", "id", "structure_id" ... whichever exists
  std::string conductivity_column; ///< empty: a column whose name holds "conductivity" and "S"
  double threshold = 1e-4;         ///< S/cm, strictly greater is class 1
};

/// Labels by id, in file order.
class Labels {
public:
  /// Rows without a value are skipped and counted.
  /// @throws Error missing (column), data (an id twice with different classes, a negative value, no number)
  static Labels read(const std::filesystem::path& path, const LabelOptions& options = {});

  const std::vector<Label>& all() const { return labels_; }
  const Label* find(const std::string& id) const;
  std::size_t skipped() const { return skipped_; }

private:
  std::vector<Label> labels_;
  std::unordered_map<std::string, std::size_t> index_;
  std::size_t skipped_ = 0;
};

} // namespace ionsift::dataset
