#include "ionsift/learn/pretrain.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/dataset/make_split.hpp"
#include "ionsift/learn/ensemble.hpp"
#include "ionsift/learn/start_weights.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "output_folder.hpp"
#include "pretraining.hpp"
#include "provenance_json.hpp"

#include <algorithm>
#include <cmath>
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

/// Trains one configuration and writes its weights, if there are any that are finite.
PretrainRecord pretrain_one(int position, const Configuration& configuration,
                            const dataset::FeatureSet& train, const dataset::FeatureSet& validation,
                            const PretrainOptions& options, const fs::path& folder) {
  const Stopwatch watch;
  PretrainRecord record;
  record.configuration = position;
  record.name = configuration.name;
  double best = -1;
  Progress progress(fmt::format("pretrain {}", configuration.name),
                    static_cast<std::uint64_t>(options.epochs));
  FitOptions fit_options;
  fit_options.watched = &validation;
  fit_options.observer = [&](const TrainingEpoch& epoch) {
    record.epochs.push_back(score_epoch(epoch.number, epoch.loss, validation.label, epoch.probabilities()));
    if (record.epochs.back().auc_pr > best) {
      best = record.epochs.back().auc_pr;
      record.best = epoch.number;
      epoch.keep();
    }
    progress.update(static_cast<std::uint64_t>(epoch.number));
    return true;
  };
  const auto seed = member_seed(options.seed, position, 0);
  const auto fitted = fit(configuration, train, seed, options.device, fit_options);
  record.diverged = fitted.record.diverged;
  if (record.best > 0) {
    fitted.classifier->write(folder / file_of(position), seed);
  }
  if (record.diverged) {
    log::warning("configuration \"{}\" diverged in epoch {}", configuration.name, fitted.record.epochs);
  }
  record.seconds = watch.seconds();
  return record;
}

std::vector<PretrainRecord> pretrain_all(const parallel::Communicator& comm, const dataset::FeatureSet& train,
                                         const dataset::FeatureSet& validation,
                                         const PretrainOptions& options, const fs::path& folder) {
  const auto configurations = pretrained_configurations(options);
  std::vector<double> costs;
  for (const auto& [position, configuration] : configurations) {
    costs.push_back(training_cost(configuration, train));
  }
  parallel::WorkQueue queue(comm);
  queue.refill(costs);
  std::vector<std::uint64_t> mine;
  std::vector<std::string> records;
  parallel::together(comm, [&] {
    while (const auto item = queue.next()) {
      const auto& [position, configuration] = configurations[*item];
      mine.push_back(*item);
      records.push_back(
          to_json(pretrain_one(position, configuration, train, validation, options, folder)).dump());
    }
  });
  std::vector<PretrainRecord> result;
  for (const auto& json : gather_records(comm, mine, records)) {
    result.push_back(record_from_json(json));
  }
  return result;
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

std::vector<PretrainRecord> pretrain(const parallel::Communicator& comm,
                                     const dataset::FeatureSet& structures, const PretrainOptions& options,
                                     const fs::path& folder, bool overwrite, PhaseTimes& phases) {
  const auto held_out = hold_out(structures, options);
  const auto train = part_of(structures, held_out, 0);
  const auto validation = part_of(structures, held_out, 1);
  require_trainable(train, options.plan.content());
  require_trainable(validation, options.plan.content());
  parallel::on_root(comm, [&] {
    clear_folder(folder, {pretraining_name, "start_", "start weights", "pretraining would replace them"},
                 overwrite);
  });

  const auto records = [&] {
    const ScopedPhase phase(phases, "train");
    return pretrain_all(comm, train, validation, options, folder);
  }();
  IONSIFT_VALIDATE(
      std::any_of(records.begin(), records.end(), [](const auto& r) { return r.best > 0; }), numeric,
      fmt::format("all {} configurations diverged in their first epoch", records.size()),
      "their losses became infinite or NaN", "Lower max_lr or the L2 factors, or check the features.");
  const ScopedPhase phase(phases, "write");
  parallel::on_root(comm, [&] {
    write_tables(records, structures, held_out, folder);
    write_document(records, options, train.size(), validation.size(), folder);
  });
  return records;
}

} // namespace ionsift::learn
