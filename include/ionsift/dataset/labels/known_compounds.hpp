// SPDX-License-Identifier: BSD-3-Clause
// Known compounds: for hindcasts, and to exclude them from new proposals.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::dataset {

/// A candidate whose composition has been measured.
struct KnownCompound {
  double log10_conductivity = 0; ///< NaN if unknown
  bool superionic = false;
  bool class_known = true;       ///< whether `superionic` is meaningful
  bool upper_bound = false;      ///< the conductivity is a bound: "< 1e-10"
  std::string composition;       ///< composition as written in the table; empty if it has none
  std::string reference;         ///< DOI or other reference; empty if the table has none
  int first_year = 0;            ///< first year of a measurement; 0 if unknown
  int first_superionic_year = 0; ///< 0 if never, or unknown
  std::string chemistry;         ///< family as in chemistry_of, or finer; empty if the table has none
  bool in_test_set = false;      ///< in the test set of the labels; only reported
};

/// By id. Columns: an id or a composition; where there are any superionic, log10_conductivity or a column of
/// conductivities with its unit, a reference (reference_columns), first_year, first_superionic_year,
/// chemistry, touches_obelix_test. Without a column of ids, or in a row without one, the composition is the
/// id. The class is that of the column superionic, else follows from the conductivity.
/// @param needs_class rows without a class are an error @param threshold S/cm, above which a class is 1
/// @throws Error missing (file, column), data (no number, an id twice)
std::unordered_map<std::string, KnownCompound>
read_known_compounds(const std::filesystem::path& path, bool needs_class = false, double threshold = 1e-4);

/// Year and family of a labelled compound.
struct MeasuredWhen {
  int year = 0; ///< year of measurement, 0 if unknown
  std::string chemistry;
};

/// By id, from a table of labels with columns "year" and "chemistry", of which one may be missing.
/// @param id_column empty: found by name
/// @param known names of the structures: ids that match one of them loosely (IdMatch) get it
/// @throws Error missing (file, column), data (a year that is not a whole number), conflict (IdMatch)
std::unordered_map<std::string, MeasuredWhen> read_measured_when(const std::filesystem::path& path,
                                                                 const std::string& id_column,
                                                                 const std::vector<std::string>& known);

} // namespace ionsift::dataset
