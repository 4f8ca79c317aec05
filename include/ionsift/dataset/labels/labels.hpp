// SPDX-License-Identifier: BSD-3-Clause
// Measured conductivities and the classes derived from them.
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
  bool upper_bound = false; ///< the source gives "<1E-10": class 0, and a bound instead of a value
  int positive = 0;         ///< 1 where conductivity > threshold
  std::string composition;  ///< composition as written in the table; empty if it has none
  std::string reference{};  ///< DOI or the like (reference_column); empty if the table has none
  std::size_t table = 0;    ///< index of its source in Labels::tables()
};

struct LabelOptions {
  std::string id_column;           ///< empty: found by name, see find_id_column
  std::string conductivity_column; ///< empty: found by name, see ConductivityColumn
  std::string composition_column;  ///< empty: found by name if there is one, see find_composition_column
  double threshold = 1e-4;         ///< S/cm, strictly greater is class 1
  std::string conductivity_unit;   ///< empty: from the column's name or its cells, see ConductivityColumn
  /// Whether the unit applies only to columns without one; otherwise it overrides theirs.
  bool unit_where_none_is_said = false;
};

/// A remark about a table for its user.
struct TableRemark {
  bool is_warning = false;
  std::string text;
};

/// The unit of a table's conductivities.
struct LabelUnit {
  std::string spelling;              ///< "mS/cm"; empty for classes
  std::string conversion;            ///< to S/cm, "value x 0.001"; empty if values were used unchanged
  std::optional<double> temperature; ///< K, if the column's name gives one
};

/// A table of labels and the counts of its rows.
struct LabelTable {
  std::string name; ///< the file as named by the user
  std::string sha256;
  std::string composition_column; ///< empty if there is none
  LabelUnit unit;
  std::size_t labels = 0;       ///< entries whose label is from it
  std::size_t skipped = 0;      ///< rows without an id or a value
  std::size_t repeated = 0;     ///< rows that repeat an id of the same table
  std::size_t known_before = 0; ///< entries whose id an earlier table has
  /// Entries omitted because another table has the same measurement under another id.
  std::size_t same_measurement = 0;
  /// Entries with the composition and the DOI of one in another table, but the other class; they stay.
  std::size_t contradicting = 0;
};

/// Options of tables that give classes instead of conductivities.
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
  /// with one id and one class the first counts. `remarks` lists what is converted, skipped, repeated or odd.
  /// @throws Error missing (file, column, unit), data naming all unusable cells: not a number, a
  /// negative value, a bound that leaves the class open, an id with different classes
  static Labels read(const std::filesystem::path& path, const LabelOptions& options = {});

  /// The labels of several tables. Columns named in the options are used if a table has them; otherwise
  /// they are found by name, and the unit of the options applies to tables that do not give one.
  ///
  /// An id means the same entry in all tables: the first table that has it counts. Entries of two tables are
  /// the same measurement where no atomic fraction differs by more than 0.001, the class is the same, and the
  /// conductivities are equal within 2 % (two equal bounds are, too) or share a DOI. One of these is
  /// retained: the one with a structure, else that of the first table; both where both have one.
  /// @param known the ids of structures
  /// @throws Error as read does; also conflict where an id has different classes in two tables, or
  /// compositions that can hardly be of one compound (crystal::contradict), and usage where a table is named
  /// twice
  static Labels read_tables(const std::vector<std::filesystem::path>& paths, const LabelOptions& options,
                            const std::vector<std::string>& known = {});

  /// Reads classes; the conductivities are NaN. Rows that `exclude` names are counted by `excluded`.
  /// @throws Error missing (file, column), data (an id with different classes, an invalid label)
  static Labels read_classes(const std::filesystem::path& path, const ClassOptions& options);

  const std::vector<Label>& all() const { return labels_; }
  /// The label; nullptr if the id has none.
  const Label* find(const std::string& id) const;
  /// The composition of an id in the table; nothing without a readable one.
  std::optional<crystal::Composition> composition_of(const std::string& id) const;
  std::size_t skipped() const { return skipped_; }
  /// The threshold of the first table.
  const LabelUnit& unit() const { return tables_.front().unit; }
  const std::vector<LabelTable>& tables() const { return tables_; }
  const std::vector<TableRemark>& remarks() const { return remarks_; }
  /// The column of compositions in the first table that has one; empty if none has.
  const std::string& composition_column() const { return composition_column_; }
  /// The files as named by the user: "a.csv, b.csv".
  const std::string& name() const { return name_; }
  std::vector<std::string> ids() const;
  /// Renames the ids to those of a store.
  void rename(const IdMatch& match);
  /// S/cm above which a structure is of class 1.
  double threshold() const { return threshold_; }
  /// Rows left out because of one of the columns of ClassOptions::exclude.
  std::size_t excluded() const { return excluded_; }
  /// Rows that repeat an earlier id.
  std::size_t repeated() const { return repeated_; }

private:
  /// False if the id already has the other class.
  bool add(Label label);
  void remark_on_rows();

  std::string name_, composition_column_;
  std::vector<LabelTable> tables_{1};
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
