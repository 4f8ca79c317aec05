// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/clustering/clusters.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/parallel/together.hpp"

#include "umap.hpp"

#include <algorithm>
#include <numeric>
#include <ostream>

namespace ionsift::dataset {

namespace {

constexpr std::size_t fewest = 5;
// Keys of the random streams.
constexpr std::uint64_t start_key = 1;
constexpr std::uint64_t layout_key = 2;

void check(const std::vector<Compound>& compounds, const UmapOptions& options) {
  IONSIFT_VALIDATE(compounds.size() >= fewest, data,
                   fmt::format("{} compounds are too few to be clustered", compounds.size()),
                   fmt::format("at least {} are needed", fewest), "Give more compounds.");
  IONSIFT_VALIDATE(compounds.size() <= max_clustered, limit,
                   fmt::format("{} compounds are too many to be clustered at once", compounds.size()),
                   fmt::format("the distances of {} already take 400 MB", max_clustered),
                   "Cluster a part of them, such as the labelled ones.");
  IONSIFT_VALIDATE(
      options.neighbours >= 3 && options.epochs >= 1 && options.negative_samples >= 0, usage,
      fmt::format("a layout cannot be made with {} neighbours, {} epochs and {} negative samples",
                  options.neighbours, options.epochs, options.negative_samples),
      "at least 3, 1 and 0 are needed", "Give the usual 15, 500 and 5.");
  IONSIFT_VALIDATE(options.spread > 0 && options.min_distance >= 0 && options.min_distance < options.spread &&
                       options.learning_rate > 0,
                   usage, "a layout cannot be made like this",
                   fmt::format("spread {}, smallest distance {} and learning rate {} were given",
                               options.spread, options.min_distance, options.learning_rate),
                   "Give 0 <= smallest distance < spread and a positive rate.");
}

/// Positions of the compounds by ascending id.
std::vector<std::size_t> order_by_id(const std::vector<Compound>& compounds) {
  std::vector<std::size_t> order(compounds.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) -> const std::string& { return compounds[i].id; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const auto& id = compounds[order[i]].id;
    IONSIFT_VALIDATE(compounds[order[i - 1]].id != id, data, fmt::format("compound {} occurs twice", id),
                     "it would be in two clusters", "Keep one row for each compound.");
  }
  return order;
}

/// The result of rank 0, which it broadcasts.
struct Summary {
  std::int64_t clusters = 0;
  std::uint64_t noise = 0, pieces = 0;
  double a = 0, b = 0, trustworthiness = 0;
};

Summary lay_out(const PairDistances& distances, const ClusterOptions& options,
                std::vector<ClusteredCompound>& places) {
  RandomStream start(options.umap.seed, start_key), moves(options.umap.seed, layout_key);
  Summary summary;
  const auto curve = fit_similarity_curve(options.umap.spread, options.umap.min_distance);
  const auto graph = similarity_graph(distances, options.umap.neighbours);
  const auto pieces = connected_pieces(graph);
  auto layout = spectral_start(graph, distances, pieces, start);
  optimise_layout(graph, curve, options.umap, moves, layout);

  auto without_absorption = options.density;
  without_absorption.absorb = false;
  const std::span<const double> x(layout.col(0).data(), distances.size());
  const std::span<const double> y(layout.col(1).data(), distances.size());
  const auto found = find_dense_regions(x, y, without_absorption);
  const auto clusters = find_dense_regions(x, y, options.density);
  for (std::size_t i = 0; i < distances.size(); ++i) {
    places.push_back({x[i], y[i], clusters[i]});
  }
  summary.clusters = *std::ranges::max_element(found) + 1;
  summary.noise = static_cast<std::uint64_t>(std::ranges::count(found, -1));
  summary.pieces = pieces.size();
  summary.a = curve.a;
  summary.b = curve.b;
  const auto judged =
      std::min<std::size_t>(static_cast<std::size_t>(options.umap.neighbours), (distances.size() - 1) / 2);
  summary.trustworthiness = trustworthiness(distances, layout, static_cast<int>(judged));
  return summary;
}

} // namespace

Clustering cluster_compounds(const parallel::Communicator& comm, const std::vector<Compound>& compounds,
                             const ClusterOptions& options) {
  check(compounds, options.umap);
  const auto order = order_by_id(compounds);
  std::vector<std::vector<ScaleShare>> scaled;
  for (const auto i : order) {
    scaled.push_back(on_pettifor_scale(compounds[i].composition));
  }
  const auto distances = element_mover_distances(comm, scaled);
  std::vector<ClusteredCompound> places;
  std::vector<Summary> summary(1);
  parallel::on_root(comm, [&] { summary[0] = lay_out(distances, options, places); });
  places = comm.broadcast(std::move(places));
  summary = comm.broadcast(std::move(summary));

  Clustering clustering;
  clustering.compounds.resize(compounds.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    clustering.compounds[order[i]] = places[i];
  }
  clustering.clusters = static_cast<int>(summary[0].clusters);
  clustering.noise = summary[0].noise;
  clustering.pieces = summary[0].pieces;
  clustering.curve_a = summary[0].a;
  clustering.curve_b = summary[0].b;
  clustering.trustworthiness = summary[0].trustworthiness;
  return clustering;
}

std::string reason_against_clustering(const crystal::Composition& composition) {
  try {
    on_pettifor_scale(composition);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

void write_clusters(const std::filesystem::path& path, const std::vector<Compound>& compounds,
                    const Clustering& clustering) {
  write_file_atomically(path, [&](std::ostream& out) {
    write_csv_row(out, {"id", "composition", "x", "y", "cluster"});
    for (std::size_t i = 0; i < compounds.size(); ++i) {
      const auto& place = clustering.compounds[i];
      write_csv_row(out, {compounds[i].id, compounds[i].composition.formula(), fmt::format("{:.6f}", place.x),
                          fmt::format("{:.6f}", place.y), fmt::format("{}", place.cluster)});
    }
  });
}

} // namespace ionsift::dataset
