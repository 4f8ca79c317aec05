// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/graphs/graph_examples.hpp"

#include "ionsift/base/sha256.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace ionsift::learn {

namespace {

/// Appends items [first, last) of one array to another.
template <typename T>
void append(std::vector<T>& to, const std::vector<T>& from, std::int64_t first, std::int64_t last) {
  to.insert(to.end(), from.begin() + first, from.begin() + last);
}

/// All ranks' values, one after the other.
template <typename T>
std::vector<T> joined(const parallel::Communicator& comm, const std::vector<T>& values) {
  return comm.all_gather(std::span<const T>(values));
}

/// Offsets [0, a, a + b, ...] of all ranks' lists joined.
std::vector<std::int64_t> joined_offsets(const parallel::Communicator& comm,
                                         const std::vector<std::int64_t>& offsets) {
  std::vector<std::int64_t> lengths(offsets.size());
  std::adjacent_difference(offsets.begin(), offsets.end(), lengths.begin());
  lengths.erase(lengths.begin());
  const auto all = joined(comm, lengths);
  std::vector<std::int64_t> result(all.size() + 1, 0);
  std::partial_sum(all.begin(), all.end(), result.begin() + 1);
  return result;
}

std::vector<std::string> joined_texts(const parallel::Communicator& comm,
                                      const std::vector<std::string>& texts) {
  std::vector<char> bytes;
  std::vector<std::int64_t> offsets = {0};
  for (const auto& text : texts) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  const auto all = joined(comm, bytes);
  const auto ends = joined_offsets(comm, offsets);
  std::vector<std::string> result;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    result.emplace_back(all.begin() + ends[i], all.begin() + ends[i + 1]);
  }
  return result;
}

} // namespace

void GraphExamples::add(std::string name, crystal::Representation shown, const graph::Graph& graph,
                        std::span<const std::vector<crystal::Species>> species, double value) {
  id.push_back(std::move(name));
  representation.push_back(static_cast<std::int32_t>(shown));
  target.push_back(value);
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    multiplicity.push_back(graph.multiplicity[row]);
    const auto first = graph.first_edge[row], last = graph.first_edge[row + 1];
    append(neighbour, graph.neighbour, first, last);
    append(count, graph.count, first, last);
    for (auto edge = first; edge < last; ++edge) {
      distance.push_back(static_cast<float>(graph.distance[static_cast<std::size_t>(edge)]));
    }
    first_edge.push_back(static_cast<std::int64_t>(neighbour.size()));
    for (const auto& one : species[row]) {
      element.push_back(one.atomic_number);
      occupancy.push_back(static_cast<float>(one.occupancy));
    }
    first_species.push_back(static_cast<std::int64_t>(element.size()));
  }
  first_row.push_back(static_cast<std::int64_t>(multiplicity.size()));
}

GraphExamples GraphExamples::select(std::span<const std::size_t> positions) const {
  GraphExamples part;
  for (const auto p : positions) {
    part.id.push_back(id[p]);
    part.representation.push_back(representation[p]);
    part.target.push_back(target[p]);
    const auto first = first_row[p], last = first_row[p + 1];
    append(part.multiplicity, multiplicity, first, last);
    for (auto row = static_cast<std::size_t>(first); row < static_cast<std::size_t>(last); ++row) {
      append(part.neighbour, neighbour, first_edge[row], first_edge[row + 1]);
      append(part.distance, distance, first_edge[row], first_edge[row + 1]);
      append(part.count, count, first_edge[row], first_edge[row + 1]);
      part.first_edge.push_back(static_cast<std::int64_t>(part.neighbour.size()));
      append(part.element, element, first_species[row], first_species[row + 1]);
      append(part.occupancy, occupancy, first_species[row], first_species[row + 1]);
      part.first_species.push_back(static_cast<std::int64_t>(part.element.size()));
    }
    if (!taught.empty()) {
      const auto columns = static_cast<std::int64_t>(taught_columns);
      append(part.taught, taught, first * columns, last * columns);
    }
    part.first_row.push_back(static_cast<std::int64_t>(part.multiplicity.size()));
  }
  return part;
}

GraphExamples GraphExamples::gather(const parallel::Communicator& comm) const {
  GraphExamples all;
  all.id = joined_texts(comm, id);
  all.representation = joined(comm, representation);
  all.target = joined(comm, target);
  all.first_row = joined_offsets(comm, first_row);
  all.multiplicity = joined(comm, multiplicity);
  all.first_edge = joined_offsets(comm, first_edge);
  all.neighbour = joined(comm, neighbour);
  all.distance = joined(comm, distance);
  all.count = joined(comm, count);
  all.first_species = joined_offsets(comm, first_species);
  all.element = joined(comm, element);
  all.occupancy = joined(comm, occupancy);
  all.taught = joined(comm, taught);
  return all;
}

graph::Graph GraphExamples::graph(std::size_t example, double cutoff) const {
  const auto first = first_row[example], last = first_row[example + 1];
  const auto begin = first_edge[static_cast<std::size_t>(first)];
  const auto end = first_edge[static_cast<std::size_t>(last)];
  graph::Graph graph;
  graph.cutoff = cutoff;
  append(graph.multiplicity, multiplicity, first, last);
  append(graph.neighbour, neighbour, begin, end);
  append(graph.count, count, begin, end);
  graph.distance.assign(distance.begin() + begin, distance.begin() + end);
  for (auto row = first; row <= last; ++row) {
    graph.orbit.push_back(static_cast<int>(row - first));
    graph.first_edge.push_back(first_edge[static_cast<std::size_t>(row)] - begin);
  }
  graph.orbit.pop_back();
  return graph;
}

std::vector<std::vector<crystal::Species>> GraphExamples::species(std::size_t example) const {
  std::vector<std::vector<crystal::Species>> rows;
  for (auto row = static_cast<std::size_t>(first_row[example]);
       row < static_cast<std::size_t>(first_row[example + 1]); ++row) {
    rows.emplace_back();
    for (auto s = static_cast<std::size_t>(first_species[row]);
         s < static_cast<std::size_t>(first_species[row + 1]); ++s) {
      rows.back().push_back({element[s], occupancy[s], 0.0});
    }
  }
  return rows;
}

std::string GraphExamples::fingerprint() const {
  std::string hashes;
  const auto add = [&]<typename T>(const std::vector<T>& values) {
    hashes += sha256({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
  };
  for (const auto& one : id) {
    hashes += one + '\n';
  }
  add(representation);
  add(target);
  add(first_row);
  add(multiplicity);
  add(first_edge);
  add(neighbour);
  add(distance);
  add(count);
  add(first_species);
  add(element);
  add(occupancy);
  add(taught);
  return sha256(hashes);
}

std::vector<int> GraphExamples::elements(std::span<const std::size_t> positions) const {
  std::set<int> found;
  for (const auto p : positions) {
    const auto first = first_species[static_cast<std::size_t>(first_row[p])];
    const auto last = first_species[static_cast<std::size_t>(first_row[p + 1])];
    found.insert(element.begin() + first, element.begin() + last);
  }
  return {found.begin(), found.end()};
}

} // namespace ionsift::learn
