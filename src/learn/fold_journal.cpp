#include "fold_journal.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/version.hpp"

#include "json_keys.hpp"

#include <fstream>
#include <string_view>

namespace ionsift::learn {

namespace {

namespace fs = std::filesystem;

constexpr const char* format_name = "ionsift cross-validation journal";

template <typename T>
std::string hash_of(const T* data, std::size_t n) {
  return sha256({reinterpret_cast<const char*>(data), n * sizeof(T)});
}

template <typename T>
std::string hash_of(const std::vector<T>& values) {
  return hash_of(values.data(), values.size());
}

nlohmann::json content_of(const dataset::FeatureSet& structures) {
  auto views = nlohmann::json::array();
  for (std::size_t v = 0; v < structures.views.size(); ++v) {
    const auto& rows = structures.rows[v];
    views.push_back({dataset::name_of(structures.views[v]), hash_of(rows.first), hash_of(rows.weight),
                     hash_of(rows.values.data(), static_cast<std::size_t>(rows.values.size()))});
  }
  const auto& descriptors = structures.descriptors;
  return {{"ids", structures.id},
          {"labels", structures.label},
          {"conductivities", hash_of(structures.conductivity)},
          {"bounds", hash_of(structures.upper_bound)},
          {"views", std::move(views)},
          {"descriptors",
           {descriptors.name,
            hash_of(descriptors.values.data(), static_cast<std::size_t>(descriptors.values.size()))}}};
}

/// A file's lines in which something is said.
std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) {
      lines.push_back(line);
    }
  }
  return lines;
}

} // namespace

std::string fingerprint(const dataset::FeatureSet& structures, const dataset::Folds& folds,
                        const CrossValidationOptions& options) {
  auto variants = nlohmann::json::array();
  for (const auto& variant : options.variants) {
    variants.push_back({variant.name, variant.plan.to_json()});
  }
  nlohmann::json document = {{"program_version", version()},
                             {"variants", std::move(variants)},
                             {"shares", options.shares},
                             {"every", options.every},
                             {"seed", options.seed},
                             {"folds", folds.name},
                             {"fold_of", folds.of},
                             {"structures", content_of(structures)},
                             {"compositions", content_of(options.compositions)},
                             {"composition_fold", options.composition_fold}};
  if (options.start != nullptr) {
    document["start"] = options.start->sha256();
  }
  return sha256(document.dump());
}

nlohmann::json to_json(const FoldTraining& training) {
  auto curve = nlohmann::json::array();
  for (const auto& point : training.curve) {
    curve.push_back({point.epoch, point.loss, point.auc_pr, point.average_precision, point.mcc});
  }
  const auto& m = training.member;
  return {{"member", {m.variant, m.share, m.fold, m.configuration, m.repeat}},
          {"epochs", training.record.epochs},
          {"loss", training.record.loss},
          {"diverged", training.record.diverged},
          {"seconds", training.seconds},
          {"curve", std::move(curve)},
          {"probability", training.probability}};
}

FoldTraining fold_training_from_json(const nlohmann::json& json) {
  FoldTraining training;
  const auto& m = json.at("member");
  training.member = {m.at(0).get<int>(), m.at(1).get<int>(), m.at(2).get<int>(), m.at(3).get<int>(),
                     m.at(4).get<int>()};
  json.at("epochs").get_to(training.record.epochs);
  training.record.loss = number_or_nan(json.at("loss"));
  json.at("diverged").get_to(training.record.diverged);
  json.at("seconds").get_to(training.seconds);
  for (const auto& p : json.at("curve")) {
    training.curve.push_back({p.at(0).get<int>(), number_or_nan(p.at(1)), number_or_nan(p.at(2)),
                              number_or_nan(p.at(3)), number_or_nan(p.at(4))});
  }
  json.at("probability").get_to(training.probability);
  return training;
}

std::map<std::uint64_t, std::string> FoldJournal::read(const fs::path& folder,
                                                       const std::string& fingerprint) {
  std::map<std::uint64_t, std::string> finished;
  if (!fs::exists(folder)) {
    return finished;
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto lines = lines_of(entry.path());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto line = nlohmann::json::parse(lines[i], nullptr, false);
      if (i == 0) {
        IONSIFT_VALIDATE(line.is_object() && line.value("format", "") == format_name &&
                             line.value("input", "") == fingerprint,
                         conflict, fmt::format("{} belongs to another run", folder.string()),
                         "structures, labels, folds, plan, seed or program version differ from its own",
                         "Choose another output folder, or start anew with --overwrite.");
      } else if (line.is_object() && line.contains("training") && line.contains("result")) {
        finished.emplace(line.at("training").get<std::uint64_t>(), line.at("result").dump());
      }
    }
  }
  return finished;
}

FoldJournal::FoldJournal(const fs::path& folder, const std::string& fingerprint, int rank) {
  const auto path = folder / fmt::format("rank_{:05}.jsonl", rank);
  const bool begun = fs::exists(path) && !lines_of(path).empty();
  file_.open(path);
  // A line that was cut short ends here.
  file_.write(begun ? "" : nlohmann::json({{"format", format_name}, {"input", fingerprint}}).dump());
}

void FoldJournal::append(std::uint64_t training, const std::string& json) {
  file_.write(fmt::format(R"({{"training":{},"result":{}}})", training, json));
}

} // namespace ionsift::learn
