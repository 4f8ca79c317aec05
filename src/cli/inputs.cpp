// SPDX-License-Identifier: BSD-3-Clause
#include "inputs.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/crystal/chemistry/near_composition.hpp"
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/dataset/features/reference.hpp"

#include <fmt/ranges.h>

#include <algorithm>

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
      "Materials Project; docs/data.md lists their places in the folder.");
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
      .required_list("labels", "FILE", labels,
                     "CSV of conductivities measured at room temperature; several: columns and units of each "
                     "are found by name, and measurements that two of them have count once")
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

dataset::Labels read_labels(const parallel::Communicator& comm, const std::vector<fs::path>& paths,
                            const dataset::LabelOptions& options, RunRecord& record,
                            const std::vector<std::string>& known) {
  IONSIFT_VALIDATE(options.threshold > 0, usage, fmt::format("--threshold {}", options.threshold),
                   "it is a conductivity in S/cm", "Give a number above 0.");
  auto labels = dataset::Labels::read_tables(paths, options, known);
  for (const auto& remark : labels.remarks()) {
    say(comm, record, remark);
  }
  record.result()["label_tables"] = facts_of(labels).at("tables");
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
                   "Use the same names for structures in both tables.");
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

std::vector<fs::path> find_inputs(const std::vector<std::string>& paths, const std::string& data) {
  std::vector<fs::path> found;
  for (const auto& path : paths) {
    found.push_back(find_input(path, data));
  }
  return found;
}

std::string LabelInputs::names() const {
  return fmt::format("{}", fmt::join(labels, ", "));
}

dataset::Labels LabelInputs::read_labels(const parallel::Communicator& comm, const std::string& data,
                                         RunRecord& record, const std::vector<std::string>& known) const {
  return cli::read_labels(comm, find_inputs(labels, data), label_options, record, known);
}

dataset::Labels LabelInputs::read_labels(const parallel::Communicator& comm, const store::Reader& store,
                                         const std::string& data, RunRecord& record) const {
  const auto known = store.ids(0, store.size());
  auto all = read_labels(comm, data, record, known);
  align_ids(comm, known, store.path().string(), all, record);
  return all;
}

std::string LabelInputs::id_column_of(const fs::path& table) const {
  if (labels.size() < 2 || label_options.id_column.empty()) {
    return label_options.id_column;
  }
  const auto header = CsvTable::read(table).header();
  return std::ranges::find(header, label_options.id_column) == header.end() ? "" : label_options.id_column;
}

std::optional<dataset::IcsdNumbers>
LabelInputs::read_icsd_numbers(const std::string& data, const std::vector<std::string>& known) const {
  std::optional<dataset::IcsdNumbers> all;
  for (const auto& path : find_inputs(labels, data)) {
    auto numbers = dataset::IcsdNumbers::read_if_any(path, id_column_of(path));
    if (!numbers) {
      continue;
    }
    numbers->rename(dataset::IdMatch(numbers->ids(), known, path.string(), "the store"));
    if (all) {
      all->append(*numbers);
    } else {
      all = std::move(numbers);
    }
  }
  return all;
}

std::unordered_map<std::string, dataset::MeasuredWhen>
LabelInputs::read_measured_when(const std::string& data, const std::vector<std::string>& known) const {
  std::unordered_map<std::string, dataset::MeasuredWhen> all;
  for (const auto& path : find_inputs(labels, data)) {
    for (auto& [id, when] : dataset::read_measured_when(path, id_column_of(path), known)) {
      auto& one = all[id];
      if (one.year == 0) {
        one.year = when.year;
      }
      if (one.chemistry.empty()) {
        one.chemistry = std::move(when.chemistry);
      }
    }
  }
  return all;
}

nlohmann::json references_of(const dataset::Labels& labels, const std::vector<std::string>& ids) {
  auto references = nlohmann::json::object();
  for (const auto& id : ids) {
    const auto* label = labels.find(id);
    if (label != nullptr && !label->reference.empty()) {
      references[id] = label->reference;
    }
  }
  return references;
}

