// SPDX-License-Identifier: BSD-3-Clause
#include "inputs.hpp"

#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/dataset/features/reference.hpp"

#include <set>

namespace ionsift::cli {

namespace fs = std::filesystem;

fs::path find_input(const std::string& path, const std::string& data) {
  if (fs::exists(path)) {
    return path;
  }
  const auto folder = find_data(data.empty() ? std::nullopt : std::optional(data));
  if (folder && fs::exists(*folder / path)) {
    return *folder / path;
  }
  throw Error(
      ErrorCode::missing, fmt::format("{} does not exist", path),
      folder ? fmt::format("looked in {} and in {}", fs::current_path().string(), folder->string())
             : fmt::format("looked in {}; there is no data folder", fs::current_path().string()),
      "Name an existing file, or a data folder with --data or $IONSIFT_DATA. The public data are OBELiX "
      "(structures and conductivities), the MEGNet weights of the megnet package's mvl_models, and the "
      "Materials Project; docs/data.md says where each lies in the folder.");
}

fs::path find_structures(const std::string& path, const std::string& data) {
  const auto is_inside = [](const fs::path& place) {
    return !fs::exists(place) && crystal::is_inside_file(place);
  };
  if (is_inside(path)) {
    return path;
  }
  const auto folder = find_data(data.empty() ? std::nullopt : std::optional(data));
  return folder && !fs::exists(path) && is_inside(*folder / path) ? *folder / path : find_input(path, data);
}

void LabelInputs::declare(OptionTable& table) {
  table.group("Labels and split")
      .required("labels", "FILE", labels, "CSV of conductivities measured at room temperature")
      .add("split", "FILE", split,
           "CSV that assigns each id to a set; empty: every labelled structure is used")
      .add("id-column", "NAME", label_options.id_column, "column of ids in the labels; empty: found by name")
      .add("conductivity-column", "NAME", label_options.conductivity_column,
           "column of conductivities; empty: found by name")
      .add("conductivity-unit", "UNIT", label_options.conductivity_unit,
           "their unit: S/cm, mS/cm, uS/cm, S/m, '10^-3 S/cm', 'log10 S/cm' ...; empty: from the column's "
           "name "
           "or its cells")
      .add("composition-column", "NAME", label_options.composition_column,
           "column of compositions in the labels; empty: found by name where there is one")
      .add("threshold", "S/CM", label_options.threshold, "conductivities strictly greater are superionic")
      .add("split-id-column", "NAME", split_options.id_column,
           "column of ids in the split; empty: found by name")
      .add("set-column", "NAME", split_options.set_column,
           "column of sets in the split; empty: found by name")
      .only_with({"split"}, {"split-id-column", "set-column"})
      .group("");
}

void note_source(const crystal::SourceNotes& notes, RunRecord& record) {
  auto& passed_over = record.result()["passed_over"] = nlohmann::json::object();
  for (const auto& [kind, known] : notes.passed_over) {
    passed_over[kind] = {{"count", known.count}, {"example", known.example}};
  }
  record.counts()["numbered"] = notes.numbered.count;
}

void warn_of_source(const crystal::SourceNotes& notes) {
  if (notes.numbered.count > 0) {
    log::warning("{} structures have no id of their own and were numbered, for example '{}'",
                 notes.numbered.count, notes.numbered.example);
  }
  if (const auto nested = notes.passed_over.find("archive within an archive");
      nested != notes.passed_over.end()) {
    log::warning("{} archives within archives were not read, for example {}: unpack the outer one",
                 nested->second.count, nested->second.example);
  }
}

void say(const parallel::Communicator& comm, RunRecord& record, const dataset::TableRemark& remark) {
  if (comm.is_root()) {
    log::write(remark.is_warning ? log::Level::warning : log::Level::info, remark.text);
  }
  record.remark(remark.text);
}

dataset::Labels read_labels(const parallel::Communicator& comm, const fs::path& path,
                            const dataset::LabelOptions& options, RunRecord& record) {
  IONSIFT_VALIDATE(options.threshold > 0, usage, fmt::format("--threshold {}", options.threshold),
                   "it is a conductivity in S/cm", "Give a number above 0.");
  auto labels = dataset::Labels::read(path, options);
  for (const auto& remark : labels.remarks()) {
    say(comm, record, remark);
  }
  return labels;
}

void align_ids(const parallel::Communicator& comm, const store::Reader& store, dataset::Labels& labels,
               RunRecord& record) {
  align_ids(comm, store.ids(0, store.size()), store.path().string(), labels, record);
}

void align_ids(const parallel::Communicator& comm, const std::vector<std::string>& known,
               const std::string& where, dataset::Labels& labels, RunRecord& record) {
  const dataset::IdMatch match(labels.ids(), known, labels.name(), where);
  IONSIFT_VALIDATE(match.matched() > 0 || match.size() == 0, data,
                   fmt::format("no structure of {} has a label", where), match.remark_on_unmatched(),
                   "Name the structures of the table as the store does.");
  if (const auto text = match.remark_on_loose(); !text.empty()) {
    say(comm, record, {false, text});
  }
  if (const auto text = match.remark_on_unmatched(); !text.empty()) {
    say(comm, record, {true, text});
  }
  labels.rename(match);
}

void align_ids(const parallel::Communicator& comm, const dataset::Labels& labels, dataset::Split& split,
               RunRecord& record) {
  const dataset::IdMatch match(split.ids(), labels.ids(), split.name(), labels.name());
  IONSIFT_VALIDATE(match.matched() > 0 || match.size() == 0, data,
                   fmt::format("no labelled structure is in {}", split.name()), match.remark_on_unmatched(),
                   "Name the structures of both tables alike.");
  if (const auto text = match.remark_on_loose(); !text.empty()) {
    say(comm, record, {false, text});
  }
  split.rename(match);
  std::vector<std::string> nowhere;
  for (const auto& label : labels.all()) {
    if (split.find(label.id) == nullptr) {
      nowhere.push_back(label.id);
    }
  }
  if (!nowhere.empty()) {
    say(comm, record,
        {true, fmt::format("{} of {} labelled structures are in no set of {}: {}", nowhere.size(),
                           labels.all().size(), split.name(), dataset::list_examples(nowhere))});
  }
}

void LabelInputs::require_split_for(const std::string& set) const {
  IONSIFT_VALIDATE(!split.empty() || set.empty() || set == "all", usage,
                   fmt::format("--set {} needs --split", set),
                   "without a split every labelled structure is taken, which is the set all",
                   "Give a split with --split, or --set all.");
}

dataset::Labels LabelInputs::read_labels(const parallel::Communicator& comm, const std::string& data,
                                         RunRecord& record) const {
  return cli::read_labels(comm, find_input(labels, data), label_options, record);
}

std::optional<dataset::IcsdNumbers>
LabelInputs::read_icsd_numbers(const std::string& data, const std::vector<std::string>& known) const {
  auto numbers = dataset::IcsdNumbers::read_if_any(find_input(labels, data), label_options.id_column);
  if (numbers) {
    numbers->rename(dataset::IdMatch(numbers->ids(), known, labels, "the store"));
  }
  return numbers;
}

nlohmann::json LabelInputs::read_references(const std::string& data,
                                            const std::vector<std::string>& known) const {
  const auto references = dataset::read_references(find_input(labels, data), label_options.id_column);
  std::vector<std::string> ids;
  for (const auto& [id, reference] : references) {
    ids.push_back(id);
  }
  std::ranges::sort(ids);
  const dataset::IdMatch match(ids, known, labels, "the store");
  auto kept = nlohmann::json::object();
  const std::set<std::string> wanted(known.begin(), known.end());
  for (const auto& id : ids) {
    if (const auto& name = match(id); wanted.contains(name)) {
      kept[name] = references.at(id);
    }
  }
  return kept;
}

nlohmann::json facts_of(const dataset::Labels& labels) {
  const auto& unit = labels.unit();
  nlohmann::json facts = {{"table", fs::path(labels.name()).filename().string()},
                          {"unit", unit.spelling},
                          {"rows_repeated", labels.repeated()},
                          {"rows_skipped", labels.skipped()}};
  if (!unit.conversion.empty()) {
    facts["conversion"] = unit.conversion;
  }
  if (unit.temperature) {
    facts["measured_at_K"] = *unit.temperature;
  }
  return facts;
}

std::vector<std::uint64_t> positions_of(const store::Reader& store, const std::vector<std::string>& ids) {
  return dataset::locate(store, ids);
}

void compare_compositions(const parallel::Communicator& comm, const dataset::Labels& labels,
                          const std::vector<std::string>& ids,
                          const std::vector<dataset::StructureIdentity>& structures, RunRecord& record) {
  std::vector<std::string> contradictions;
  std::size_t compared = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto written = labels.composition_of(ids[i]);
    if (!written) {
      continue;
    }
    ++compared;
    if (dataset::contradict(*written, crystal::Composition::parse(structures[i].formula))) {
      contradictions.push_back(fmt::format("{} ({} in the table, {} in the structure)", ids[i],
                                           labels.find(ids[i])->composition, structures[i].formula));
    }
  }
  if (contradictions.empty()) {
    return;
  }
  const auto text =
      fmt::format("{} of {} compositions in {} contradict the structures of these ids: {}",
                  contradictions.size(), compared, labels.name(), dataset::list_examples(contradictions, 10));
  constexpr std::size_t several = 5;
  IONSIFT_VALIDATE(contradictions.size() < compared || compared < several, data,
                   fmt::format("labels and structures are of different compounds: {}", text),
                   "every composition is another one, so the ids of the two mean different things",
                   "Give the labels of these structures.");
  say(comm, record, {true, text});
}

