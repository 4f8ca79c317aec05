#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/crystal/cif.hpp"
#include "ionsift/parallel/gather.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"
#include "ionsift/store/reader.hpp"

#include "command.hpp"
#include "inputs.hpp"
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

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    const store::Reader reader(find_input(store_, common.data));
    const auto facts = reader.facts(0, reader.size());
    parallel::on_root(comm, [&] { clear_output(); });
    std::vector<std::uint64_t> indices;
    std::vector<OrderingRecord> mine;
    OrderingTexts texts;
    {
      const ScopedPhase phase(record.phases(), "ordering");
      parallel::WorkQueue queue(comm);
      queue.refill(costs_of(facts));
      parallel::together(comm, [&] {
        while (const auto item = queue.next()) {
          indices.push_back(*item);
          mine.push_back(compute(reader.crystals(*item, 1).front(), texts));
        }
      });
    }
    const auto records = parallel::gather_in_order(comm, std::span<const std::uint64_t>(indices),
                                                   std::span<const OrderingRecord>(mine));
    const OrderingTexts all = {parallel::gather_text_in_order(comm, indices, texts.cif),
                               parallel::gather_text_in_order(comm, indices, texts.lost),
                               parallel::gather_text_in_order(comm, indices, texts.reason)};
    const ScopedPhase phase(record.phases(), "writing");
    parallel::on_root(comm, [&] { write(facts, records, all, common.json, record); });
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

  OrderingRecord compute(const crystal::Crystal& crystal, OrderingTexts& texts) const {
    const Stopwatch watch;
    auto& cif = texts.cif.emplace_back();
    auto& lost = texts.lost.emplace_back();
    auto& reason = texts.reason.emplace_back();
    try {
      // The id decides, so that neither the other structures nor the rank do.
      const auto key = sha256_key(crystal.id);
      const auto ordered = crystal::order(crystal, options_, key);
      cif = crystal::write_cif(ordered.crystal, cif_comments(ordered, options_));
      lost = lost_elements(ordered);
      return record_of(ordered, watch.seconds());
    } catch (const Error& error) {
      if (error.code() == ErrorCode::usage || error.code() == ErrorCode::internal) {
        throw;
      }
      reason = error.what();
      OrderingRecord failed;
      failed.code = error.code();
      failed.seconds = watch.seconds();
      return failed;
    }
  }

  void write(const store::StructureFacts& facts, const std::vector<OrderingRecord>& records,
             const OrderingTexts& texts, bool json, RunRecord& record) const {
    const auto names = file_names(facts.id);
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (!records[i].failed) {
        write_file_atomically(fs::path(out_) / names[i], [&](std::ostream& out) { out << texts.cif[i]; });
      }
    }
    write_file_atomically(fs::path(out_) / "order.csv", [&](std::ostream& out) {
      write_csv_row(out, ordering_header());
      for (std::size_t i = 0; i < records.size(); ++i) {
        write_csv_row(out, ordering_row(facts.id[i], records[i], texts.lost[i], names[i]));
      }
    });
    write_file_atomically(fs::path(out_) / "failures.csv", [&](std::ostream& out) {
      write_csv_row(out, {"id", "source", "block", "code", "message"});
      for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].failed) {
          write_csv_row(out, {facts.id[i], facts.source[i], facts.block[i],
                              std::string(name_of(records[i].code)), texts.reason[i]});
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
