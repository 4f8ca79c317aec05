// SPDX-License-Identifier: BSD-3-Clause
#include "graph_batch.hpp"

#include <ATen/ops/from_blob.h>

#include <vector>

namespace ionsift::learn {

namespace {

struct Arrays {
  std::vector<std::int64_t> element, species_row, row_structure, sender, receiver, edge_structure;
  std::vector<double> occupancy, site_weight, inverse_degree, connected, row_edge_weight, distance, count,
      edge_weight, inverse_sites, inverse_edges, target;
  std::vector<float> taught;
};

void add_edges(const GraphExamples& examples, std::size_t row, std::int64_t own, std::int64_t offset,
               std::int64_t structure, Arrays& to) {
  double degree = 0;
  const auto weight = static_cast<double>(examples.multiplicity[row]);
  for (auto e = static_cast<std::size_t>(examples.first_edge[row]);
       e < static_cast<std::size_t>(examples.first_edge[row + 1]); ++e) {
    to.sender.push_back(own);
    to.receiver.push_back(offset + examples.neighbour[e]);
    to.edge_structure.push_back(structure);
    to.distance.push_back(examples.distance[e]);
    to.count.push_back(examples.count[e]);
    to.edge_weight.push_back(weight * examples.count[e]);
    degree += examples.count[e];
  }
  to.inverse_degree.push_back(degree > 0 ? 1 / degree : 0);
  to.connected.push_back(degree > 0 ? 1 : 0);
  to.row_edge_weight.push_back(weight * degree);
}

void add_structure(const GraphExamples& examples, std::size_t p, std::int64_t structure, Arrays& to) {
  const auto first = static_cast<std::size_t>(examples.first_row[p]);
  const auto last = static_cast<std::size_t>(examples.first_row[p + 1]);
  const auto offset = static_cast<std::int64_t>(to.site_weight.size());
  double sites = 0, edges = 0;
  for (auto row = first; row < last; ++row) {
    const auto own = static_cast<std::int64_t>(to.site_weight.size());
    for (auto s = static_cast<std::size_t>(examples.first_species[row]);
         s < static_cast<std::size_t>(examples.first_species[row + 1]); ++s) {
      to.element.push_back(examples.element[s]);
      to.occupancy.push_back(examples.occupancy[s]);
      to.species_row.push_back(own);
    }
    to.row_structure.push_back(structure);
    to.site_weight.push_back(examples.multiplicity[row]);
    add_edges(examples, row, own, offset, structure, to);
    sites += to.site_weight.back();
    edges += to.row_edge_weight.back();
  }
  to.inverse_sites.push_back(sites > 0 ? 1 / sites : 0);
  to.inverse_edges.push_back(edges > 0 ? 1 / edges : 0);
  to.target.push_back(examples.target[p]);
  if (!examples.taught.empty()) {
    constexpr auto columns = GraphExamples::taught_columns;
    to.taught.insert(to.taught.end(), examples.taught.begin() + static_cast<std::ptrdiff_t>(first * columns),
                     examples.taught.begin() + static_cast<std::ptrdiff_t>(last * columns));
  }
}

at::Tensor integers(std::vector<std::int64_t>& values) {
  return at::from_blob(values.data(), {static_cast<std::int64_t>(values.size())}, at::kLong).clone();
}

at::Tensor numbers(std::vector<double>& values, at::ScalarType type) {
  return at::from_blob(values.data(), {static_cast<std::int64_t>(values.size())}, at::kDouble)
      .to(type, false, true);
}

} // namespace

GraphBatch make_graph_batch(const GraphExamples& examples, std::span<const std::size_t> positions,
                            at::ScalarType type) {
  Arrays arrays;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    add_structure(examples, positions[i], static_cast<std::int64_t>(i), arrays);
  }
  GraphBatch batch;
  batch.structures = static_cast<std::int64_t>(positions.size());
  batch.element = integers(arrays.element);
  batch.species_row = integers(arrays.species_row);
  batch.occupancy = numbers(arrays.occupancy, type);
  batch.row_structure = integers(arrays.row_structure);
  batch.site_weight = numbers(arrays.site_weight, type);
  batch.inverse_degree = numbers(arrays.inverse_degree, type);
  batch.connected = numbers(arrays.connected, type);
  batch.row_edge_weight = numbers(arrays.row_edge_weight, type);
  batch.sender = integers(arrays.sender);
  batch.receiver = integers(arrays.receiver);
  batch.edge_structure = integers(arrays.edge_structure);
  batch.distance = numbers(arrays.distance, type);
  batch.count = numbers(arrays.count, type);
  batch.edge_weight = numbers(arrays.edge_weight, type);
  batch.inverse_sites = numbers(arrays.inverse_sites, type);
  batch.inverse_edges = numbers(arrays.inverse_edges, type);
  batch.target = numbers(arrays.target, type);
  if (!arrays.taught.empty()) {
    constexpr auto columns = static_cast<std::int64_t>(GraphExamples::taught_columns);
    const auto rows = static_cast<std::int64_t>(arrays.taught.size()) / columns;
    batch.taught = at::from_blob(arrays.taught.data(), {rows, columns}, at::kFloat).to(type, false, true);
  }
  return batch;
}

} // namespace ionsift::learn
