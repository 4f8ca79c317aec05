// SPDX-License-Identifier: BSD-3-Clause
// Measured conductivities and the classes made of them.
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"
#include "ionsift/dataset/labels/id_matching.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::dataset {

struct Label {
  std::string id;
  double conductivity = 0;  ///< S/cm at room temperature
  bool upper_bound = false; ///< the source says "<1E-10": class 0, and a bound instead of a value
  int positive = 0;         ///< 1 where conductivity > threshold
  std::string composition;  ///< as the table spells it; empty where it has none
};

struct LabelOptions {
  std::string id_column;           ///< empty: found by name, see find_id_column
  std::string conductivity_column; ///< empty: found by name, see ConductivityColumn
  std::string composition_column;  ///< empty: found by name where there is one, see find_composition_column
  double threshold = 1e-4;         ///< S/cm, strictly greater is class 1
  std::string conductivity_unit;   ///< empty: from the column's name or its cells, see ConductivityColumn
};

/// Something about a table that its user should know.
struct TableRemark {
  bool is_warning = false;
  std::string text;
};

/// In which unit a table gave conductivities.
struct LabelUnit {
  std::string spelling;              ///< "mS/cm"; empty for classes
  std::string conversion;            ///< to S/cm, "value x 0.001"; empty where values were taken as they are
  std::optional<double> temperature; ///< K, where the column's name tells one
};

/// Classes that a table states by itself, instead of conductivities.
struct ClassOptions {
  std::string id_column;            ///< empty: found by name, see find_id_column
  std::string label_column;         ///< 0 or 1, or with a threshold any number
  std::optional<double> threshold;  ///< numbers strictly greater are class 1
  std::vector<std::string> exclude; ///< columns; a row with anything but 0, false or nothing is left out
};

/// Labels by id, in file order.
class Labels {
public:
  /// Rows without an id, or whose value is unknown (is_placeholder), are skipped and counted. Of several rows
  /// with one id and one class the first counts. What is converted, skipped, repeated or odd is in `remarks`.
  /// @throws Error missing (file, column, unit), data naming all cells that cannot be used: no number, a
  /// negative value, a bound that leaves the class open, an id with different classes
  static Labels read(const std::filesystem::path& path, const LabelOptions& options = {});

  /// The same for classes; the conductivities are NaN. Rows that `exclude` names are counted by `excluded`.
  /// @throws Error missing (file, column), data (an id with different classes, a label that is none)
  static Labels read_classes(const std::filesystem::path& path, const ClassOptions& options);

  const std::vector<Label>& all() const { return labels_; }
  /// Nothing (nullptr) where the id has no label.
  const Label* find(const std::string& id) const;
  /// The composition that the table gives an id; nothing where it gives none that can be read.
  std::optional<crystal::Composition> composition_of(const std::string& id) const;
  std::size_t skipped() const { return skipped_; }
  const LabelUnit& unit() const { return unit_; }
  const std::vector<TableRemark>& remarks() const { return remarks_; }
  /// The column that compositions were taken from; empty where there is none.
  const std::string& composition_column() const { return composition_column_; }
  /// The file that they are from, as it was named.
  const std::string& name() const { return name_; }
  std::vector<std::string> ids() const;
  /// Takes over the names by which a store knows these structures.
  void rename(const IdMatch& match);
  /// S/cm above which a structure is of class 1.
  double threshold() const { return threshold_; }
  /// Rows left out because of one of the columns of ClassOptions::exclude.
  std::size_t excluded() const { return excluded_; }
  /// Rows that repeat an id that was seen before.
  std::size_t repeated() const { return repeated_; }

private:
  /// False where the id is known with the other class.
  bool add(Label label);
  void remark_on_rows();

  std::string name_, composition_column_;
  LabelUnit unit_;
  std::vector<TableRemark> remarks_;
  std::vector<std::string> repeated_ids_;
  std::vector<Label> labels_;
  std::unordered_map<std::string, std::size_t> index_;
  double threshold_ = 0;
  std::size_t skipped_ = 0;
  std::size_t excluded_ = 0;
  std::size_t repeated_ = 0;
};

} // namespace ionsift::dataset
