// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/ensemble/pretrain.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/hdf5.hpp"
#include "ionsift/base/json.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/dataset/split/make_split.hpp"
#include "ionsift/learn/atomsets/start_weights.hpp"
#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/learn/ensemble/fit.hpp"
#include "ionsift/parallel/together.hpp"

#include "atomsets/pretraining.hpp"
#include "model/fingerprint.hpp"
#include "model/output_folder.hpp"
#include "model/provenance_json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <ostream>
#include <unordered_map>

namespace ionsift::learn {

namespace {

namespace fs = std::filesystem;

std::string file_of(int configuration) {
  return fmt::format("start_{:02}.h5", configuration);
}

/// Which structures are held out, even in class.
std::vector<std::uint8_t> hold_out(const dataset::FeatureSet& structures, const PretrainOptions& options) {
  std::vector<dataset::SplitMember> members;
  for (std::size_t s = 0; s < structures.size(); ++s) {
    members.push_back({structures.id[s], structures.label[s], "", -1, ""});
  }
  std::unordered_map<std::string, std::uint8_t> held_out;
  for (const auto& member :
       draw_split(std::move(members),
                  {.test_share = options.validation_share, .folds = 0, .seed = options.seed})
           .members) {
    held_out[member.id] = member.set == "test" ? 1 : 0;
  }
  std::vector<std::uint8_t> result;
  for (const auto& id : structures.id) {
    result.push_back(held_out.at(id));
  }
  return result;
}

dataset::FeatureSet part_of(const dataset::FeatureSet& structures, const std::vector<std::uint8_t>& held_out,
                            std::uint8_t which) {
  std::vector<std::size_t> positions;
  for (std::size_t s = 0; s < held_out.size(); ++s) {
    if (held_out[s] == which) {
      positions.push_back(s);
    }
  }
  return structures.select(positions);
}

PretrainEpoch score_epoch(int number, double loss, const std::vector<int>& label,
                          const std::vector<float>& probability) {
  const std::vector<double> p(probability.begin(), probability.end());
  const auto scores = score(label, p);
  std::size_t right = 0;
  for (std::size_t s = 0; s < label.size(); ++s) {
    right += (p[s] >= 0.5) == (label[s] == 1) ? 1 : 0;
  }
  return {number,
          loss,
          scores.auc_pr,
          scores.average_precision,
          scores.mcc,
          scores.roc_auc,
          static_cast<double>(right) / static_cast<double>(label.size())};
}

/// The AtomSets configurations of a plan as they are pretrained, by position.
std::vector<std::pair<int, Configuration>> pretrained_configurations(const PretrainOptions& options) {
  std::vector<std::pair<int, Configuration>> chosen;
  for (std::size_t i = 0; i < options.plan.configurations.size(); ++i) {
    auto configuration = options.plan.configurations[i];
    if (auto* atomsets = std::get_if<AtomSetsConfiguration>(&configuration.model)) {
      atomsets->epochs = options.epochs;
      atomsets->batch = std::max(atomsets->batch, options.batch);
      chosen.emplace_back(static_cast<int>(i), std::move(configuration));
    }
  }
  IONSIFT_VALIDATE(!chosen.empty(), usage, "the plan has no AtomSets configuration",
                   "only these networks can be pretrained", "Name a plan with at least one.");
  return chosen;
}

nlohmann::json to_json(const PretrainEpoch& epoch) {
  return {{"epoch", epoch.number},     {"loss", epoch.loss},
          {"auc_pr", epoch.auc_pr},    {"average_precision", epoch.average_precision},
          {"mcc", epoch.mcc},          {"roc_auc", epoch.roc_auc},
          {"accuracy", epoch.accuracy}};
}

PretrainEpoch epoch_from_json(const nlohmann::json& json) {
  return {json.at("epoch"), json.at("loss"),    json.at("auc_pr"),  json.at("average_precision"),
          json.at("mcc"),   json.at("roc_auc"), json.at("accuracy")};
}

nlohmann::json to_json(const PretrainRecord& record) {
  auto epochs = nlohmann::json::array();
  for (const auto& epoch : record.epochs) {
    epochs.push_back(to_json(epoch));
  }
  return {{"configuration", record.configuration},
          {"name", record.name},
          {"best", record.best},
          {"seconds", record.seconds},
          {"diverged", record.diverged},
          {"epochs", std::move(epochs)}};
}

PretrainRecord record_from_json(const nlohmann::json& json) {
  PretrainRecord record;
  json.at("configuration").get_to(record.configuration);
  json.at("name").get_to(record.name);
  json.at("best").get_to(record.best);
  json.at("seconds").get_to(record.seconds);
  json.at("diverged").get_to(record.diverged);
  for (const auto& epoch : json.at("epochs")) {
    record.epochs.push_back(epoch_from_json(epoch));
  }
  return record;
}

/// Everything that start weights depend on, but for the processor.
std::string fingerprint(const dataset::FeatureSet& structures, const PretrainOptions& options) {
  return sha256(nlohmann::json({{"program_version", version()},
                                {"plan", options.plan.to_json()},
                                {"seed", options.seed},
                                {"epochs", options.epochs},
                                {"batch", options.batch},
                                {"validation_share", options.validation_share},
                                {"provenance", learn::to_json(options.provenance)},
                                {"structures", content_of(structures)}})
                    .dump());
}

/// A configuration whose training was ended: the state of the training, the best weights so far, and the
/// epochs behind it. It counts only where all three are of one run.
class HalfTrained {
public:
  HalfTrained(const parallel::JobFolder& place, int position)
      : state_(place.folder / fmt::format("start_{:02}.state.h5", position)),
        best_(place.folder / fmt::format("start_{:02}.best.h5", position)),
        record_(place.folder / fmt::format("start_{:02}.json", position)) {}

