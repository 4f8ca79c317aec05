// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/exact_number.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/dataset/descriptors/atomistic.hpp"
#include "ionsift/parallel/kept_work.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/store/read/reader.hpp"

#include "command.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"
#include "job_input.hpp"

#include <cmath>
#include <iostream>

namespace ionsift::cli {

namespace {

using Values = std::array<double, 5>;

/// What is found out about a structure.
struct Found {
  Values exact{}, sampled{};
  double exact_seconds = 0, sampled_seconds = 0;
  std::uint64_t steps = 0;
  bool usable = false, disordered = false;
  std::string reason; ///< why it is not usable
};

nlohmann::json to_json(const Found& found) {
  auto numbers = nlohmann::json::array();
  for (const auto& values : {found.exact, found.sampled}) {
    for (const double value : values) {
      numbers.push_back(exact_json(value));
    }
  }
  return {{"numbers", numbers},
          {"seconds", {found.exact_seconds, found.sampled_seconds}},
          {"steps", found.steps},
          {"usable", found.usable},
          {"disordered", found.disordered},
          {"reason", found.reason}};
}

Found found_from_json(const nlohmann::json& json) {
  Found found;
  for (std::size_t i = 0; auto* values : {&found.exact, &found.sampled}) {
    for (auto& value : *values) {
      value = exact_number(json.at("numbers").at(i++));
    }
  }
  json.at("seconds").at(0).get_to(found.exact_seconds);
  json.at("seconds").at(1).get_to(found.sampled_seconds);
  json.at("steps").get_to(found.steps);
  json.at("usable").get_to(found.usable);
  json.at("disordered").get_to(found.disordered);
  json.at("reason").get_to(found.reason);
  return found;
}

/// How far apart the two ways are, over disordered structures.
struct Comparison {
  std::size_t structures = 0;
  Values mean{}, largest{}; ///< |sampled - exact| / exact
  double exact_seconds = 0, sampled_seconds = 0;
};

class Atomistic : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("store", "FILE", store_, "feature store of the structures")
        .required("out", "FILE", out_, "CSV of id and the five features")
        .add("method", "exact|monte-carlo|both", method_,
             "expectation over independent occupancies, sampling as published, or both and how they agree")
        .add("pair-cutoff", "A", options_.pair_cutoff, "distance within which atoms are a pair")
        .add("shell", "A", options_.shell, "beyond the nearest anion, within which anions are coordinated")
        .add("exclusion", "A", options_.exclusion,
             "alternative sites nearer than this are never occupied together; 0: all are independent")
        .add("tolerance", "SHARE", sampling_.tolerance, "change of a running mean that counts as none")
        .add("settled", "N", sampling_.settled, "steps in a row without change that end a run")
        .add("runs", "N", sampling_.runs, "runs that are averaged")
        .add("min-edge", "A", sampling_.min_edge, "the cell that is sampled is repeated to this length")
        .add("seed", "N", sampling_.seed, "of the sampling");
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_).replace_extension(".run.json");
  }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    IONSIFT_VALIDATE(method_ == "exact" || method_ == "monte-carlo" || method_ == "both", usage,
                     fmt::format("--method cannot be '{}'", method_), "expected exact, monte-carlo or both",
                     "Give one of these.");
    const HeldFile held(comm, out_);
    const store::Reader reader(find_input(store_, common.data));
    const auto facts = reader.facts(0, reader.size());
    const parallel::JobFolder place{out_ + ".partial.d", "ionsift atomistic",
                                    job_input(record, {"store", "out"}, {content_of(reader)})};
    const auto work = [&] {
      const ScopedPhase phase(record.phases(), "features");
      const std::vector<double> costs(facts.sites.begin(), facts.sites.end());
      return parallel::work_through(comm, costs, place, false,
                                    [&](std::uint64_t item, parallel::Interruption&) {
                                      return one_line(to_json(compute(reader.crystals(item, 1).front())));
                                    });
    }();
    if (work.interrupted()) {
      leave_interrupted(comm, common, record, work, "structures", "structures have their features");
      return;
    }
    parallel::on_root(comm, [&] {
      std::vector<Found> found;
      for (const auto& [item, text] : work.results) {
        found.push_back(found_from_json(nlohmann::json::parse(text)));
      }
      report(facts.id, found, common.json, record);
      parallel::forget(place);
    });
  }

