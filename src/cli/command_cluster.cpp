// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/clustering/clusters.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"
#include "ionsift/dataset/labels/written_number.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/store/read/reader.hpp"

#include "command.hpp"
#include "inputs.hpp"
#include "output_table.hpp"

#include <functional>
#include <iostream>
#include <map>

namespace ionsift::cli {

namespace {

/// A compound that cannot be clustered.
struct LeftOut {
  std::string id, composition, message;
};

struct Agreement {
  std::size_t compared = 0;
  double adjusted_rand_index = 0, purity = 0;
};

class Cluster : public Command {
public:
  void declare(OptionTable& table) override {
    auto& umap = options_.umap;
    auto& density = options_.density;
    table.add("table", "FILE", table_, "CSV with a composition on each line, as labels have it")
        .add("store", "FILE", store_, "or: feature store of the compounds")
        .add("labels", "FILE", labels_, "with --store: only what this CSV of conductivities labels")
        .required("out", "FILE", out_, "CSV of id, composition, x, y and cluster")
        .add("id-column", "NAME", id_column_, "column of ids in the table or labels; empty: found by name")
        .add("composition-column", "NAME", composition_column_,
             "column of compositions in the table; empty: found by name")
        .add("conductivity-column", "NAME", label_options_.conductivity_column,
             "column of conductivities in the labels; empty: found by name")
        .add("conductivity-unit", "UNIT", label_options_.conductivity_unit,
             "their unit; empty: from the column's name or its cells")
        .add("neighbours", "N", umap.neighbours,
             "nearest compounds that shape the layout, each its own first")
        .add("spread", "X", umap.spread, "scale of the layout")
        .add("min-distance", "X", umap.min_distance, "below which points of the layout count as one")
        .add("epochs", "N", umap.epochs, "of the layout")
        .add("negative-samples", "N", umap.negative_samples, "compounds pushed away for each one drawn near")
        .add("epsilon", "X", density.epsilon, "radius of a neighbourhood in the layout")
        .add("points", "N", density.points, "that make a neighbourhood dense")
        .add("noise", "keep|nearest", noise_,
             "-1 for what is in no cluster, or the cluster of the nearest one")
        .add("seed", "N", umap.seed, "the same seed gives the same clusters")
        .add("against", "FILE", against_, "CSV of ids and another partition to compare with")
        .add("against-id-column", "NAME", against_id_column_, "its column of ids; empty: found by name")
        .add("against-column", "NAME", against_column_, "its column of classes or clusters")
        .add_switch("overwrite", overwrite_, OutputTable::overwrite_help)
        .only_with({"against"}, {"against-id-column", "against-column"})
        .only_with({"labels"}, {"conductivity-column", "conductivity-unit"});
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_).replace_extension(".run.json");
  }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    IONSIFT_VALIDATE(table_.empty() != store_.empty(), usage, "it is not clear what to cluster",
                     table_.empty() ? "neither --table nor --store is given"
                                    : "both --table and --store are given",
                     "Give one of them.");
    IONSIFT_VALIDATE(noise_ == "keep" || noise_ == "nearest", usage,
                     fmt::format("--noise cannot be '{}'", noise_), "expected keep or nearest",
                     "Give one of these.");
    IONSIFT_VALIDATE(against_.empty() || !against_column_.empty(), usage, "--against-column is missing",
                     "--against is given, and its columns are not known by name", "Name a column.");
    options_.density.absorb = noise_ == "nearest";
    std::optional<OutputTable> output;
    parallel::on_root(comm, [&] { output.emplace(out_, *run_json(), overwrite_); });
    std::vector<LeftOut> left_out;
    const auto compounds =
        table_.empty() ? from_store(comm, common.data, left_out, record) : from_table(common.data, left_out);
    const auto clustering = [&] {
      const ScopedPhase phase(record.phases(), "cluster");
      return dataset::cluster_compounds(comm, compounds, options_);
    }();
    const auto agreement = compare(compounds, clustering, common.data);
    note(compounds, clustering, agreement, left_out, record);
    parallel::on_root(comm, [&] {
      write(compounds, clustering, left_out);
      output->note_written(record);
      if (common.json) {
        std::cout << record.document().dump(2) << '\n';
      } else {
        print(compounds, clustering, agreement, left_out);
      }
    });
  }

private:
  /// Takes a compound, or notes why not.
  static void take(const std::string& id, const std::string& formula,
                   const std::function<crystal::Composition()>& composition_of,
                   std::vector<dataset::Compound>& compounds, std::vector<LeftOut>& left_out) {
    std::string reason;
    try {
      auto composition = composition_of();
      reason = dataset::reason_against_clustering(composition);
      if (reason.empty()) {
        compounds.push_back({id, std::move(composition)});
        return;
      }
    } catch (const Error& error) {
      reason = error.what();
    }
    left_out.push_back({id, formula, reason});
  }

  std::vector<dataset::Compound> from_table(const std::string& data, std::vector<LeftOut>& left_out) const {
    const auto table = CsvTable::read(find_input(table_, data));
    const auto id_column = dataset::find_id_column(table, id_column_);
    const auto column = dataset::find_composition_column(table, composition_column_);
    std::vector<dataset::Compound> compounds;
    for (std::size_t row = 0; row < table.size(); ++row) {
      const std::string id(trim(table.cell(row, id_column)));
      if (!id.empty()) {
        const std::string& formula = table.cell(row, column);
        if (dataset::is_placeholder_formula(formula)) {
          left_out.push_back({id, formula, "its formula is unknown"});
          continue;
        }
        take(
            id, formula, [&] { return crystal::Composition::parse(formula); }, compounds, left_out);
      }
    }
    return compounds;
  }