  /// The epochs before; none where there is nothing to continue, and then no state either.
  PretrainRecord take_up(PretrainRecord fresh) const {
    if (!fs::exists(state_)) {
      return fresh;
    }
    try {
      const auto record = record_from_json(parse_json(read_file(record_)));
      const auto state = parse_json(h5::File::open(state_).dataset("values").read_text().at(0));
      if (state.at("epochs") == record.epochs.size()) {
        return record;
      }
    } catch (const std::exception& error) {
      log::warning("configuration \"{}\" starts again: {}", fresh.name, error.what());
    }
    fs::remove(state_);
    return fresh;
  }
  void keep(const PretrainRecord& record) const {
    write_file_atomically(record_, [&](std::ostream& out) { out << to_json(record).dump() << '\n'; });
  }
  const fs::path& state() const { return state_; }
  const fs::path& best() const { return best_; }

private:
  fs::path state_, best_, record_;
};

/// One rank's trainings.
class Pretrainer {
public:
  Pretrainer(const dataset::FeatureSet& train, const dataset::FeatureSet& validation,
             const PretrainOptions& options, const fs::path& folder, const parallel::JobFolder& place)
      : train_(train), validation_(validation), options_(options), folder_(folder), place_(place) {}

  /// Trains one configuration and writes its weights, if there are any that are finite.
  /// @return nothing when the run is to end before
  std::optional<PretrainRecord> run(int position, const Configuration& configuration,
                                    parallel::Interruption& interruption) const {
    const Stopwatch watch;
    const HalfTrained half(place_, position);
    PretrainRecord fresh;
    fresh.configuration = position;
    fresh.name = configuration.name;
    auto record = half.take_up(std::move(fresh));
    const int best_before = record.best;
    Checkpoint checkpoint{half.state(), place_.input, std::numeric_limits<double>::infinity()};
    Progress progress(fmt::format("pretrain {}", configuration.name),
                      static_cast<std::uint64_t>(options_.epochs));
    auto fit_options = watching(record, progress);
    fit_options.checkpoint = &checkpoint;
    fit_options.interrupted = [&] { return interruption.ending(); };
    const auto seed = member_seed(options_.seed, position, 0);
    const auto fitted = fit(configuration, train_, seed, options_.device, fit_options);
    record.diverged = fitted.record.diverged;
    record.seconds += watch.seconds();
    if (record.best > best_before) { // the model saved last is that of the best epoch of this call
      fitted.classifier->write(fitted.record.interrupted ? half.best() : folder_ / file_of(position), seed);
    }
    if (fitted.record.interrupted) {
      half.keep(record);
      return std::nullopt;
    }
    if (record.best > 0 && record.best == best_before) {
      fs::rename(half.best(), folder_ / file_of(position));
    }
    if (record.diverged) {
      log::warning("configuration \"{}\" diverged in epoch {}", configuration.name, fitted.record.epochs);
    }
    return record;
  }

private:
  /// Records every epoch, and saves the best model.
  FitOptions watching(PretrainRecord& record, Progress& progress) const {
    FitOptions fit_options;
    fit_options.watched = &validation_;
    double best = -1;
    for (const auto& epoch : record.epochs) {
      best = std::max(best, epoch.auc_pr);
    }
    fit_options.observer = [&record, &progress, best, this](const TrainingEpoch& epoch) mutable {
      record.epochs.push_back(
          score_epoch(epoch.number, epoch.loss, validation_.label, epoch.probabilities()));
      if (record.epochs.back().auc_pr > best) {
        best = record.epochs.back().auc_pr;
        record.best = epoch.number;
        epoch.keep();
      }
      progress.update(static_cast<std::uint64_t>(epoch.number));
      return true;
    };
    return fit_options;
  }