dataset::FeatureSet LabelInputs::read_table_entries(const parallel::Communicator& comm,
                                                    const dataset::Labels& known,
                                                    const dataset::JoinReport& joined, RunRecord& record) {
  IONSIFT_VALIDATE(!known.composition_column().empty(), missing,
                   fmt::format("{} has no column of compositions for --table-entries", known.name()),
                   "entries without a structure are known by their composition alone",
                   "Name the column with --composition-column, or leave --table-entries out.");
  std::vector<std::string> unreadable;
  auto entries = dataset::table_entries(known, joined.unfeatured, unreadable);
  record.counts()["table_entries"] = entries.size();
  record.counts()["table_entries_unreadable"] = unreadable.size();
  say(comm, record,
      {entries.size() == 0, fmt::format("{} labelled entries are known by their composition alone (\"{}\"){}",
                                        entries.size(), known.composition_column(),
                                        entries.size() == 0 ? ": --table-entries changes nothing" : "")});
  if (!unreadable.empty()) {
    std::vector<std::string> examples;
    for (const auto& id : unreadable) {
      examples.push_back(fmt::format("{} (\"{}\")", id, known.find(id)->composition));
    }
    say(comm, record,
        {true, fmt::format("{} labelled entries have no composition that can be read and are left out: {}",
                           unreadable.size(), dataset::list_examples(examples))});
  }
  return entries;
}

std::optional<dataset::Split> LabelInputs::read_split(const std::string& data) const {
  if (split.empty()) {
    return std::nullopt;
  }
  return dataset::Split::read(find_input(split, data), split_options);
}

} // namespace ionsift::cli
