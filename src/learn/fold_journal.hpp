// What a cross-validation has finished, kept so that a killed run continues.
#pragma once

#include "ionsift/learn/crossvalidation.hpp"

#include "journal_file.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace ionsift::learn {

/// Everything that the results of `train_folds` depend on, as 64 hexadecimal digits.
std::string fingerprint(const dataset::FeatureSet& structures, const dataset::Folds& folds,
                        const CrossValidationOptions& options);

nlohmann::json to_json(const FoldTraining& training);
FoldTraining fold_training_from_json(const nlohmann::json& json);

/// Lines of JSON in a folder: one file for each rank, whose first line says what input it belongs to. Lines
/// are only ever appended; one that a killed run left half written is skipped.
class FoldJournal {
public:
  /// What all ranks' files hold: lines by number of the training. Not collective; for rank 0.
  /// @throws Error conflict for a journal of another input, naming the folder
  static std::map<std::uint64_t, std::string> read(const std::filesystem::path& folder,
                                                   const std::string& fingerprint);

  /// Opens this rank's file, which is made with its first line. @throws Error io
  FoldJournal(const std::filesystem::path& folder, const std::string& fingerprint, int rank);
  /// @throws Error io
  void append(std::uint64_t training, const std::string& json);

private:
  JournalFile file_;
};

} // namespace ionsift::learn
