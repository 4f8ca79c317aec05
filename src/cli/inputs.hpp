// SPDX-License-Identifier: BSD-3-Clause
// Finding what an option names.
#pragma once

#include "ionsift/base/run_record.hpp"
#include "ionsift/crystal/source/source_notes.hpp"
#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/dataset/pairs/leaks.hpp"
#include "ionsift/dataset/pairs/structure_identity.hpp"
#include "ionsift/dataset/split/split.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/read/reader.hpp"

#include "option_table.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace ionsift::cli {

/// The path itself where it exists, else the path inside the data folder (--data, $IONSIFT_DATA, ../shared).
/// @throws Error missing that says where it looked and how to get the public data
std::filesystem::path find_input(const std::string& path, const std::string& data);
/// The same for structures, which may also lie inside a file: "x.tar.gz/a.cif", as failure lists name them.
std::filesystem::path find_structures(const std::string& path, const std::string& data);

/// Keeps in the record what inputs held besides entries: what was passed over, and how many were numbered.
void note_source(const crystal::SourceNotes& notes, RunRecord& record);

/// Warns of structures that were numbered and archives that were not read, which would go unseen among the
/// counts.
void warn_of_source(const crystal::SourceNotes& notes);

/// Says a remark once, on the root, and keeps it in the record.
void say(const parallel::Communicator& comm, RunRecord& record, const dataset::TableRemark& remark);

/// Labels from a table, with all remarks on it said.
dataset::Labels read_labels(const parallel::Communicator& comm, const std::filesystem::path& path,
                            const dataset::LabelOptions& options, RunRecord& record);

/// Gives labels the names by which a store knows the structures, and says what matches only so, and what does
/// not match at all. @throws Error conflict where it is not clear what an id means, data where none matches
void align_ids(const parallel::Communicator& comm, const store::Reader& store, dataset::Labels& labels,
               RunRecord& record);
/// The same for another collection of structures. @param where they are
void align_ids(const parallel::Communicator& comm, const std::vector<std::string>& known,
               const std::string& where, dataset::Labels& labels, RunRecord& record);
/// The same for a split, whose ids become those of a list of labels.
void align_ids(const parallel::Communicator& comm, const dataset::Labels& labels, dataset::Split& split,
               RunRecord& record);

/// What ensemble.json keeps of a table of labels besides the threshold.
nlohmann::json facts_of(const dataset::Labels& labels);

/// Positions of labelled structures in a store. Collective.
/// @throws Error conflict when one occurs twice
std::vector<std::uint64_t> positions_of(const store::Reader& store, const std::vector<std::string>& ids);

/// Compares compositions in the table of labels with those of the structures, and says which contradict.
/// Collective. @throws Error data where all of at least five do
void compare_compositions(const parallel::Communicator& comm, const dataset::Labels& labels,
                          const std::vector<std::string>& ids,
                          const std::vector<dataset::StructureIdentity>& structures, RunRecord& record);

/// The options by which labels and splits are read, shared by train and evaluate.
struct LabelInputs {
  std::string labels, split;
  dataset::LabelOptions label_options;
  dataset::SplitOptions split_options;

  void declare(OptionTable& table);
  /// @throws Error usage for a set that is asked for although there is no split
  void require_split_for(const std::string& set) const;
  /// What is converted, skipped or odd is said.
  dataset::Labels read_labels(const parallel::Communicator& comm, const std::string& data,
                              RunRecord& record) const;
  std::optional<dataset::Split> read_split(const std::string& data) const;
  /// ICSD numbers in the table of labels, where it has them, by the names among `known`.
  std::optional<dataset::IcsdNumbers> read_icsd_numbers(const std::string& data,
                                                        const std::vector<std::string>& known) const;
  /// Where the conductivities are from (DOI or the like), by the names among `known`.
  nlohmann::json read_references(const std::string& data, const std::vector<std::string>& known) const;
  /// The labelled entries without a structure that --table-entries trains on, counted in the record.
  /// @throws Error missing where the table has no column of compositions
  static dataset::FeatureSet read_table_entries(const parallel::Communicator& comm,
                                                const dataset::Labels& known,
                                                const dataset::JoinReport& joined, RunRecord& record);
};

} // namespace ionsift::cli
