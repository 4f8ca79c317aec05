// SPDX-License-Identifier: BSD-3-Clause
// Finding what an option names.
#pragma once

#include "ionsift/base/run_record.hpp"
#include "ionsift/crystal/source/source_notes.hpp"
#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/dataset/labels/known_compounds.hpp"
#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/dataset/labels/publications.hpp"
#include "ionsift/dataset/pairs/leaks.hpp"
#include "ionsift/dataset/pairs/structure_identity.hpp"
#include "ionsift/dataset/split/split.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/read/reader.hpp"

#include "option_table.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::cli {

/// The path itself where it exists, else the path inside the data folder (--data, $IONSIFT_DATA, ../shared).
/// @throws Error missing, with the searched folders and how to get the public data
std::filesystem::path find_input(const std::string& path, const std::string& data);
/// The same for structures, which may also lie inside a file: "x.tar.gz/a.cif", as failure lists name them.
std::filesystem::path find_structures(const std::string& path, const std::string& data);

/// Keeps in the record what inputs held besides entries: what was passed over, and how many were numbered.
void note_source(const crystal::SourceNotes& notes, RunRecord& record);

/// Warns of structures that were numbered and archives that were not read, which would go unseen among the
/// counts.
void warn_of_source(const crystal::SourceNotes& notes);

/// Logs a remark once, on the root, and adds it to the record.
void say(const parallel::Communicator& comm, RunRecord& record, const dataset::TableRemark& remark);

/// Labels from tables (Labels::read_tables), with all remarks on them logged, and the counts of their rows in
/// the result of the record.
dataset::Labels read_labels(const parallel::Communicator& comm,
                            const std::vector<std::filesystem::path>& paths,
                            const dataset::LabelOptions& options, RunRecord& record,
                            const std::vector<std::string>& known = {});

/// Renames labels to the ids of a store, and reports which match only loosely, and which do
/// not match at all. @throws Error conflict where it is not clear what an id means, data where none matches
void align_ids(const parallel::Communicator& comm, const store::Reader& store, dataset::Labels& labels,
               RunRecord& record);
/// The same for another collection of structures. @param where they are
void align_ids(const parallel::Communicator& comm, const std::vector<std::string>& known,
               const std::string& where, dataset::Labels& labels, RunRecord& record);
/// The same for a split, whose ids become those of a list of labels.
void align_ids(const parallel::Communicator& comm, const dataset::Labels& labels, dataset::Split& split,
               RunRecord& record);

/// The entry of ensemble.json for the tables of labels besides the threshold: name, SHA-256, unit
/// and counts of rows of each.
nlohmann::json facts_of(const dataset::Labels& labels);
/// Adds to these facts how many structures and table entries of each table are trained on, how many of its
/// labels are not, and with several tables from which each value is.
void note_use(nlohmann::json& facts, const dataset::Labels& labels,
              const std::vector<std::string>& structures, const std::vector<std::string>& entries);

/// The files that names of an option mean, by find_input.
std::vector<std::filesystem::path> find_inputs(const std::vector<std::string>& paths,
                                               const std::string& data);

/// Positions of labelled structures in a store. Collective.
/// @throws Error conflict when one occurs twice
std::vector<std::uint64_t> positions_of(const store::Reader& store, const std::vector<std::string>& ids);

/// Compares compositions in the table of labels with those of the structures, and reports contradictions.
/// Collective. @throws Error data where all of at least five do
void compare_compositions(const parallel::Communicator& comm, const dataset::Labels& labels,
                          const std::vector<std::string>& ids,
                          const std::vector<dataset::StructureIdentity>& structures, RunRecord& record);

/// The options by which labels and splits are read, shared by train and evaluate.
struct LabelInputs {
  std::vector<std::string> labels;
  std::string split;
  dataset::LabelOptions label_options;
  dataset::SplitOptions split_options;

  void declare(OptionTable& table);
  /// @throws Error usage for a set that is requested without a split
  void require_split_for(const std::string& set) const;
  /// The tables as they were named: "a.csv, b.csv".
  std::string names() const;
  /// The labels of all tables (Labels::read_tables), by their own ids. What is converted, skipped, left out
  /// or odd is logged and added to the record.
  dataset::Labels read_labels(const parallel::Communicator& comm, const std::string& data, RunRecord& record,
                              const std::vector<std::string>& known = {}) const;
  /// The same, by the ids of a store (align_ids), whose structures decide which of the entries that are one
  /// measurement stays.
  dataset::Labels read_labels(const parallel::Communicator& comm, const store::Reader& store,
                              const std::string& data, RunRecord& record) const;
  std::optional<dataset::Split> read_split(const std::string& data) const;
  /// ICSD numbers in the tables of labels, where they have any, by the names among `known`.
  std::optional<dataset::IcsdNumbers> read_icsd_numbers(const std::string& data,
                                                        const std::vector<std::string>& known) const;
  /// When, and of what chemistry, entries were measured, by the names among `known`: what the first table
  /// that says so has.
  std::unordered_map<std::string, dataset::MeasuredWhen>
  read_measured_when(const std::string& data, const std::vector<std::string>& known) const;
  /// The labelled entries without a structure that --table-entries trains on, counted in the record.
  /// @throws Error missing where the table has no column of compositions
  static dataset::FeatureSet read_table_entries(const parallel::Communicator& comm,
                                                const dataset::Labels& known,
                                                const dataset::JoinReport& joined, RunRecord& record);

private:
  /// The column of ids in a table: the one that was named, where the table has it.
  std::string id_column_of(const std::filesystem::path& table) const;
};

/// The sources of these entries' values (DOI or similar), by id; without those that have none.
nlohmann::json references_of(const dataset::Labels& labels, const std::vector<std::string>& ids);

/// The DOIs of labelled entries.
dataset::PublicationsById publications_of(const dataset::Labels& labels);

/// Says which labelled entries have no structure and are not used, where they could train members.
void say_unused_entries(const parallel::Communicator& comm, const dataset::JoinReport& joined,
                        const dataset::Labels& labels, RunRecord& record);

} // namespace ionsift::cli
