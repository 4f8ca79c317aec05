// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/hdf5.hpp"
#include "ionsift/megnet/parent.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/store/read/reader.hpp"

#include "command.hpp"
#include "inputs.hpp"

#ifdef IONSIFT_WITH_LEARN
#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/learn/ensemble/training_identity.hpp"
#include "ionsift/learn/model/maml.hpp"
#endif

#include <iostream>
#include <map>

namespace ionsift::cli {

namespace {

using nlohmann::json;

json describe(const store::Provenance& provenance) {
  json levels = json::array();
  for (std::size_t level = 0; level < provenance.levels.size(); ++level) {
    if (provenance.levels[level]) {
      levels.push_back(fmt::format("V{}", level));
    }
  }
  json representations = json::array();
  for (const auto representation : provenance.representations) {
    representations.push_back(crystal::name_of(representation));
  }
  return {{"schema", provenance.schema},
          {"written by", "ionsift " + provenance.program_version},
          {"parent", provenance.parent_name},
          {"parent sha256", provenance.parent_sha256},
          {"cutoff / A", provenance.converter.cutoff},
          {"representations", representations},
          {"levels", levels}};
}

json describe_releases(const store::History& history) {
  json releases = json::array();
  for (const auto& release : history.releases) {
    releases.push_back({{"name", release.name},
                        {"time", release.time},
                        {"entries", release.entries},
                        {"structures", release.structures},
                        {"failures", release.failures},
                        {"new", release.added},
                        {"changed", release.changed},
                        {"unchanged", release.unchanged},
                        {"gone", release.gone}});
  }
  return releases;
}

/// Data in the file, without what HDF5 needs to find it.
json bytes_by_group(const h5::File& file) {
  std::vector<std::string> groups = {"structures", "crystals", "failures", "releases", "gone"};
  for (const auto& representation : file.list("features")) {
    groups.push_back("features/" + representation);
  }
  json bytes = json::object();
  for (const auto& group : groups) {
    std::uint64_t sum = 0;
    for (const auto& name : file.has(group) ? file.list(group) : std::vector<std::string>()) {
      sum += file.dataset(fmt::format("{}/{}", group, name)).stored_bytes();
    }
    bytes[group] = sum;
  }
  return bytes;
}

json describe_store(const std::filesystem::path& path) {
  const store::Reader store(path);
  json document = describe(store.provenance());
  const auto facts = store.facts(0, store.size());
  std::int64_t sites = 0;
  std::int64_t rows = 0;
  std::uint64_t ordered = 0;
  std::uint64_t warned = 0;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    sites += facts.sites[i];
    rows += facts.rows[i];
    ordered += facts.ordered[i];
    warned += facts.warnings[i].empty() ? 0 : 1;
  }
  document["releases"] = describe_releases(store.history());
  document["gone"] = store.history().gone.size();
  document["bytes by group"] = bytes_by_group(store.file());
  document["options"] = store.provenance().options;
  std::map<std::string, int> failures;
  for (const auto& failure : store.failures()) {
    ++failures[std::string(name_of(failure.code))];
  }
  document.update({{"kind", "feature store"},
                   {"structures", store.size()},
                   {"ordered", ordered},
                   {"with warnings", warned},
                   {"sites", sites},
                   {"rows", rows},
                   {"failures", failures},
                   {"bytes", std::filesystem::file_size(path)}});
  return document;
}

#ifdef IONSIFT_WITH_LEARN

json describe_ensemble(const std::filesystem::path& path) {
  const auto ensemble = learn::Ensemble::load(path);
  json document = describe(ensemble.provenance());
  std::map<std::string, int> models;
  for (const auto& member : ensemble.manifest().at("members")) {
    const auto& configurations = ensemble.manifest().at("plan").at("configurations");
    ++models[configurations.at(member.at("configuration").get<std::size_t>()).value("model", "atomsets")];
  }
  document.update({{"kind", "ensemble"},
                   {"models", models},
                   {"members", ensemble.members()},
                   {"representation", crystal::name_of(ensemble.plan().view.representation)},
                   {"level", ensemble.plan().view.level},
                   {"trained on", ensemble.training_ids().size()}});
  const auto threshold = learn::training_threshold(ensemble);
  document["superionic above"] = threshold ? fmt::format("{:g} S/cm", *threshold) : "not kept";
  if (const auto unit = learn::training_unit(ensemble); !unit.empty()) {
    document["labels in"] = unit;
  }
  document["structures known by"] =
      learn::training_identities(ensemble).empty() ? "their ids alone" : "their ids and content";
  if (const auto& manifest = ensemble.manifest(); manifest.contains("notes")) {
    document["notes"] = manifest.at("notes");
  }
  return document;
}

std::optional<json> describe_learned(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) {
    return learn::is_maml_file(path) ? std::optional<json>(learn::StartWeights::load(path).describe())
                                     : std::nullopt;
  }
  return std::filesystem::exists(path / learn::pretraining_name) ? learn::StartWeights::load(path).describe()
                                                                 : describe_ensemble(path);
}

