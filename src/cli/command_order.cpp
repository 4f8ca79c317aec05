// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/crystal/read/cif.hpp"
#include "ionsift/parallel/kept_work.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/store/read/reader.hpp"

#include "command.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"
#include "job_input.hpp"
#include "ordering_record.hpp"

#include <iostream>
#include <map>
#include <set>

namespace ionsift::cli {

namespace {

namespace fs = std::filesystem;

class Order : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("store", "FILE", store_, "feature store of the structures")
        .required("out", "DIR", out_, "folder of cifs/, order.csv and failures.csv")
        .add_switch("keep-lithium", options_.keep_lithium,
                    "Li stays and is ordered too; otherwise it is removed, also from mixed sites")
        .add("occupancy-tolerance", "SHARE", options_.occupancy_tolerance,
             "by which a species' share of its sites may differ from its occupancy")
        .add("max-multiple", "N", options_.max_multiple, "cells of a supercell")
        .add("max-sites", "N", options_.max_sites, "sites of a supercell, vacant ones included")
        .add("exclusion", "A", options_.exclusion,
             "alternative sites nearer than this are never occupied together; 0: all are independent")
        .add("max-arrangements", "N", options_.max_arrangements,
             "arrangements that are all looked at; where there are more they are sampled")
        .add("starts", "N", options_.starts, "annealings of a sampled structure")
        .add("steps", "N", options_.steps, "exchanges that each tries, for each disordered site")
        .add("accuracy", "EV", options_.ewald.accuracy,
             "of the interaction of two unit charges with all their images")
        .add("symmetry-tolerance", "A", options_.symmetry_tolerance,
             "distance within which spglib takes sites as equal")
        .add("max-seconds", "S", options_.max_seconds,
             "processor time for one structure, above which it is given up")
        .add("seed", "N", options_.seed, "of the sampling, and of the choice among equal energies")
        .add_switch("overwrite", overwrite_, "replace the structures of an earlier run");
  }

  std::optional<fs::path> run_json() const override { return fs::path(out_) / "run.json"; }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    const HeldFolder held(comm, out_);
    const store::Reader reader(find_input(store_, common.data));
    const auto facts = reader.facts(0, reader.size());
    const parallel::JobFolder place{fs::path(out_) / "partial.d", "ionsift order",
                                    job_input(record, {"store", "out", "overwrite"}, {content_of(reader)})};
    parallel::on_root(comm, [&] { clear_output(); });
    const auto work = [&] {
      const ScopedPhase phase(record.phases(), "ordering");
      return parallel::work_through(comm, costs_of(facts), place, overwrite_,
                                    [&](std::uint64_t item, parallel::Interruption&) {
                                      return one_line(to_json(compute(reader.crystals(item, 1).front())));
                                    });
    }();
    if (work.interrupted()) {
      leave_interrupted(comm, common, record, work, "structures", "structures are ordered");
      return;
    }
    const ScopedPhase phase(record.phases(), "writing");
    parallel::on_root(comm, [&] {
      std::vector<OrderingRecord> records;
      for (const auto& [item, text] : work.results) {
        records.push_back(ordering_record_from_json(nlohmann::json::parse(text)));
      }
      write(facts, records, common.json, record);
      parallel::forget(place);
    });
  }

private:
  /// Interactions of all pairs of sites are most of the work.
  static std::vector<double> costs_of(const store::StructureFacts& facts) {
    std::vector<double> costs;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      const auto sites = static_cast<double>(facts.sites[i]);
      costs.push_back(sites * sites);
    }
    return costs;
  }

  void clear_output() const {
    const auto folder = fs::path(out_) / "cifs";
    IONSIFT_VALIDATE(!fs::exists(folder) || fs::is_empty(folder) || overwrite_, conflict,
                     fmt::format("{} holds structures", folder.string()), "this run would replace them",
                     "Choose another folder, or give --overwrite.");
    make_folder(folder);
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".cif") {
        fs::remove(entry.path());
      }
    }
  }

  OrderingRecord compute(const crystal::Crystal& crystal) const {
    const Stopwatch watch;
    try {
      // The id decides, so that neither the other structures nor the rank do.
      const auto key = sha256_key(crystal.id);
      const auto ordered = crystal::order(crystal, options_, key);
      auto result = record_of(ordered, watch.seconds());
      result.cif = crystal::write_cif(ordered.crystal, cif_comments(ordered, options_));
      return result;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::usage || error.code() == ErrorCode::internal) {
        throw;
      }
      OrderingRecord failed;
      failed.reason = error.what();
      failed.code = error.code();
      failed.seconds = watch.seconds();
      return failed;
    }
  }

  void write(const store::StructureFacts& facts, const std::vector<OrderingRecord>& records, bool json,
             RunRecord& record) const {
    const auto names = file_names(facts.id);
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (!records[i].failed) {
        write_file_atomically(fs::path(out_) / names[i], [&](std::ostream& out) { out << records[i].cif; });
      }
    }
    write_file_atomically(fs::path(out_) / "order.csv", [&](std::ostream& out) {
      write_csv_row(out, ordering_header());
      for (std::size_t i = 0; i < records.size(); ++i) {
        write_csv_row(out, ordering_row(facts.id[i], records[i], names[i]));
      }
    });
    write_file_atomically(fs::path(out_) / "failures.csv", [&](std::ostream& out) {
      write_csv_row(out, {"id", "source", "block", "code", "message"});
      for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].failed) {
          write_csv_row(out, {facts.id[i], facts.source[i], facts.block[i],
                              std::string(name_of(records[i].code)), records[i].reason});
        }
      }
    });
    count(records, record);
    if (json) {
      std::cout << record.document().dump(2) << '\n';
    } else {
      print(record);
    }
  }

  /// "cifs/ID.cif"; an id that is there already gets its number behind it.
  static std::vector<std::string> file_names(const std::vector<std::string>& ids) {
    std::set<std::string> taken;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      std::string stem = file_stem(ids[i]);
      if (!taken.insert(stem).second) {
        stem = fmt::format("{}-{}", stem, i + 1);
        taken.insert(stem);
      }
      names.push_back(fmt::format("cifs/{}.cif", stem));
    }
    return names;
  }

  static void count(const std::vector<OrderingRecord>& records, RunRecord& record) {
    std::map<std::string, std::uint64_t> counts = {{"structures", records.size()},
                                                   {"already_ordered", 0},
                                                   {"enumerated", 0},
                                                   {"sampled", 0},
                                                   {"failures", 0}};
    double seconds = 0;
    for (const auto& one : records) {
      ++counts[one.failed ? "failures" : std::string(name_of(one.method))];
      seconds += one.seconds;
    }
    record.counts() = counts;
    record.result()["seconds_of_structures"] = seconds;
  }

  void print(RunRecord& record) const {
    const auto& counts = record.counts();
    const auto number = [&](const char* name) { return counts[name].get<std::uint64_t>(); };
    std::cout << fmt::format(
        "{} structures: {} need no ordering, {} ordered by enumeration and {} by sampling, {} "
        "failures; in {}\n",
        number("structures"), number("already_ordered"), number("enumerated"), number("sampled"),
        number("failures"), out_);
  }

  std::string store_, out_;
  crystal::OrderingOptions options_;
  bool overwrite_ = false;
};

} // namespace

std::unique_ptr<Command> make_order() {
  return std::make_unique<Order>();
}

} // namespace ionsift::cli
