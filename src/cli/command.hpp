// SPDX-License-Identifier: BSD-3-Clause
// A command of the program: its options and what it does.
#pragma once

#include "ionsift/base/run_record.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/device.hpp"
#include "ionsift/parallel/kept_work.hpp"
#include "ionsift/parallel/work_cost.hpp"

#include "option_table.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::cli {

/// Options that every command has.
struct CommonOptions {
  bool help = false, dump_default = false, quiet = false, verbose = false, json = false;
  std::string config, data, run_json, item_times, trace;
  int threads = 0;
  double max_hours = 0;

  /// @param resumes Command::resumes; nothing for commands in general
  void declare(OptionTable& table, std::optional<bool> resumes = {});
};

class Command {
public:
  virtual ~Command() = default;
  virtual void declare(OptionTable& table) = 0;
  /// Path of run.json unless --run-json is given; nothing writes none.
  virtual std::optional<std::filesystem::path> run_json() const = 0;
  /// Whether the same command continues a run that was ended in its midst; otherwise it starts again.
  virtual bool resumes() const { return false; }
  /// Collective over `comm`.
  virtual void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) = 0;
};

/// The device of this rank for --device; collective.
/// @param request "auto", "cpu" or "cuda"
parallel::DeviceBinding choose_device(const parallel::Communicator& comm, const std::string& request,
                                      RunRecord& record);

/// Ends a command that a signal or the limit of its time has interrupted: records and, on rank 0, prints what
/// was done and that the same command resumes. For every rank, not collective. @param items what the cost
/// counts: "members"  @param done "3 of 100 members are trained"
void leave_interrupted(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record,
                       const parallel::WorkCost& cost, const std::string& items, const std::string& done);
/// The same for items of one kind. @param items "structures"  @param done "structures are ordered"
void leave_interrupted(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record,
                       const parallel::KeptWork& work, const std::string& items, const std::string& done);

/// JSON without line breaks, for journals; bytes that are not UTF-8 are replaced.
std::string one_line(const nlohmann::json& json);

std::unique_ptr<Command> make_run();
std::unique_ptr<Command> make_featurize();
std::unique_ptr<Command> make_parent_train();
std::unique_ptr<Command> make_parent_distill();
std::unique_ptr<Command> make_label();
std::unique_ptr<Command> make_dedup();
std::unique_ptr<Command> make_leaks();
std::unique_ptr<Command> make_cluster();
std::unique_ptr<Command> make_split();
std::unique_ptr<Command> make_order();
std::unique_ptr<Command> make_pack();
std::unique_ptr<Command> make_atomistic();
std::unique_ptr<Command> make_barrier();
std::unique_ptr<Command> make_logistic();
std::unique_ptr<Command> make_pretrain();
std::unique_ptr<Command> make_tune();
std::unique_ptr<Command> make_train();
std::unique_ptr<Command> make_crossvalidate();
std::unique_ptr<Command> make_evaluate();
std::unique_ptr<Command> make_screen();
std::unique_ptr<Command> make_compare();
std::unique_ptr<Command> make_recover();
std::unique_ptr<Command> make_report();
std::unique_ptr<Command> make_scaling();
std::unique_ptr<Command> make_doctor();
std::unique_ptr<Command> make_inspect();
std::unique_ptr<Command> make_verify();

struct CommandEntry {
  std::string_view name; ///< "parent-train" may also be given as two words
  std::string_view summary;
  std::unique_ptr<Command> (*make)();
};

/// All commands in the order of the data's way.
const std::vector<CommandEntry>& commands();

/// The text of `ionsift --help`, and of `ionsift COMMAND --help`.
std::string program_help();
std::string command_help(const CommandEntry& entry);

} // namespace ionsift::cli