#else

std::optional<json> describe_learned(const std::filesystem::path& path) {
  IONSIFT_VALIDATE(!std::filesystem::is_directory(path), usage,
                   fmt::format("{} is a folder, which an ensemble would be", path.string()),
                   "this ionsift was built without libtorch", "Build it with -DIONSIFT_WITH_LEARN=ON.");
  return std::nullopt;
}

#endif

json describe_parent(const std::filesystem::path& path) {
  const auto parent = megnet::Parent::load(path);
  return {{"kind", "MEGNet parent"},
          {"name", parent.name},
          {"unit", parent.unit},
          {"sha256", parent.sha256},
          {"cutoff / A", parent.converter.cutoff},
          {"centres", parent.converter.centres.size()},
          {"elements", parent.elements.empty() ? static_cast<std::size_t>(parent.weights.embedding.rows()) - 1
                                               : parent.elements.size()}};
}

json describe_predictions(const h5::File& file) {
  json datasets = json::object();
  for (const auto& name : file.list()) {
    datasets[name] = file.dataset(name).shape();
  }
  return {{"kind", file.has_attribute("/", "format") ? file.text_attribute("/", "format") : "HDF5 file"},
          {"datasets", datasets}};
}

/// The kind of a path, detected from its content.
json describe(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) {
    return describe_learned(path).value();
  }
  const auto file = h5::File::open(path);
  if (file.has("structures") && file.has("features")) {
    return describe_store(path);
  }
  if (const auto learned = describe_learned(path)) {
    return *learned;
  }
  if (file.has("model_weights")) {
    return describe_parent(path);
  }
  return describe_predictions(file);
}

class Inspect : public Command {
public:
  void declare(OptionTable& table) override {
    table
        .required(
            "file", "PATH", file_,
            "a store, the folder of an ensemble or of start weights, a parent's weights or predictions.h5")
        .positional("file");
  }

  std::optional<std::filesystem::path> run_json() const override { return std::nullopt; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    parallel::on_root(comm, [&] {
      const auto document = describe(find_input(file_, common.data));
      record.result() = document;
      if (common.json) {
        std::cout << document.dump(2) << '\n';
        return;
      }
      for (const auto& [key, value] : document.items()) {
        if (value.is_array() && (key == "releases" || key == "options")) { // one a line
          for (const auto& item : value) {
            std::cout << fmt::format("{:<18}{}\n", key,
                                     item.is_string() ? item.get<std::string>() : item.dump());
          }
          continue;
        }
        std::cout << fmt::format("{:<18}{}\n", key,
                                 value.is_string() ? value.get<std::string>() : value.dump());
      }
    });
  }

private:
  std::string file_;
};

} // namespace

std::unique_ptr<Command> make_inspect() {
  return std::make_unique<Inspect>();
}

} // namespace ionsift::cli
