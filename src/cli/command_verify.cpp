// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/store/read/verify.hpp"

#include "command.hpp"
#include "inputs.hpp"

#include <iostream>

namespace ionsift::cli {

namespace {

class Verify : public Command {
public:
  void declare(OptionTable& table) override {
    table.required_list("store", "FILE", stores_, "feature stores to check, by all ranks together")
        .add("failures", "FILE", failures_, "CSV of what is damaged: store, row, id, source, message")
        .positional("store");
  }

  std::optional<std::filesystem::path> run_json() const override { return std::nullopt; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    std::uint64_t damaged = 0;
    auto results = nlohmann::json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto& store : stores_) {
      const auto result = store::verify(comm, find_input(store, common.data));
      damaged += result.damaged;
      results.push_back({{"store", store},
                         {"structures", result.structures},
                         {"failures", result.failures},
                         {"damaged", result.damaged}});
      for (const auto& damage : result.damages) {
        rows.push_back({store, damage.row, damage.id, damage.source, damage.message});
      }
    }
    record.result() = results;
    if (!comm.is_root()) {
      return;
    }
    if (common.json) {
      std::cout << results.dump(2) << '\n';
    } else {
      print(results, rows);
    }
    if (!failures_.empty()) {
      write_file_atomically(failures_, [&](std::ostream& out) {
        write_csv_row(out, {"store", "row", "id", "source", "message"});
        for (const auto& row : rows) {
          write_csv_row(out, row);
        }
      });
    }
    std::cout.flush();
    // Rank 0 alone ends the run: the others wait in the next collective and are stopped with it.
    IONSIFT_VALIDATE(damaged == 0, data, fmt::format("{} places are damaged", damaged),
                     "what is stored differs from its checksum, or cannot be read",
                     "Copy the store again, or featurize its inputs again.");
  }

private:
  static void print(const nlohmann::json& results, const std::vector<std::vector<std::string>>& rows) {
    for (const auto& result : results) {
      std::cout << fmt::format(
          "{}: {} structures, {} failures, {}\n", result["store"].get<std::string>(),
          result["structures"].get<std::uint64_t>(), result["failures"].get<std::uint64_t>(),
          result["damaged"] == 0 ? "whole" : fmt::format("{} damaged", result["damaged"].dump()));
    }
    constexpr std::size_t shown = 20;
    for (std::size_t i = 0; i < std::min(shown, rows.size()); ++i) {
      std::cout << fmt::format("  {} {} ({}): {}\n", rows[i][1], rows[i][2], rows[i][3], rows[i][4]);
    }
    if (rows.size() > shown) {
      std::cout << fmt::format("  and {} more; --failures FILE lists them all\n", rows.size() - shown);
    }
  }

  std::vector<std::string> stores_;
  std::string failures_;
};

} // namespace

std::unique_ptr<Command> make_verify() {
  return std::make_unique<Verify>();
}

} // namespace ionsift::cli
