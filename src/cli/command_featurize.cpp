// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/log.hpp"
#include "ionsift/base/memory.hpp"
#include "ionsift/base/paths.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/store/ingest/ingest.hpp"

#include "command.hpp"
#include "inputs.hpp"
#include "parent_search.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <string_view>

namespace ionsift::cli {

namespace {

std::vector<crystal::Representation> parse_representations(const std::string& text) {
  std::vector<crystal::Representation> representations;
  for (const auto& name : split(text, ',')) {
    representations.push_back(crystal::representation_of(trim(name)));
  }
  IONSIFT_VALIDATE(!representations.empty(), usage, "--representation names none", "at least one is needed",
                   "Give for example CAMNS or CAMN,CAMNS.");
  return representations;
}

std::array<bool, 4> parse_levels(const std::string& text) {
  std::array<bool, 4> levels{};
  for (const auto& field : split(text, ',')) {
    const auto level = parse_integer(field);
    IONSIFT_VALIDATE(level && *level >= 0 && *level <= 3, usage,
                     fmt::format("--levels cannot hold '{}'", field), "the levels are 0, 1, 2 and 3",
                     "Give for example 1 or 0,1,2,3.");
    levels[static_cast<std::size_t>(*level)] = true;
  }
  return levels;
}

/// "2026-01-31T12:00:00Z", or nothing.
void require_time(const std::string& text) {
  constexpr std::string_view form = "dddd-dd-ddTdd:dd:ddZ";
  const bool fits = std::equal(text.begin(), text.end(), form.begin(), form.end(),
                               [](char c, char f) { return f == 'd' ? c >= '0' && c <= '9' : c == f; });
  IONSIFT_VALIDATE(text.empty() || fits, usage, fmt::format("--release-time cannot be '{}'", text),
                   "times are UTC in one form, so that they can be compared",
                   "Give for example 2026-01-31T12:00:00Z.");
}

template <typename Choice>
Choice choose(const std::string& option, const std::string& text,
              const std::vector<std::pair<std::string, Choice>>& choices) {
  std::vector<std::string> names;
  for (const auto& [name, choice] : choices) {
    if (name == text) {
      return choice;
    }
    names.push_back(name);
  }
  throw Error(ErrorCode::usage, fmt::format("--{} cannot be '{}'", option, text),
              fmt::format("expected {}", fmt::join(names, ", ")), "Give one of these.");
}

class Featurize : public Command {
public:
  void declare(OptionTable& table) override {
    table
        .required_list(
            "input", "PATH", inputs_,
            "CIF, POSCAR and extended XYZ files, folders of them, archives (.tar.gz, .zip ...), JSON "
            "of pymatgen, OPTIMADE or JARVIS, JSON Lines, CSV with a column of CIFs; or one entry of "
            "these, as in \"source\" of the failure list")
        .required(
            "store", "FILE", store_,
            "the feature store (HDF5) to write; where it exists, only what is new or changed is computed")
        .add("release", "NAME", release_, "name of the release; empty: the names of the inputs")
        .add("release-time", "TIME", release_time_,
             "when that release was made, as in 2026-01-31T12:00:00Z; empty: now. With it the bytes of the "
             "store depend on the inputs and options alone")
        .add("parent", "FILE", parent_,
             "MEGNet weights (Keras HDF5), with FILE.json beside them; empty: the published formation-energy "
             "network in the data folder, else the small one that comes with the program")
        .add("representation", "LIST", representation_, "any of CAMN, CAN, CAMNS, CANS, separated by commas")
        .add("levels", "LIST", levels_, "any of 0, 1, 2, 3 (V0..V3), separated by commas")
        .add("graph", "own|study", graph_,
             "the parent's own graph converter, or the study's 5 A for every parent")
        .add("on-isolated-atoms", "ignore|warn|error", isolated_, "what a site without a neighbour means")
        .add("strictness", "strict|standard|tolerant", strictness_, "what flawed CIFs are allowed")
        .add("id-column", "NAME", source_.id_column,
             "column (CSV) or field (JSON) of ids, which must exist; empty: found by name")
        .add("structure-column", "NAME", source_.structure_column,
             "column (CSV) or field (JSON) of structures; empty: found by name")
        .add("orbit-search", "environments|spglib|none", orbit_search_,
             "how symmetry-distinct sites are found in files that list every atom (P1)")
        .add("symmetry-tolerance", "A", symmetry_tolerance_,
             "distance within which spglib takes sites as equal")
        .add("max-sites", "N", max_sites_, "sites of a cell above which a structure is rejected")
        .add("max-edges", "N", max_edges_, "edges of a graph above which a structure is rejected")
        .add("max-seconds", "S", max_seconds_,
             "processor time for reading one structure, and for its features, above which it is rejected")
        .add("batch", "N", batch_,
             "finished entries, over all ranks, that are held in memory before they are written to a file "
             "that a killed run is continued from; at most 1 MiB or 5 s of work on each rank")
        .add_switch("no-symmetry", no_symmetry_,
                    "a row for every site instead of every symmetry-distinct one")
        .add_switch("overwrite", overwrite_, "replace an existing store")
        .positional("input");
  }