private:
  Found compute(const crystal::Crystal& crystal) const {
    Found found;
    try {
      found.disordered = !crystal.is_ordered();
      if (method_ != "monte-carlo") {
        const Stopwatch watch;
        found.exact = dataset::expected_features(crystal, options_).values();
        found.exact_seconds = watch.seconds();
      }
      if (method_ != "exact") {
        const Stopwatch watch;
        // The id decides, so that neither the other structures nor the rank do.
        const auto key = sha256_key(crystal.id);
        const auto sampled = dataset::sampled_features(crystal, sampling_, key, options_);
        found.sampled = sampled.mean.values();
        found.steps = sampled.steps;
        found.sampled_seconds = watch.seconds();
      }
      found.usable = true;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::usage || error.code() == ErrorCode::internal) {
        throw;
      }
      found.reason = error.what();
    }
    return found;
  }

  static Comparison compare(const std::vector<Found>& found) {
    Comparison comparison;
    for (const auto& one : found) {
      if (!one.usable || !one.disordered) {
        continue;
      }
      ++comparison.structures;
      comparison.exact_seconds += one.exact_seconds;
      comparison.sampled_seconds += one.sampled_seconds;
      for (std::size_t i = 0; i < one.exact.size(); ++i) {
        const double difference = std::abs(one.sampled[i] - one.exact[i]);
        const double relative = difference == 0 ? 0 : difference / std::max(std::abs(one.exact[i]), 1e-12);
        comparison.mean[i] += relative;
        comparison.largest[i] = std::max(comparison.largest[i], relative);
      }
    }
    for (auto& value : comparison.mean) {
      value /= static_cast<double>(std::max<std::size_t>(1, comparison.structures));
    }
    return comparison;
  }

  void report(const std::vector<std::string>& ids, const std::vector<Found>& found, bool json,
              RunRecord& record) const {
    const std::filesystem::path path(out_);
    if (path.has_parent_path()) {
      make_folder(path.parent_path());
    }
    write(path, ids, found, method_ == "monte-carlo" ? &Found::sampled : &Found::exact);
    if (method_ == "both") {
      write(std::filesystem::path(path).replace_extension(".sampled.csv"), ids, found, &Found::sampled);
    }
    std::size_t usable = 0;
    write_file_atomically(std::filesystem::path(path).replace_extension(".failures.csv"),
                          [&](std::ostream& out) {
                            write_csv_row(out, {"id", "message"});
                            for (std::size_t i = 0; i < found.size(); ++i) {
                              usable += found[i].usable ? 1U : 0U;
                              if (!found[i].usable) {
                                write_csv_row(out, {ids[i], found[i].reason});
                              }
                            }
                          });
    record.counts() = {{"structures", usable}, {"failures", found.size() - usable}};
    const auto comparison = compare(found);
    if (method_ == "both") {
      note(comparison, record);
    }
    if (json) {
      std::cout << record.document().dump(2) << '\n';
    } else {
      print(usable, found.size() - usable, comparison);
    }
  }

  static void write(const std::filesystem::path& path, const std::vector<std::string>& ids,
                    const std::vector<Found>& found, Values Found::*method) {
    write_file_atomically(path, [&](std::ostream& out) {
      std::vector<std::string> header = {"id"};
      header.insert(header.end(), dataset::atomistic_names.begin(), dataset::atomistic_names.end());
      write_csv_row(out, header);
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i].usable) {
          continue;
        }
        std::vector<std::string> cells = {ids[i]};
        for (const double value : found[i].*method) {
          cells.push_back(fmt::format("{:.6f}", value));
        }
        write_csv_row(out, cells);
      }
    });
  }

  static void note(const Comparison& comparison, RunRecord& record) {
    auto& result = record.result()["comparison"];
    result["disordered_structures"] = comparison.structures;
    result["seconds_exact"] = comparison.exact_seconds;
    result["seconds_monte_carlo"] = comparison.sampled_seconds;
    for (std::size_t i = 0; i < dataset::atomistic_names.size(); ++i) {
      result["relative_difference"][std::string(dataset::atomistic_names[i])] = {
          {"mean", comparison.mean[i]}, {"largest", comparison.largest[i]}};
    }
  }

  void print(std::size_t usable, std::size_t failed, const Comparison& comparison) const {
    std::cout << fmt::format("{} structures with features in {}, {} without\n", usable, out_, failed);
    if (method_ != "both") {
      return;
    }
    std::cout << fmt::format("sampled against exact, {} disordered structures, relative difference:\n",
                             comparison.structures);
    for (std::size_t i = 0; i < dataset::atomistic_names.size(); ++i) {
      std::cout << fmt::format("  {:<20} mean {:7.4f}, largest {:7.4f}\n", dataset::atomistic_names[i],
                               comparison.mean[i], comparison.largest[i]);
    }
    std::cout << fmt::format("the exact expectation took 1 / {:.0f} of the time of sampling\n",
                             comparison.sampled_seconds / std::max(comparison.exact_seconds, 1e-12));
  }

  std::string store_, out_, method_ = "exact";
  dataset::AtomisticOptions options_;
  dataset::SamplingOptions sampling_;
};

} // namespace

std::unique_ptr<Command> make_atomistic() {
  return std::make_unique<Atomistic>();
}

} // namespace ionsift::cli