  std::vector<dataset::Compound> from_store(const parallel::Communicator& comm, const std::string& data,
                                            std::vector<LeftOut>& left_out, RunRecord& record) {
    const store::Reader reader(find_input(store_, data));
    std::optional<dataset::Labels> labels;
    if (!labels_.empty()) {
      label_options_.id_column = id_column_;
      labels = read_labels(comm, {find_input(labels_, data)}, label_options_, record);
      align_ids(comm, reader, *labels, record);
    }
    const auto facts = reader.facts(0, reader.size());
    std::vector<dataset::Compound> compounds;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      if (!labels || labels->find(facts.id[i]) != nullptr) {
        take(
            facts.id[i], facts.formula[i], [&] { return reader.crystals(i, 1).front().composition(); },
            compounds, left_out);
      }
    }
    return compounds;
  }

  std::optional<Agreement> compare(const std::vector<dataset::Compound>& compounds,
                                   const dataset::Clustering& clustering, const std::string& data) const {
    if (against_.empty()) {
      return std::nullopt;
    }
    const auto table = CsvTable::read(find_input(against_, data));
    const auto id_column = dataset::find_id_column(table, against_id_column_);
    const auto column = table.column(against_column_);
    std::map<std::string, std::string> class_of;
    for (std::size_t row = 0; row < table.size(); ++row) {
      class_of.try_emplace(std::string(trim(table.cell(row, id_column))), trim(table.cell(row, column)));
    }
    std::map<std::string, int> numbers;
    std::vector<int> ours, theirs;
    for (std::size_t i = 0; i < compounds.size(); ++i) {
      const auto entry = class_of.find(compounds[i].id);
      if (entry != class_of.end() && !entry->second.empty()) {
        ours.push_back(clustering.compounds[i].cluster);
        theirs.push_back(numbers.try_emplace(entry->second, static_cast<int>(numbers.size())).first->second);
      }
    }
    IONSIFT_VALIDATE(!ours.empty(), data, fmt::format("{} has no class of any compound", table.name()),
                     "no id of it is among the compounds", "Check --against-id-column and --against-column.");
    return Agreement{ours.size(), dataset::adjusted_rand_index(ours, theirs), dataset::purity(ours, theirs)};
  }

  static std::map<int, std::size_t> sizes_of(const dataset::Clustering& clustering) {
    std::map<int, std::size_t> sizes;
    for (const auto& compound : clustering.compounds) {
      ++sizes[compound.cluster];
    }
    return sizes;
  }

  static void note(const std::vector<dataset::Compound>& compounds, const dataset::Clustering& clustering,
                   const std::optional<Agreement>& agreement, const std::vector<LeftOut>& left_out,
                   RunRecord& record) {
    record.counts() = {{"compounds", compounds.size()},
                       {"left_out", left_out.size()},
                       {"clusters", clustering.clusters},
                       {"noise", clustering.noise}};
    auto& result = record.result();
    result["pieces_of_graph"] = clustering.pieces;
    result["similarity_curve"] = {{"a", clustering.curve_a}, {"b", clustering.curve_b}};
    result["trustworthiness"] = clustering.trustworthiness;
    for (const auto& [cluster, size] : sizes_of(clustering)) {
      result["sizes"][fmt::format("{}", cluster)] = size;
    }
    if (agreement) {
      result["agreement"] = {{"compared", agreement->compared},
                             {"adjusted_rand_index", agreement->adjusted_rand_index},
                             {"purity", agreement->purity}};
    }
  }

  void write(const std::vector<dataset::Compound>& compounds, const dataset::Clustering& clustering,
             const std::vector<LeftOut>& left_out) const {
    const std::filesystem::path path(out_);
    if (path.has_parent_path()) {
      make_folder(path.parent_path());
    }
    dataset::write_clusters(path, compounds, clustering);
    write_file_atomically(std::filesystem::path(path).replace_extension(".failures.csv"),
                          [&](std::ostream& out) {
                            write_csv_row(out, {"id", "composition", "message"});
                            for (const auto& one : left_out) {
                              write_csv_row(out, {one.id, one.composition, one.message});
                            }
                          });
  }

  void print(const std::vector<dataset::Compound>& compounds, const dataset::Clustering& clustering,
             const std::optional<Agreement>& agreement, const std::vector<LeftOut>& left_out) const {
    std::cout << fmt::format("{} compounds in {} clusters, {} in none, {} left out; the table is {}\n"
                             "trustworthiness of the layout {:.4f}\n",
                             compounds.size(), clustering.clusters, clustering.noise, left_out.size(), out_,
                             clustering.trustworthiness);
    for (const auto& [cluster, size] : sizes_of(clustering)) {
      std::cout << fmt::format("  cluster {:>3}: {}\n", cluster, size);
    }
    if (agreement) {
      std::cout << fmt::format("{} compounds against {} of {}: adjusted Rand index {:.3f}, purity {:.3f}\n",
                               agreement->compared, against_column_, against_, agreement->adjusted_rand_index,
                               agreement->purity);
    }
  }

  std::string table_, store_, labels_, out_, id_column_, composition_column_, noise_ = "keep";
  std::string against_, against_id_column_, against_column_;
  dataset::LabelOptions label_options_;
  dataset::ClusterOptions options_;
  bool overwrite_ = false;
};

} // namespace

std::unique_ptr<Command> make_cluster() {
  return std::make_unique<Cluster>();
}

} // namespace ionsift::cli