  const dataset::FeatureSet& train_;
  const dataset::FeatureSet& validation_;
  const PretrainOptions& options_;
  const fs::path& folder_;
  const parallel::JobFolder& place_;
};

parallel::KeptWork pretrain_all(const parallel::Communicator& comm, const dataset::FeatureSet& train,
                                const Pretrainer& pretrainer, const PretrainOptions& options,
                                const parallel::JobFolder& place) {
  const auto configurations = pretrained_configurations(options);
  std::vector<double> costs;
  for (const auto& [position, configuration] : configurations) {
    costs.push_back(training_cost(configuration, train));
  }
  return parallel::work_through(
      comm, costs, place, false,
      [&](std::uint64_t item, parallel::Interruption& interruption) -> std::optional<std::string> {
        const auto& [position, configuration] = configurations[item];
        const auto record = pretrainer.run(position, configuration, interruption);
        return record ? std::optional(to_json(*record).dump()) : std::nullopt;
      });
}

/// Makes room for start weights, unless an earlier run of the same job has left some. For rank 0.
void open_folder(const fs::path& folder, const parallel::JobFolder& place, bool overwrite) {
  const auto note = place.folder / "job.txt";
  const bool continues = !overwrite && !fs::exists(folder / pretraining_name) && fs::exists(note) &&
                         read_file(note) == place.input;
  if (!continues) {
    clear_folder(folder, {pretraining_name, "start_", "start weights", "pretraining would replace them"},
                 overwrite);
    parallel::forget(place);
    make_folder(place.folder);
    write_file_atomically(note, [&](std::ostream& out) { out << place.input; });
  }
}

void write_tables(const std::vector<PretrainRecord>& records, const dataset::FeatureSet& structures,
                  const std::vector<std::uint8_t>& held_out, const fs::path& folder) {
  write_file_atomically(folder / "epochs.csv", [&](std::ostream& out) {
    out << "configuration,epoch,loss,auc_pr,average_precision,mcc,roc_auc,accuracy\n";
    for (const auto& record : records) {
      for (const auto& e : record.epochs) {
        out << fmt::format("{},{},{:.6g},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f}\n", record.configuration,
                           e.number, e.loss, e.auc_pr, e.average_precision, e.mcc, e.roc_auc, e.accuracy);
      }
    }
  });
  write_file_atomically(folder / "structures.csv", [&](std::ostream& out) {
    out << "id,set,label\n";
    for (std::size_t s = 0; s < structures.size(); ++s) {
      write_csv_row(out, {structures.id[s], held_out[s] != 0 ? "validation" : "train",
                          std::to_string(structures.label[s])});
    }
  });
}

void write_document(const std::vector<PretrainRecord>& records, const PretrainOptions& options,
                    std::size_t train, std::size_t validation, const fs::path& folder) {
  auto list = nlohmann::json::array();
  for (const auto& record : records) {
    auto entry = to_json(record);
    entry.erase("epochs");
    entry["trained_epochs"] = record.epochs.size();
    entry["file"] = nullptr;
    if (record.best > 0) {
      entry["file"] = file_of(record.configuration);
      entry["sha256"] = sha256_of_file(folder / file_of(record.configuration));
      entry["best_scores"] = to_json(record.epochs[static_cast<std::size_t>(record.best) - 1]);
      entry["last_scores"] = to_json(record.epochs.back());
    }
    list.push_back(std::move(entry));
  }
  const nlohmann::json document = {{"format", pretraining_format},
                                   {"schema", pretraining_schema},
                                   {"program_version", version()},
                                   {"seed", options.seed},
                                   {"epochs", options.epochs},
                                   {"batch", options.batch},
                                   {"validation_share", options.validation_share},
                                   {"labels", options.labels},
                                   {"plan", options.plan.to_json()},
                                   {"provenance", learn::to_json(options.provenance)},
                                   {"structures", {{"train", train}, {"validation", validation}}},
                                   {"configurations", std::move(list)}};
  write_file_atomically(folder / pretraining_name,
                        [&](std::ostream& out) { out << document.dump(1) << '\n'; });
}

} // namespace

Pretraining pretrain(const parallel::Communicator& comm, const dataset::FeatureSet& structures,
                     const PretrainOptions& options, const fs::path& folder, bool overwrite,
                     PhaseTimes& phases) {
  const auto held_out = hold_out(structures, options);
  const auto train = part_of(structures, held_out, 0);
  const auto validation = part_of(structures, held_out, 1);
  require_trainable(train, options.plan.content());
  require_trainable(validation, options.plan.content());
  const parallel::JobFolder place{folder / "partial.d", "ionsift pretrain", fingerprint(structures, options)};
  parallel::on_root(comm, [&] { open_folder(folder, place, overwrite); });

  Pretraining result;
  {
    const ScopedPhase phase(phases, "train");
    const Pretrainer pretrainer(train, validation, options, folder, place);
    result.work = pretrain_all(comm, train, pretrainer, options, place);
  }
  if (result.interrupted()) {
    return result;
  }
  for (const auto& json : nlohmann::json::parse(parallel::broadcast_results(comm, result.work))) {
    result.records.push_back(record_from_json(json));
  }
  const auto& records = result.records;
  IONSIFT_VALIDATE(
      std::any_of(records.begin(), records.end(), [](const auto& r) { return r.best > 0; }), numeric,
      fmt::format("all {} configurations diverged in their first epoch", records.size()),
      "their losses became infinite or NaN", "Lower max_lr or the L2 factors, or check the features.");
  const ScopedPhase phase(phases, "write");
  parallel::on_root(comm, [&] {
    write_tables(records, structures, held_out, folder);
    write_document(records, options, train.size(), validation.size(), folder);
    parallel::forget(place);
  });
  return result;
}

} // namespace ionsift::learn