  std::optional<std::filesystem::path> run_json() const override { return beside_store(store_, ".run.json"); }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    store::IngestOptions options;
    for (const auto& input : inputs_) {
      options.inputs.push_back(find_structures(input, common.data));
    }
    options.parent = find_parent(parent_, common.data);
    options.store = follow_link(store_); // a link stays one: what it leads to is brought up to date
    options.release = release_;
    options.release_time = release_time_;
    require_time(release_time_);
    options.overwrite = overwrite_;
    options.batch_entries = batch_;
    options.featurizer.representations = parse_representations(representation_);
    options.featurizer.request.levels = parse_levels(levels_);
    options.featurizer.converter = choose<std::optional<megnet::GraphConverter>>(
        "graph", graph_, {{"own", std::nullopt}, {"study", megnet::GraphConverter::study()}});
    options.featurizer.isolated_atoms =
        choose<megnet::IsolatedAtoms>("on-isolated-atoms", isolated_,
                                      {{"ignore", megnet::IsolatedAtoms::ignore},
                                       {"warn", megnet::IsolatedAtoms::warn},
                                       {"error", megnet::IsolatedAtoms::error}});
    options.featurizer.max_edges = max_edges_;
    options.read.strictness = choose<crystal::Strictness>("strictness", strictness_,
                                                          {{"strict", crystal::Strictness::strict},
                                                           {"standard", crystal::Strictness::standard},
                                                           {"tolerant", crystal::Strictness::tolerant}});
    options.source = source_;
    options.featurizer.max_seconds = options.read.max_seconds = max_seconds_;
    options.read.symmetry_tolerance = symmetry_tolerance_;
    options.read.orbit_search =
        choose<crystal::OrbitSearch>("orbit-search", orbit_search_,
                                     {{"environments", crystal::OrbitSearch::environments},
                                      {"spglib", crystal::OrbitSearch::spglib},
                                      {"none", crystal::OrbitSearch::none}});
    options.read.use_symmetry = !no_symmetry_;
    options.read.max_sites = max_sites_;

    keep_freed_memory();
    const auto summary = store::ingest(comm, options, record.phases());
    note(summary, record);
    if (summary.interrupted) {
      leave_interrupted(comm, common, record, summary.cost, "entries",
                        fmt::format("{} entries are done", summary.entries));
      return;
    }
    if (comm.is_root()) {
      print(summary, common.json, record);
      warn(summary, store::failure_list_of(options.store));
    }
    require_structures(summary, options);
  }

private:
  static void note(const store::IngestSummary& summary, RunRecord& record) {
    record.counts() = {{"entries", summary.entries},
                       {"structures", summary.structures},
                       {"failures", summary.failures},
                       {"sites", summary.sites},
                       {"rows", summary.rows},
                       {"edges", summary.edges},
                       {"reused_entries", summary.reused}};
    const auto& release = summary.release;
    record.result()["release"] = {{"name", release.name},           {"time", release.time},
                                  {"new", release.added},           {"changed", release.changed},
                                  {"unchanged", release.unchanged}, {"gone", release.gone}};
    record.result()["failures_by_code"] = summary.failures_by_code;
    record.result()["warnings_by_code"] = summary.warnings_by_code;
    note_source(summary.source, record);
  }

