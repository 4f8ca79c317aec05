// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/screen/compare.hpp"

#include "command.hpp"
#include "inputs.hpp"

#include <cmath>
#include <iostream>

namespace ionsift::cli {

namespace {

using nlohmann::json;

std::string number(double value) {
  return std::isnan(value) ? "" : fmt::format("{:.4f}", value);
}

class Compare : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("before", "DIR", before_, "folder of the earlier screening, or its predictions.h5")
        .required("after", "DIR", after_, "folder of the later one")
        .required("out", "DIR", out_, "folder of differences.csv and comparison.json")
        .add("tolerance", "P", options_.tolerance, "changes of P_SI up to P are none")
        .add("top", "N", top_, "candidates gained and lost that are printed");
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_) / "run.json";
  }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    IONSIFT_VALIDATE(options_.tolerance >= 0, usage, "--tolerance cannot be negative",
                     "it is the largest change that is none", "Give zero or more.");
    const ScopedPhase phase(record.phases(), "compare");
    json document;
    parallel::on_root(comm, [&] {
      make_folder(out_);
      const auto result =
          write_differences(find_predictions(before_, common.data), find_predictions(after_, common.data));
      document = describe(result);
      write_file_atomically(std::filesystem::path(out_) / "comparison.json",
                            [&](std::ostream& out) { out << document.dump(2) << '\n'; });
      record.counts() = document["rows"];
      record.result() = document;
      if (common.json) {
        std::cout << document.dump(2) << '\n';
      } else {
        print(result);
      }
    });
  }

private:
  static std::filesystem::path find_predictions(const std::string& name, const std::string& data) {
    const auto path = find_input(name, data);
    return std::filesystem::is_directory(path) ? path / "predictions.h5" : path;
  }

  screen::Comparison write_differences(const std::filesystem::path& before,
                                       const std::filesystem::path& after) {
    screen::Comparison result;
    write_file_atomically(std::filesystem::path(out_) / "differences.csv", [&](std::ostream& out) {
      write_csv_row(out, {"change", "id", "formula", "P_SI_before", "P_SI_after", "band_gap_eV_before",
                          "band_gap_eV_after", "before", "after", "why"});
      result = screen::compare(before, after, options_, [&](const screen::Difference& d) {
        write_csv_row(out,
                      {std::string(name_of(d.change)), d.id, d.formula, number(d.before), number(d.after),
                       number(d.gap_before), number(d.gap_after), d.status_before, d.status_after, d.why});
        remember(d);
      });
    });
    return result;
  }

  /// Keeps lines for people and counts the reasons.
  void remember(const screen::Difference& d) {
    ++why_[std::string(name_of(d.change))][d.why];
    auto& lines = d.change == screen::Change::gained ? gained_ : lost_;
    if (d.change != screen::Change::moved && lines.size() < top_) {
      const double probability = d.change == screen::Change::gained ? d.after : d.before;
      lines.push_back(fmt::format("  {:<24} {:<16} P_SI {:.3f}  {} -> {} ({})", d.formula, d.id, probability,
                                  d.status_before, d.status_after, d.why));
    }
  }

  json describe(const screen::Comparison& result) const {
    return {{"before", before_},
            {"after", after_},
            {"tolerance", options_.tolerance},
            {"ensemble_changed", result.ensemble_changed},
            {"rows",
             {{"before", result.before},
              {"after", result.after},
              {"both", result.both},
              {"structures_changed", result.structures_changed},
              {"kept_before", result.kept_before},
              {"kept_after", result.kept_after},
              {"kept_both", result.kept_both},
              {"gained", result.gained},
              {"lost", result.lost},
              {"moved", result.moved}}},
            {"why", why_}};
  }

  void print(const screen::Comparison& result) const {
    std::cout << fmt::format("{} structures before, {} after, {} in both, {} of them changed\n",
                             result.before, result.after, result.both, result.structures_changed);
    std::cout << fmt::format(
        "candidates: {} before, {} after; {} gained, {} lost; P_SI of {} structures moved "
        "by more than {:g}\n",
        result.kept_before, result.kept_after, result.gained, result.lost, result.moved, options_.tolerance);
    for (const auto& [title, lines] : {std::pair("gained:", &gained_), std::pair("lost:", &lost_)}) {
      if (!lines->empty()) {
        std::cout << title << '\n';
      }
      for (const auto& line : *lines) {
        std::cout << line << '\n';
      }
    }
  }

  std::string before_, after_, out_;
  std::uint64_t top_ = 10;
  screen::CompareOptions options_;
  std::map<std::string, std::map<std::string, std::uint64_t>> why_; ///< reasons by change
  std::vector<std::string> gained_, lost_;
};

} // namespace

std::unique_ptr<Command> make_compare() {
  return std::make_unique<Compare>();
}

} // namespace ionsift::cli
