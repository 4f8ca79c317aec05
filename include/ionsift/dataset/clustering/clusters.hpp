// SPDX-License-Identifier: BSD-3-Clause
// Clusters of compounds by chemistry, for validation by leaving one cluster out (METHOD: section 5).
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"
#include "ionsift/parallel/communicator.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace ionsift::dataset {

struct UmapOptions {
  int neighbours = 15; ///< neighbours of each item, itself included; at most the number of items
  double spread = 5;   ///< spread of the similarity in the layout
  double min_distance = 0.1;
  int epochs = 500;
  int negative_samples = 5; ///< random items pushed away per drawn edge
  double learning_rate = 1; ///< initial learning rate
  std::uint64_t seed = 1;
};

struct DensityOptions {
  double epsilon = 4;  ///< radius of a neighbourhood, in units of the layout
  int points = 5;      ///< points in a dense neighbourhood, its centre included
  bool absorb = false; ///< assigns noise to the cluster of the nearest clustered item
};

struct ClusterOptions {
  UmapOptions umap;
  DensityOptions density;
};

/// A compound to cluster by chemistry.
struct Compound {
  std::string id;
  crystal::Composition composition;
};

/// Position and cluster of a compound.
struct ClusteredCompound {
  double x = 0, y = 0; ///< coordinates in the layout
  int cluster = -1;    ///< 0 .. clusters - 1, -1 for noise
};

struct Clustering {
  std::vector<ClusteredCompound> compounds; ///< compounds in input order
  int clusters = 0;
  std::uint64_t noise = 0;    ///< items without a cluster, before absorption
  std::uint64_t pieces = 0;   ///< connected components of the similarity graph
  double curve_a = 0;         ///< a of the similarity 1 / (1 + a d^(2b))
  double curve_b = 0;         ///< b of the same
  double trustworthiness = 0; ///< trustworthiness of the layout, with the same number of neighbours
};

/// Largest number of compounds clustered together; their distances take 400 MB.
inline constexpr std::size_t max_clustered = 10000;

/// Element-mover distances between the compositions, computed by all ranks; laid out in the plane by UMAP;
/// dense regions found by DBSCAN. Collective; every rank gets the same result, which depends neither on their
/// number nor on the order of the compounds (computed in the order of their ids).
/// @throws Error data (fewer than 5 compounds, an id twice, a composition that has no place on the scale),
/// limit (more than max_clustered), usage (options that make no sense)
Clustering cluster_compounds(const parallel::Communicator& comm, const std::vector<Compound>& compounds,
                             const ClusterOptions& options = {});

/// Why a composition cannot be clustered; empty if it can.
std::string reason_against_clustering(const crystal::Composition& composition);

/// Dense regions of points in the plane (Ester, Kriegel, Sander and Xu, KDD 1996). Clusters are numbered by
/// their first core point; a border point of two belongs to the one with the smaller number; -1 is noise.
/// @param x, y coordinates, equally many
std::vector<int> find_dense_regions(std::span<const double> x, std::span<const double> y,
                                    const DensityOptions& options);

/// Agreement of two partitions of the same items, 1 for the same, 0 expected by chance (Hubert and Arabie,
/// 1985).
double adjusted_rand_index(std::span<const int> a, std::span<const int> b);

/// Share of the items that are in the most frequent class of their cluster.
double purity(std::span<const int> clusters, std::span<const int> classes);

/// id, composition, x, y, cluster. Not collective.
void write_clusters(const std::filesystem::path& path, const std::vector<Compound>& compounds,
                    const Clustering& clustering);

} // namespace ionsift::dataset
