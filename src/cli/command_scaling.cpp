// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/report/scaling.hpp"

#include "command.hpp"
#include "inputs.hpp"

#include <algorithm>
#include <iostream>

namespace ionsift::cli {

namespace {

std::vector<int> parse_ranks(const std::string& text) {
  std::vector<int> ranks;
  for (const auto& field : split(text, ',')) {
    const auto number = parse_integer(trim(field));
    IONSIFT_VALIDATE(number && *number >= 1 && *number <= 10'000'000, usage,
                     fmt::format("--forecast-ranks cannot hold '{}'", field), "ranks are counted from 1",
                     "Give for example 2,10,100,1000.");
    ranks.push_back(static_cast<int>(*number));
  }
  return ranks;
}

class Scaling : public Command {
public:
  void declare(OptionTable& table) override {
    table
        .required_list("runs", "FILE", runs_,
                       "run.json of each run of one command that was given --item-times, with different "
                       "numbers of ranks")
        .required("out", "DIR", out_, "folder of scaling.csv, phases.csv and scaling.json")
        .add_switch("weak", weak_, "the work of the runs grew with their ranks")
        .add("forecast-ranks", "LIST", ranks_,
             "numbers of ranks to forecast, from the items of the first run")
        .add("ticket-seconds", "S", options_.ticket_seconds,
             "of one access to the counter that hands out work")
        .add("items-per-rank", "N", options_.items_per_rank,
             "rounds of work are merged until each rank has so many items, as featurize's batches grow")
        .add("items", "N", options_.items,
             "items of the strong forecast, the first run's over and over; 0: those of the run")
        .add("readers", "N", options_.readers, "archives, documents or tables that featurize reads at once")
        .add("weak-items", "N", options_.weak_items,
             "items a rank of the weak forecast; 0: a 64th of the first run's");
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_) / "run.json";
  }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    options_.ranks = parse_ranks(ranks_);
    parallel::on_root(comm, [&] {
      std::vector<report::ScalingRun> runs;
      for (const auto& path : runs_) {
        runs.push_back(report::read_scaling_run(find_input(path, common.data)));
      }
      auto rows = report::measured_scaling(runs, weak_);
      const auto forecast = report::forecast_scaling(runs.front(), options_);
      rows.insert(rows.end(), forecast.begin(), forecast.end());
      report::write_scaling(out_, runs, rows);
      const auto document = report::scaling_document(runs, rows);
      write_file_atomically(std::filesystem::path(out_) / "scaling.json",
                            [&](std::ostream& out) { out << document.dump(2) << '\n'; });
      record.counts() = {{"runs", runs.size()}, {"items", runs.front().items()}};
      if (common.json) {
        std::cout << document.dump(2) << '\n';
      } else {
        report::print_scaling(std::cout, rows);
      }
    });
  }

private:
  std::vector<std::string> runs_;
  std::string out_, ranks_ = "1,2,5,10,20,50,100,200,500,1000,2000,5000,10000";
  bool weak_ = false;
  report::ForecastOptions options_;
};

} // namespace

std::unique_ptr<Command> make_scaling() {
  return std::make_unique<Scaling>();
}

} // namespace ionsift::cli
