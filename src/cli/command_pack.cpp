// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/crystal/source/pack.hpp"
#include "ionsift/parallel/together.hpp"

#include "command.hpp"
#include "inputs.hpp"
#include "output_table.hpp"

#include <iostream>

namespace ionsift::cli {

namespace {

class Pack : public Command {
public:
  void declare(OptionTable& table) override {
    table
        .required_list("input", "PATH", inputs_,
                       "structures as featurize reads them: files, folders, archives, documents, tables")
        .required("out", "FILE", out_, "archive to write: .zip (smaller) or .tar (read fastest)")
        .add("id-column", "NAME", source_.id_column,
             "column (CSV) or field (JSON) of ids, which must exist; empty: found by name")
        .add("structure-column", "NAME", source_.structure_column,
             "column (CSV) or field (JSON) of structures; empty: found by name")
        .add_switch("overwrite", overwrite_, "replace an archive that is there")
        .positional("input");
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_).replace_extension(".run.json");
  }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    parallel::on_root(comm, [&] { pack(common, record); });
  }

private:
  void pack(const CommonOptions& common, RunRecord& record) {
    std::vector<std::filesystem::path> inputs;
    for (const auto& input : inputs_) {
      inputs.push_back(find_structures(input, common.data));
      std::error_code unknown;
      IONSIFT_VALIDATE(!std::filesystem::equivalent(inputs.back(), out_, unknown), usage,
                       fmt::format("{} would be packed into itself", out_), "--out is an input",
                       "Give another --out.");
    }
    const OutputTable output(out_, *run_json(), overwrite_);
    output.make_folder();
    Progress progress("pack", 0);
    const auto summary =
        crystal::pack(inputs, source_, out_, [&](std::uint64_t done) { progress.update(done); });
    progress.finish();
    output.note_written(record);
    note(summary, record);
    write_failures(summary);
    report(summary, common.json, record);
  }

  void note(const crystal::PackSummary& summary, RunRecord& record) const {
    record.counts() = {{"entries", summary.entries},
                       {"failures", summary.failures.size()},
                       {"other_ids", summary.other_ids}};
    record.result()["bytes"] = std::filesystem::file_size(out_);
    record.result()["seconds"] = {{"reading_inputs", summary.seconds_in},
                                  {"reading_archive", summary.seconds_back}};
    note_source(summary.notes, record);
  }

  std::filesystem::path failure_list() const {
    return std::filesystem::path(out_).replace_extension(".failures.csv");
  }

  void write_failures(const crystal::PackSummary& summary) const {
    if (summary.failures.empty()) {
      std::error_code ignored;
      std::filesystem::remove(failure_list(), ignored); // of an earlier run
      return;
    }
    write_file_atomically(failure_list(), [&](std::ostream& out) {
      write_csv_row(out, {"source", "code", "message"});
      for (const auto& failure : summary.failures) {
        write_csv_row(out, {failure.source, std::string(name_of(failure.code)), failure.message});
      }
    });
  }

  void report(const crystal::PackSummary& summary, bool json, const RunRecord& record) const {
    if (!summary.failures.empty()) {
      log::warning("{} entries hold no structure and are not in the archive; they are listed in {}",
                   summary.failures.size(), failure_list().string());
    }
    if (summary.other_ids > 0) {
      log::warning("{} entries have another id when they are read from the archive, the first '{}'{}",
                   summary.other_ids, summary.other_id,
                   source_.id_column.empty()
                       ? std::string()
                       : fmt::format(": give --id-column {} to featurize, too", source_.id_column));
    }
    if (json) {
      std::cout << record.document().dump(2) << '\n';
      return;
    }
    std::cout << fmt::format("{} entries in {}, {:.1f} MB\n", summary.entries, out_,
                             static_cast<double>(std::filesystem::file_size(out_)) / 1e6);
    if (!summary.notes.passed_over.empty()) {
      std::cout << fmt::format("  passed over: {}\n", crystal::in_words(summary.notes.passed_over));
    }
    std::cout << fmt::format(
        "read by one rank: {} before, {} from this archive ({:.1f} times as fast); any number of ranks can\n"
        "read it at once\n",
        format_duration(summary.seconds_in), format_duration(summary.seconds_back),
        summary.seconds_in / summary.seconds_back);
  }

  std::vector<std::string> inputs_;
  std::string out_;
  crystal::SourceOptions source_;
  bool overwrite_ = false;
};

} // namespace

std::unique_ptr<Command> make_pack() {
  return std::make_unique<Pack>();
}

} // namespace ionsift::cli
