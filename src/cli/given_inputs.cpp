// SPDX-License-Identifier: BSD-3-Clause
#include "given_inputs.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/id_matching.hpp"

#include "inputs.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace ionsift::cli {

namespace {

constexpr std::string_view prefix = "given.";

std::shared_ptr<const dataset::GivenDescriptors> read_tables(const GivenInputs& inputs,
                                                             const std::vector<std::string>& columns,
                                                             const std::string& data, RunRecord& record) {
  const auto paths = find_inputs(inputs.tables, data);
  auto given = dataset::GivenDescriptors::read(paths, columns, inputs.id_column);
  auto tables = nlohmann::json::array();
  for (const auto& path : paths) {
    tables.push_back({{"table", path.string()}, {"sha256", sha256_of_file(path)}});
  }
  record.result()["descriptors"] = {{"columns", columns}, {"tables", std::move(tables)}};
  log::info("descriptors {} of {} structures from {}", fmt::join(columns, ", "), given.size(),
            fmt::join(given.tables(), ", "));
  return std::make_shared<const dataset::GivenDescriptors>(std::move(given));
}

} // namespace

void GivenInputs::declare_tables(OptionTable& table) {
  table
      .list("descriptors", "FILE", tables,
            "CSV of numbers by id of the structure, for members with the block \"given\"; several: columns "
            "of each")
      .add("descriptor-id-column", "NAME", id_column, "column of ids there; empty: found by name");
}

void GivenInputs::declare(OptionTable& table) {
  declare_tables(table);
  table.add("descriptor-columns", "NAME,...", columns, "columns of these tables to learn from")
      .only_with({"descriptors"}, {"descriptor-columns", "descriptor-id-column"});
}

std::shared_ptr<const dataset::GivenDescriptors>
GivenInputs::read(const dataset::Content& content, const std::string& data, RunRecord& record) const {
  const bool wanted = content.wants(dataset::DescriptorBlock::given);
  IONSIFT_VALIDATE(tables.empty() || wanted, usage, "--descriptors has no effect",
                   "no configuration of the plan has the block \"given\"",
                   "Add it to the \"blocks\" of a configuration (--members), or leave the option out.");
  IONSIFT_VALIDATE(!tables.empty() || !wanted, usage, "the plan learns from given descriptors",
                   "a configuration has the block \"given\"",
                   "Name their tables with --descriptors, and their columns with --descriptor-columns.");
  if (tables.empty()) {
    return nullptr;
  }
  std::vector<std::string> names;
  for (const auto& name : split(columns, ',')) {
    if (const auto heading = trim(name); !heading.empty()) {
      names.emplace_back(heading);
    }
  }
  return read_tables(*this, names, data, record);
}

std::shared_ptr<const dataset::GivenDescriptors>
GivenInputs::read_for(const nlohmann::json& manifest, const std::string& data, RunRecord& record) const {
  std::vector<std::string> names;
  for (const auto& name : manifest.value("/inputs/descriptors"_json_pointer, std::vector<std::string>())) {
    if (name.starts_with(prefix)) {
      names.push_back(name.substr(prefix.size()));
    }
  }
  IONSIFT_VALIDATE(tables.empty() || !names.empty(), usage, "--descriptors has no effect",
                   "the ensemble does not look at given descriptors", "Leave the option out.");
  IONSIFT_VALIDATE(!tables.empty() || names.empty(), usage,
                   "the ensemble needs descriptors that a table gives",
                   fmt::format("it was trained on the columns {}", fmt::join(names, ", ")),
                   "Name a table that has them for these structures with --descriptors.");
  return tables.empty() ? nullptr : read_tables(*this, names, data, record);
}

void note_incomplete(const dataset::JoinReport& joined, RunRecord& record) {
  if (!joined.incomplete.empty()) {
    record.counts()["without_descriptors"] = joined.incomplete.size();
    log::warning("{} labelled structures lack a given descriptor and are not used: {}",
                 joined.incomplete.size(), dataset::list_examples(joined.incomplete));
  }
}

} // namespace ionsift::cli
