// Finding what an option names.
#pragma once

#include "ionsift/base/run_record.hpp"
#include "ionsift/dataset/feature_set.hpp"
#include "ionsift/dataset/labels.hpp"
#include "ionsift/dataset/leaks.hpp"
#include "ionsift/dataset/split.hpp"

#include "option_table.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace ionsift::cli {

/// The path itself where it exists, else the path inside the data folder (--data, $IONSIFT_DATA, ../shared).
/// @throws Error missing that says where it looked and how to get the public data
std::filesystem::path find_input(const std::string& path, const std::string& data);
/// The same for structures, which may also lie inside a file: "x.tar.gz/a.cif", as failure lists name them.
std::filesystem::path find_structures(const std::string& path, const std::string& data);

/// The options by which labels and splits are read, shared by train and evaluate.
struct LabelInputs {
  std::string labels, split;
  dataset::LabelOptions label_options;
  dataset::SplitOptions split_options;

  void declare(OptionTable& table);
  dataset::Labels read_labels(const std::string& data) const;
  std::optional<dataset::Split> read_split(const std::string& data) const;
  /// ICSD numbers in the table of labels, where it has them.
  std::optional<dataset::IcsdNumbers> read_icsd_numbers(const std::string& data) const;
  /// The labelled entries without a structure that --table-entries trains on, counted in the record.
  static dataset::FeatureSet read_table_entries(const dataset::Labels& known,
                                                const dataset::JoinReport& joined, RunRecord& record);
};

} // namespace ionsift::cli
