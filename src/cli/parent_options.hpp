// SPDX-License-Identifier: BSD-3-Clause
// Common parts of parent train and parent distill.
#pragma once

#include "ionsift/learn/parent/parent_training.hpp"

#include "command.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ionsift::cli {

class ParentOptions {
public:
  std::vector<std::string> inputs;
  std::string out, name;
  crystal::SourceOptions source;
  learn::ParentTraining training;
  learn::ExampleOptions examples;

  void declare(OptionTable& table);
  /// Takes what was parsed into `training` and `examples`. @throws Error usage
  void settle(const std::string& data);
  std::filesystem::path folder() const { return out; }
  std::filesystem::path file() const { return folder() / "parent.hdf5"; }

  /// Makes the folder; rank 0 refuses to write over a parent. Collective.
  void prepare_folder(const parallel::Communicator& comm) const;
  /// Trains with checkpoints in the folder until it is done or a signal comes; collective.
  learn::ParentFit fit(const parallel::Communicator& comm, const learn::ExampleSet& set, RunRecord& record);
  /// parent.hdf5 with its .json, epochs.csv, structures.csv, failures.csv; for rank 0.
  /// @param parent named and with its unit; weights and elements come from the fit
  megnet::Parent write(const learn::ExampleSet& set, const learn::ParentFit& fit, megnet::Parent parent,
                       nlohmann::json notes) const;
  /// Explains how to resume; for rank 0 and others.
  void leave(const parallel::Communicator& comm, const learn::ParentFit& fit, RunRecord& record) const;

private:
  void note_inputs(const parallel::Communicator& comm, const learn::ExampleSet& set, RunRecord& record) const;

  std::string shape_ = "published";
  int features_ = 0, hidden_ = 0, blocks_ = 0, max_edges_ = 0;
  double checkpoint_every_ = 60;
  bool overwrite_ = false;
};

} // namespace ionsift::cli
