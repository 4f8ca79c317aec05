// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/cli/program.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/memory.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/run_time.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/parallel/bind_device.hpp"
#include "ionsift/parallel/environment.hpp"
#include "ionsift/parallel/item_times.hpp"
#include "ionsift/parallel/placement.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/trace_file.hpp"
#include "ionsift/report/cost_report.hpp"

#include "build_facts.hpp"
#include "command.hpp"
#include "shell_texts.hpp"
#include "torch_facts.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>

namespace ionsift::cli {

void CommonOptions::declare(OptionTable& table, std::optional<bool> resumes) {
  const std::string again = !resumes ? "resumes where the command saves finished work, otherwise starts again"
                            : *resumes ? "continues"
                                       : "starts again, since nothing is saved";
  table.group("Of every command")
      .add("data", "DIR", data,
           "folder of data for paths that do not exist as given; empty: $IONSIFT_DATA, "
           "then ../shared")
      .add("run-json", "FILE", run_json, "where the record of the run goes; empty: beside the output")
      .add("item-times", "FILE", item_times,
           "CSV of the seconds that every piece of work took, for the command scaling; empty: none")
      .add("trace", "FILE", trace,
           "phases and pieces of work of all ranks on one axis of time, for Perfetto and Chrome (JSON); "
           "empty: none")
      .add("max-hours", "H", max_hours,
           fmt::format("hours within which the run ends by itself, with status 75 if work is left; the same "
                       "command then {}; 0: no limit",
                       again))
      .add("threads", "N", threads, "threads of each rank for linear algebra; 0: $OMP_NUM_THREADS, else 1")
      .add_switch("json", json, "print the result as JSON on standard output")
      .add_switch("quiet", quiet, "log errors only, no progress")
      .add_switch("verbose", verbose, "log details")
      .add("config", "FILE", config, "read options from this file; the command line wins")
      .add_switch("dump-default", dump_default, "print such a file with all defaults")
      .add_switch("help", help, "print this text");
}

const std::vector<CommandEntry>& commands() {
  static const std::vector<CommandEntry> table = {
#ifdef IONSIFT_WITH_LEARN
      {"run", "structures, labels and candidates -> ranked table and page, in one command", make_run},
#endif
      {"pack", "structures -> one archive that many ranks read at once", make_pack},
      {"featurize", "structures -> feature store", make_featurize},
#ifdef IONSIFT_WITH_LEARN
      {"parent-train", "structures and a property -> a parent network of your own", make_parent_train},
      {"parent-distill", "structures and a parent -> a smaller parent with its features",
       make_parent_distill},
#endif
      {"label", "measurements at any temperature -> room-temperature conductivities", make_label},
      {"dedup", "feature store -> groups of entries that are the same structure", make_dedup},
      {"leaks", "entries of one collection that another holds too", make_leaks},
      {"cluster", "compositions -> clusters by chemistry", make_cluster},
      {"split", "labels -> test set, folds and groups that stay whole", make_split},
      {"order", "disordered structures -> ordered supercells of low electrostatic energy", make_order},
      {"atomistic", "feature store -> five readable features of each structure", make_atomistic},
      {"barrier", "feature store -> barriers of lithium by bond-valence site energies", make_barrier},
#ifdef IONSIFT_WITH_LEARN
      {"logistic", "readable features and labels -> the interpretable baseline", make_logistic},
      {"pretrain", "feature store and classes of any kind -> weights that train starts from", make_pretrain},
      {"tune", "search space -> the best configuration for each cluster left out", make_tune},
      {"train", "feature store and labels -> ensemble of classifiers", make_train},
      {"crossvalidate", "every way of training, validated on structures left out", make_crossvalidate},
      {"evaluate", "ensemble against labelled structures that it has not seen", make_evaluate},
      {"screen", "feature store and ensemble -> ranked table of candidates", make_screen},
      {"recover", "what was known by a year -> where a screening ranks what was found later", make_recover},
      {"compare", "two screenings -> candidates gained and lost, and why", make_compare},
      {"scaling", "records of runs -> efficiency by number of ranks, measured and forecast", make_scaling},
      {"report", "results of the other commands -> one page and its figures", make_report},
      {"doctor", "ranks, libraries and file system of this machine -> what would slow or spoil a run",
       make_doctor},
#endif
      {"inspect", "what a store, an ensemble or a result file holds", make_inspect},
      {"verify", "whether stores are what was written: checksums of every structure", make_verify},
  };
  return table;
}

parallel::DeviceBinding choose_device(const parallel::Communicator& comm, const std::string& request,
                                      RunRecord& record) {
  IONSIFT_VALIDATE(request == "auto" || request == "cpu" || request == "cuda", usage,
                   fmt::format("--device cannot be '{}'", request), "expected auto, cpu or cuda",
                   "Give one of these.");
  const auto gpus = request == "cpu" ? std::vector<std::string>() : gpu_uuids();
  IONSIFT_VALIDATE(request != "cuda" || !gpus.empty(), missing, "no GPU is visible",
                   "this libtorch is a CPU build, or the job was given none",
                   "Build against a CUDA libtorch (preset cuda), request a GPU, or use --device cpu.");
  const auto binding = parallel::bind_device(comm, gpus);
  const std::string name = binding.name();
  const auto names = comm.gather(std::span<const char>((name + '\n').c_str(), name.size() + 1));
  record.environment()["devices"] = split(trim(std::string(names.begin(), names.end())), '\n');
  record.environment()["libtorch"] = torch_description();
  record.environment()["blas"] = blas_description();
  return binding;
}

void leave_interrupted(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record,
                       const parallel::WorkCost& cost, const std::string& items, const std::string& done) {
  // Commands that never use a GPU do not name their devices.
  const auto devices = record.environment().value(
      "devices", nlohmann::json(std::vector<std::string>(static_cast<std::size_t>(cost.ranks), "cpu")));
  record.interrupt("Give the same command again, on any number of ranks: it resumes where this run ended.");
  record.result()["cost"] = report::to_json(cost, devices, items);
  if (!comm.is_root()) {
    return;
  }
  if (common.json) {
    std::cout << record.document().dump(2) << '\n';
  } else {
    std::cout << fmt::format("interrupted: {}; the same command resumes. This run: {}\n", done,
                             report::describe(cost, devices, items));
  }
}

void leave_interrupted(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record,
                       const parallel::KeptWork& work, const std::string& items, const std::string& done) {
  const auto finished = work.known + work.cost.items;
  record.counts() = {{items, work.items}, {"finished", finished}};
  leave_interrupted(comm, common, record, work.cost, items,
                    fmt::format("{} of {} {}", finished, work.items, done));
}

std::string one_line(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string program_help() {
  std::string text = "Usage: [mpirun -n N] ionsift COMMAND [options]\n\n"
                     "Screens databases of crystals for superionic lithium conductors.\n\n";
  for (const auto& entry : commands()) {
    text += fmt::format("  {:<15}{}\n", entry.name, entry.summary);
  }
  text += "\nThese only print:\n";
  for (const auto& utterance : utterances()) {
    text += fmt::format("  {:<25}{}\n", fmt::format("{} {}", utterance.name, utterance.argument),
                        utterance.summary);
  }
  text += "  --version                which version this is, and what it was built of\n\n"
          "'ionsift COMMAND --help' lists the options of a command. Exit status:\n";
  for (const auto& [status, meaning] : exit_statuses()) {
    text += fmt::format("  {:>2}  {}\n", status, meaning);
  }
  return text;
}

std::string command_help(const CommandEntry& entry) {
  OptionTable table;
  const auto command = entry.make();
  command->declare(table);
  CommonOptions common;
  common.declare(table, command->resumes());
  return fmt::format("Usage: [mpirun -n N] ionsift {} [options]\n\n{}\n\n{}", entry.name, entry.summary,
                     table.help());
}

namespace {

/// How many of the arguments are the command's name: "parent train" is "parent-train".
int words_of_command(const std::vector<std::string>& arguments) {
  const auto is_first_word = [&](const CommandEntry& entry) {
    return entry.name.starts_with(arguments[0] + '-');
  };
  const bool two = arguments.size() > 1 && !arguments[1].starts_with('-') &&
                   std::any_of(commands().begin(), commands().end(), is_first_word);
  return two ? 2 : 1;
}

const CommandEntry& find_command(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& entry : commands()) {
    if (entry.name == name) {
      return entry;
    }
    names.emplace_back(entry.name);
  }
  IONSIFT_VALIDATE(!name.starts_with('-'), usage, fmt::format("{} was given in place of a command", name),
                   "options come behind the command", fmt::format("Give ionsift COMMAND {}.", name));
  for (const auto& utterance : utterances()) {
    names.emplace_back(utterance.name);
  }
  const auto near = nearest_word(name, names);
  throw Error(ErrorCode::usage, fmt::format("'{}' is not a command", name),
              fmt::format("the commands are {}", fmt::join(names, ", ")),
              near ? fmt::format("Did you mean '{}'?", *near) : "See ionsift --help.");
}

log::Level log_level(const CommonOptions& common) {
  if (common.quiet) {
    return log::Level::quiet;
  }
  return common.verbose ? log::Level::debug : log::Level::info;
}

/// Writes the record of a failed run, on whichever rank failed (the file is replaced whole). The failure
/// itself must not be hidden by one to record it.
void leave_record(const RunRecord& record, const std::optional<std::filesystem::path>& path) {
  if (!path) {
    return;
  }
  try {
    if (path->has_parent_path()) {
      make_folder(path->parent_path());
    }
    record.write(*path);
  } catch (const std::exception& error) {
    log::error("the record of this run is lost: {}", error.what());
  }
}

/// The message and record of a run whose time limit is reached before it has ended by itself.
LastWords last_words(RunRecord record, const std::optional<std::filesystem::path>& path, double hours,
                     bool resumes) {
  record.interrupt(resumes ? "Give the same command again: it resumes from what was finished."
                           : "Give the same command again, with more hours: it starts again.");
  return {fmt::format(
              "ionsift: the {:g} hours of --max-hours are over in the midst of the work; the same command {}",
              hours, resumes ? "resumes from what was finished" : "starts again"),
          path.value_or(std::filesystem::path()), record.document().dump(2)};
}

/// Collective.
void write_item_times(const parallel::Communicator& comm, const std::filesystem::path& path) {
  const auto times = parallel::gather_item_times(comm);
  parallel::on_root(comm, [&] {
    write_file_atomically(path, [&](std::ostream& out) {
      write_csv_row(out, {"queue", "round", "item", "seconds", "rank"});
      for (const auto& time : times) {
        out << fmt::format("{},{},{},{:.9g},{}\n", time.queue, time.round, time.item, time.seconds,
                           time.rank);
      }
    });
  });
}

/// Several processes that each take themselves for the only one would all do the whole work, and write over
/// each other's results. `doctor` may run: it diagnoses the problem.
void require_whole_launch(const parallel::Communicator& comm, std::string_view command) {
  const char* alone = std::getenv("IONSIFT_ALONE");
  const int launched = parallel::launched_processes();
  IONSIFT_VALIDATE(
      launched <= 1 || comm.size() > 1 || command == "doctor" || (alone != nullptr && *alone != '\0'), usage,
      fmt::format("the launcher has started {} processes, but this one is alone", launched),
      fmt::format(
          "the launcher and this program's MPI ({}) do not understand each other, so that each process "
          "would do all the work",
          parallel::mpi_description().substr(0, 30)),
      "Start it with srun --mpi=pmix (srun --mpi=list shows what there is) or with the mpirun of that MPI. "
      "Where "
      "each process is meant to be a run of its own, set IONSIFT_ALONE=1.");
}

/// Results that could not be printed must not pass for printed: a full disk or a closed pipe is an error.
void require_printed() {
  errno = 0;
  std::cout.flush();
  IONSIFT_VALIDATE(std::cout.good(), io, "standard output cannot be written",
                   errno != 0 ? std::strerror(errno) : "the system refused",
                   "Check the space on its disk. Files that the command wrote are whole.");
}

/// Runs a parsed command on all ranks and leaves its record, whatever happens.
int run_command(const CommandEntry& entry, Command& command, const OptionTable& table,
                const CommonOptions& common, int argc, char** argv) {
  RunRecord record{std::string(entry.name)};
  record.input() = table.echo();
  const auto path = common.run_json.empty() ? command.run_json() : std::filesystem::path(common.run_json);

  const auto body = [&](const parallel::Communicator& comm) {
    if (common.max_hours != 0 && comm.is_root()) {
      set_last_words(last_words(record, path, common.max_hours, command.resumes()));
    }
    log::configure(log_level(common), comm.rank(), comm.size());
    require_whole_launch(comm, entry.name);
    record.environment()["commit"] = commit();
    record.environment()["ranks"] = comm.size();
    record.environment()["threads"] = parallel::set_threads(common.threads);
    record.environment()["mpi"] = parallel::mpi_description();
    if (!common.item_times.empty()) {
      parallel::record_item_times();
    }
    if (!common.trace.empty()) {
      parallel::start_trace_together(comm);
    }
    for (const auto& remark : table.without_effect()) {
      log::warning("{}", remark);
    }
    if (!table.without_effect().empty()) {
      record.environment()["options_without_effect"] = table.without_effect();
    }
    command.run(comm, common, record);
    if (auto& environment = record.environment(); environment.contains("blas")) {
      environment["blas"] = blas_description(); // known once libtorch is loaded
    }
    if (!common.item_times.empty()) {
      write_item_times(comm, common.item_times);
    }
    if (!common.trace.empty()) {
      parallel::write_trace(comm, common.trace);
    }
    if (comm.is_root()) {
      require_printed();
    }
    record.set_peak_memory(comm.all_reduce(peak_memory_mb(), parallel::Reduction::max));
    forget_last_words();
    if (comm.is_root() && path) {
      record.write(*path);
      log::info("{} {} {}; record in {}", entry.name,
                record.interrupted() ? "was interrupted after" : "finished in",
                format_duration(record.document()["seconds"].get<double>()), path->string());
    }
    return record.exit_status();
  };
  return parallel::run_guarded(argc, argv, body, [&](const std::exception& error) {
    forget_last_words();
    record.fail(error);
    leave_record(record, path);
  });
}

/// What the arguments ask for: a text to print, or a command to run.
struct Request {
  std::string text; ///< printed instead of running anything
  int status = 0;   ///< exit status in that case
  const CommandEntry* entry = nullptr;
  std::unique_ptr<Command> command;
  OptionTable table;
  CommonOptions common;
};

/// The text of arguments that ask for nothing more; empty for a command that runs.
std::string uttered(const std::vector<std::string>& arguments) {
  const std::string first = arguments.empty() ? "help" : arguments[0];
  const std::string second = arguments.size() > 1 ? arguments[1] : "";
  if (first == "--help" || first == "-h" || (first == "help" && second.empty())) {
    return program_help();
  }
  if (first == "help") {
    const std::vector<std::string> named(arguments.begin() + 1, arguments.end());
    return command_help(find_command(words_of_command(named) == 2 ? named[0] + '-' + named[1] : second));
  }
  if (first == "--version" || first == "-V") {
    return version_text();
  }
  if (first == "completion") {
    return completion_script(second);
  }
  if (first == "man") {
    IONSIFT_VALIDATE(second.empty() || second == "markdown", usage,
                     fmt::format("there is no manual page of '{}'", second),
                     "it is one page for all commands",
                     "Give ionsift man, ionsift man markdown, or ionsift help COMMAND.");
    return second.empty() ? man_page() : command_reference();
  }
  return "";
}

/// Fills `request` in place: the table's options point into its command.
void read_request(const std::vector<std::string>& arguments, Request& request) {
  request.text = uttered(arguments);
  if (!request.text.empty()) {
    request.status = arguments.empty() ? 2 : 0;
    return;
  }
  const auto words = words_of_command(arguments);
  request.entry = &find_command(words == 2 ? arguments[0] + '-' + arguments[1] : arguments[0]);
  request.command = request.entry->make();
  request.command->declare(request.table);
  request.common.declare(request.table, request.command->resumes());
  std::vector<std::string> given(arguments.begin() + words, arguments.end());
  std::ranges::replace(given, std::string("-h"), std::string("--help"));
  request.table.parse(given);
  if (request.common.help) {
    request.text = command_help(*request.entry);
  } else if (request.common.dump_default) {
    request.text = request.table.default_configuration(std::string(request.entry->name));
  }
}

/// Errors before MPI occur on every rank; the launcher's variables determine which one prints.
bool is_first_rank() {
  return parallel::launched_rank().value_or(0) == 0;
}

int tell(const Error& error) {
  if (is_first_rank()) {
    std::cerr << "ionsift: " << error.what() << '\n';
  }
  return exit_status(error.code());
}

} // namespace

int run(int argc, char** argv) {
  Request request;
  try {
    read_request({argv + 1, argv + argc}, request);
    if (request.text.empty() && request.common.max_hours != 0) {
      limit_run_time(3600 * request.common.max_hours);
    }
  } catch (const Error& error) {
    return tell(error);
  }
  if (!request.text.empty()) {
    if (is_first_rank()) {
      std::cout << request.text;
    }
    try {
      require_printed();
    } catch (const Error& error) {
      return tell(error);
    }
    return request.status;
  }
  // A file larger than the user's limit is a reportable error, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  // Not inside the try above: with several ranks a failed run must end without unwinding (run_guarded).
  return run_command(*request.entry, *request.command, request.table, request.common, argc, argv);
}

} // namespace ionsift::cli