  /// What would go unseen among the counts.
  void warn(const store::IngestSummary& summary, const std::filesystem::path& list) const {
    const auto& source = summary.source;
    warn_of_source(source);
    if (!source_.id_column.empty() && !source.used_id_column) {
      log::warning("--id-column {} was not used: no input is a document or a table", source_.id_column);
    }
    if (summary.failures > summary.structures) {
      log::warning(
          "most entries failed, {} beside {} structures; {} of them for one reason: {} All are listed in {}",
          summary.failures, summary.structures, summary.commonest_count, summary.commonest_failure,
          list.string());
    }
  }

  /// An input without any structure is rarely what was meant. The store holds what the others gave.
  void require_structures(const store::IngestSummary& summary, const store::IngestOptions& options) const {
    for (std::size_t i = 0; i < options.inputs.size(); ++i) {
      std::error_code unknown; // what was passed over may be another input's
      const bool is_empty = std::filesystem::is_directory(options.inputs[i], unknown) &&
                            std::filesystem::is_empty(options.inputs[i], unknown);
      const auto passed_over = is_empty ? "" : crystal::in_words(summary.source.passed_over);
      IONSIFT_VALIDATE(
          summary.source.by_input.contains(i), missing,
          fmt::format("{} holds no structures", options.inputs[i].string()),
          passed_over.empty() ? "nothing is in it" : fmt::format("passed over were {}", passed_over),
          "Structures are CIF, POSCAR or extended XYZ files, JSON documents, CSV tables, and archives "
          "of these. Check the path.");
    }
    IONSIFT_VALIDATE(
        summary.structures > 0, data, fmt::format("none of {} entries gave a structure", summary.failures),
        fmt::format("{} of them for one reason: {}", summary.commonest_count, summary.commonest_failure),
        fmt::format("All are listed in {}.", store::failure_list_of(options.store).string()));
  }

  void print(const store::IngestSummary& summary, bool json, RunRecord& record) const {
    if (json) {
      std::cout << record.document().dump(2) << '\n';
      return;
    }
    std::cout << fmt::format("{} entries: {} structures in {}, {} failures\n{} sites, {} rows, {} edges\n",
                             summary.entries, summary.structures, store_, summary.failures, summary.sites,
                             summary.rows, summary.edges);
    const auto& release = summary.release;
    std::cout << fmt::format(
        "release {}: {} new, {} changed, {} unchanged, {} gone; {} entries not computed again\n",
        release.name, release.added, release.changed, release.unchanged, release.gone, summary.reused);
    for (const auto& [code, count] : summary.failures_by_code) {
      std::cout << fmt::format("  failed, {}: {}\n", code, count);
    }
    for (const auto& [code, count] : summary.warnings_by_code) {
      std::cout << fmt::format("  warned, {}: {}\n", code, count);
    }
    if (!summary.source.passed_over.empty()) {
      std::cout << fmt::format("  passed over: {}\n", crystal::in_words(summary.source.passed_over));
    }
  }

  std::vector<std::string> inputs_;
  std::string store_, release_, release_time_, parent_,
      representation_ = "CAMNS", levels_ = "1", graph_ = "own", isolated_ = "warn", strictness_ = "standard",
      orbit_search_ = "environments";
  crystal::SourceOptions source_;
  double symmetry_tolerance_ = crystal::ReadOptions{}.symmetry_tolerance,
         max_seconds_ = crystal::ReadOptions{}.max_seconds;
  std::uint64_t max_sites_ = crystal::ReadOptions{}.max_sites,
                max_edges_ = megnet::FeaturizerOptions{}.max_edges,
                batch_ = store::IngestOptions{}.batch_entries;
  bool no_symmetry_ = false, overwrite_ = false;
};

} // namespace

std::unique_ptr<Command> make_featurize() {
  return std::make_unique<Featurize>();
}

} // namespace ionsift::cli
