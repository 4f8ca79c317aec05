// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/dataset/descriptors/lithium_paths.hpp"
#include "ionsift/parallel/gather.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"
#include "ionsift/store/read/reader.hpp"

#include "command.hpp"
#include "inputs.hpp"
#include "output_table.hpp"

#include <algorithm>
#include <iostream>

namespace ionsift::cli {

namespace {

/// What a rank finds out about a structure; sent between ranks.
struct Found {
  std::array<double, dataset::lithium_path_names.size()> values{};
  double seconds = 0;
  bool usable = false;
};

class Barrier : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("store", "FILE", store_, "feature store of the structures")
        .required("out", "FILE", out_, "CSV of id, barriers in eV, free-sphere radius and accessible volume")
        .add("spacing", "A", options_.spacing, "distance between the points of the grid, at most")
        .add("max-points", "N", options_.max_points,
             "points of a grid; those of larger cells are farther apart")
        .add("highest", "EV", options_.highest, "paths are searched up to here; barriers above it are this")
        .add("accessible", "EV", options_.accessible,
             "the accessible volume has energies up to this above the lowest")
        .add("screening", "SHARE", options_.screening,
             "of the sum of covalent radii, over which the repulsion by cations decays")
        .add_switch("overwrite", overwrite_, OutputTable::overwrite_help);
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_).replace_extension(".run.json");
  }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    std::optional<OutputTable> output;
    parallel::on_root(comm, [&] { output.emplace(out_, *run_json(), overwrite_); });
    const store::Reader reader(find_input(store_, common.data));
    const auto facts = reader.facts(0, reader.size());
    std::vector<std::uint64_t> indices;
    std::vector<Found> mine;
    std::vector<std::string> reasons;
    {
      const ScopedPhase phase(record.phases(), "paths");
      parallel::WorkQueue queue(comm);
      queue.refill(std::vector<double>(facts.sites.begin(), facts.sites.end()));
      parallel::together(comm, [&] {
        while (const auto item = queue.next()) {
          indices.push_back(*item);
          reasons.emplace_back();
          mine.push_back(compute(reader.crystals(*item, 1).front(), reasons.back()));
        }
      });
    }
    const auto found = parallel::gather_in_order(comm, std::span<const std::uint64_t>(indices),
                                                 std::span<const Found>(mine));
    const auto why = parallel::gather_text_in_order(comm, indices, reasons);
    parallel::on_root(comm, [&] { report(*output, facts.id, found, why, common.json, record); });
  }

private:
  Found compute(const crystal::Crystal& crystal, std::string& reason) const {
    Found found;
    try {
      const Stopwatch watch;
      found.values = dataset::find_lithium_paths(crystal, options_).values();
      found.seconds = watch.seconds();
      found.usable = true;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::usage || error.code() == ErrorCode::internal) {
        throw;
      }
      reason = error.what();
    }
    return found;
  }

  void report(const OutputTable& output, const std::vector<std::string>& ids, const std::vector<Found>& found,
              const std::vector<std::string>& why, bool json, RunRecord& record) const {
    const std::filesystem::path path(out_);
    if (path.has_parent_path()) {
      make_folder(path.parent_path());
    }
    write_values(path, ids, found);
    output.note_written(record);
    write_failures(std::filesystem::path(path).replace_extension(".failures.csv"), ids, found, why);
    std::vector<double> barriers, seconds;
    for (const auto& one : found) {
      if (one.usable) {
        barriers.push_back(one.values[2]);
        seconds.push_back(one.seconds);
      }
    }
    const auto median = [](std::vector<double> values) {
      std::ranges::sort(values);
      return values.empty() ? 0 : values[values.size() / 2];
    };
    const auto failures = found.size() - barriers.size();
    record.counts() = {{"structures", barriers.size()}, {"failures", failures}};
    record.result()["median_barrier_3d"] = median(barriers);
    record.result()["median_seconds"] = median(seconds);
    if (json) {
      std::cout << record.document().dump(2) << '\n';
      return;
    }
    std::cout << fmt::format("{} structures with barriers in {}, {} without\n", barriers.size(), out_,
                             failures);
    std::cout << fmt::format(
        "median barrier in three dimensions {:.2f} eV, median time of a structure {:.0f} ms\n",
        median(barriers), 1e3 * median(seconds));
  }

  static void write_values(const std::filesystem::path& path, const std::vector<std::string>& ids,
                           const std::vector<Found>& found) {
    write_file_atomically(path, [&](std::ostream& out) {
      std::vector<std::string> header = {"id"};
      header.insert(header.end(), dataset::lithium_path_names.begin(), dataset::lithium_path_names.end());
      write_csv_row(out, header);
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (found[i].usable) {
          std::vector<std::string> cells = {ids[i]};
          for (const double value : found[i].values) {
            cells.push_back(fmt::format("{:.4f}", value));
          }
          write_csv_row(out, cells);
        }
      }
    });
  }

  static void write_failures(const std::filesystem::path& path, const std::vector<std::string>& ids,
                             const std::vector<Found>& found, const std::vector<std::string>& why) {
    write_file_atomically(path, [&](std::ostream& out) {
      write_csv_row(out, {"id", "message"});
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i].usable) {
          write_csv_row(out, {ids[i], why[i]});
        }
      }
    });
  }

  std::string store_, out_;
  dataset::PathOptions options_;
  bool overwrite_ = false;
};

} // namespace

std::unique_ptr<Command> make_barrier() {
  return std::make_unique<Barrier>();
}

} // namespace ionsift::cli