dataset::PublicationsById publications_of(const dataset::Labels& labels) {
  dataset::PublicationsById publications;
  for (const auto& label : labels.all()) {
    if (auto dois = dataset::dois_in(label.reference); !dois.empty()) {
      publications.emplace(label.id, std::move(dois));
    }
  }
  return publications;
}

void say_unused_entries(const parallel::Communicator& comm, const dataset::JoinReport& joined,
                        const dataset::Labels& labels, RunRecord& record) {
  std::size_t with_composition = 0;
  for (const auto& id : joined.unfeatured) {
    with_composition += labels.composition_of(id) ? 1U : 0U;
  }
  if (with_composition > 0) {
    say(comm, record,
        {true,
         fmt::format("{} labelled entries have no structure and are not used, although {} of them have a "
                     "composition: --table-entries trains members that look at compositions alone on "
                     "them",
                     joined.unfeatured.size(), with_composition)});
  }
}

namespace {

nlohmann::json facts_of(const dataset::LabelTable& table) {
  nlohmann::json facts = {{"table", fs::path(table.name).filename().string()},
                          {"sha256", table.sha256},
                          {"unit", table.unit.spelling},
                          {"labels", table.labels},
                          {"rows_skipped", table.skipped},
                          {"rows_repeated", table.repeated},
                          {"known_before", table.known_before},
                          {"same_measurement", table.same_measurement},
                          {"contradicting", table.contradicting}};
  if (!table.composition_column.empty()) {
    facts["composition_column"] = table.composition_column;
  }
  if (!table.unit.conversion.empty()) {
    facts["conversion"] = table.unit.conversion;
  }
  if (table.unit.temperature) {
    facts["measured_at_K"] = *table.unit.temperature;
  }
  return facts;
}

} // namespace

nlohmann::json facts_of(const dataset::Labels& labels) {
  const auto& unit = labels.unit();
  std::vector<std::string> names;
  auto tables = nlohmann::json::array();
  for (const auto& table : labels.tables()) {
    names.push_back(fs::path(table.name).filename().string());
    tables.push_back(facts_of(table));
  }
  nlohmann::json facts = {{"table", fmt::format("{}", fmt::join(names, ", "))},
                          {"unit", unit.spelling},
                          {"rows_repeated", labels.repeated()},
                          {"rows_skipped", labels.skipped()},
                          {"tables", std::move(tables)}};
  if (!unit.conversion.empty()) {
    facts["conversion"] = unit.conversion;
  }
  if (unit.temperature) {
    facts["measured_at_K"] = *unit.temperature;
  }
  return facts;
}

void note_use(nlohmann::json& facts, const dataset::Labels& labels,
              const std::vector<std::string>& structures, const std::vector<std::string>& entries) {
  auto& tables = facts.at("tables");
  const auto count = [&](const std::vector<std::string>& ids, const char* key) {
    std::vector<std::size_t> of_table(tables.size(), 0);
    for (const auto& id : ids) {
      ++of_table.at(labels.find(id)->table);
    }
    for (std::size_t t = 0; t < tables.size(); ++t) {
      tables[t][key] = of_table[t];
    }
    return of_table;
  };
  const auto with = count(structures, "structures"), without = count(entries, "table_entries");
  for (std::size_t t = 0; t < tables.size(); ++t) {
    tables[t]["not_used"] = labels.tables()[t].labels - with[t] - without[t];
  }
  if (tables.size() > 1) {
    auto& table_of = facts["table_of"] = nlohmann::json::object();
    for (const auto* ids : {&structures, &entries}) {
      for (const auto& id : *ids) {
        table_of[id] = tables.at(labels.find(id)->table).at("table");
      }
    }
  }
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
    if (crystal::contradict(*written, crystal::Composition::parse(structures[i].formula))) {
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
