#include "inputs.hpp"

#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/crystal/source.hpp"

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
  table.required("labels", "FILE", labels, "CSV of measured conductivities in S/cm at room temperature")
      .add("split", "FILE", split,
           "CSV that assigns each id to a set; empty: every labelled structure is used")
      .add("id-column", "NAME", label_options.id_column, "column of ids in the labels; empty: found by name")
      .add("conductivity-column", "NAME", label_options.conductivity_column,
           "column of conductivities in S/cm; empty: found by name")
      .add("composition-column", "NAME", label_options.composition_column,
           "column of compositions in the labels; empty: found by name where there is one")
      .add("threshold", "S/CM", label_options.threshold, "conductivities strictly greater are superionic")
      .add("split-id-column", "NAME", split_options.id_column,
           "column of ids in the split; empty: found by name")
      .add("set-column", "NAME", split_options.set_column,
           "column of sets in the split; empty: found by name");
}

dataset::Labels LabelInputs::read_labels(const std::string& data) const {
  return dataset::Labels::read(find_input(labels, data), label_options);
}

std::optional<dataset::IcsdNumbers> LabelInputs::read_icsd_numbers(const std::string& data) const {
  return dataset::IcsdNumbers::read_if_any(find_input(labels, data), label_options.id_column);
}

dataset::FeatureSet LabelInputs::read_table_entries(const dataset::Labels& known,
                                                    const dataset::JoinReport& joined, RunRecord& record) {
  std::vector<std::string> unreadable;
  auto entries = dataset::table_entries(known, joined.unfeatured, unreadable);
  record.counts()["table_entries"] = entries.size();
  record.counts()["table_entries_unreadable"] = unreadable.size();
  log::info("{} labelled entries are known by their composition alone", entries.size());
  if (!unreadable.empty()) {
    log::warning("{} labelled entries have no composition that can be read, for example {}",
                 unreadable.size(), unreadable.front());
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
