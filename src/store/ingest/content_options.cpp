// SPDX-License-Identifier: BSD-3-Clause
#include "content_options.hpp"

#include "ionsift/base/enum_names.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/sha256.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace ionsift::store {

namespace {

constexpr auto strictness_names =
    enum_names<crystal::Strictness>({{crystal::Strictness::strict, "strict"},
                                     {crystal::Strictness::standard, "standard"},
                                     {crystal::Strictness::tolerant, "tolerant"}});

std::string_view name_of(crystal::Strictness strictness) {
  return strictness_names.name(strictness);
}

constexpr auto orbit_search_names =
    enum_names<crystal::OrbitSearch>({{crystal::OrbitSearch::environments, "environments"},
                                      {crystal::OrbitSearch::spglib, "spglib"},
                                      {crystal::OrbitSearch::none, "none"}});

std::string_view name_of(crystal::OrbitSearch search) {
  return orbit_search_names.name(search);
}

constexpr auto isolated_atoms_names =
    enum_names<megnet::IsolatedAtoms>({{megnet::IsolatedAtoms::ignore, "ignore"},
                                       {megnet::IsolatedAtoms::warn, "warn"},
                                       {megnet::IsolatedAtoms::error, "error"}});

std::string_view name_of(megnet::IsolatedAtoms isolated) {
  return isolated_atoms_names.name(isolated);
}

std::string describe_levels(const Provenance& provenance) {
  std::string text;
  for (std::size_t level = 0; level < provenance.levels.size(); ++level) {
    if (provenance.levels.at(level)) {
      text += fmt::format("{}{}", text.empty() ? "" : ",", level);
    }
  }
  return text;
}

std::string describe_representations(const Provenance& provenance) {
  std::string text;
  for (const auto representation : provenance.representations) {
    text += fmt::format("{}{}", text.empty() ? "" : ",", crystal::name_of(representation));
  }
  return text;
}

std::string describe_graph(const megnet::GraphConverter& converter) {
  const auto& centres = converter.centres;
  return fmt::format("cutoff {} A, width {} A, {} centres ({})", converter.cutoff, converter.width,
                     centres.size(), sha256(fmt::format("{}", fmt::join(centres, " "))).substr(0, 8));
}

} // namespace

std::vector<std::string> content_options(const IngestOptions& options, const Provenance& provenance) {
  const auto& read = options.read;
  const auto& featurizer = options.featurizer;
  const auto steps = featurizer.readout_steps;
  return {fmt::format("program-version={}", provenance.program_version),
          fmt::format("parent={} ({})", provenance.parent_sha256, provenance.parent_name),
          fmt::format("graph={}", describe_graph(provenance.converter)),
          fmt::format("representation={}", describe_representations(provenance)),
          fmt::format("levels={}", describe_levels(provenance)),
          fmt::format("prediction={}", provenance.prediction),
          fmt::format("readout-steps={}", steps ? std::to_string(*steps) : "own"),
          fmt::format("on-isolated-atoms={}", name_of(featurizer.isolated_atoms)),
          fmt::format("strictness={}", name_of(read.strictness)),
          fmt::format("symmetry={}", read.use_symmetry),
          fmt::format("orbit-search={}", name_of(read.orbit_search)),
          fmt::format("symmetry-tolerance={}", read.symmetry_tolerance),
          fmt::format("merge-tolerance={}", read.merge_tolerance),
          fmt::format("max-occupancy={}", read.max_occupancy),
          fmt::format("max-sites={}", read.max_sites),
          fmt::format("max-cell-edge={}", read.max_cell_edge),
          fmt::format("min-volume-per-site={}", read.min_volume_per_site),
          fmt::format("max-edges={}", featurizer.max_edges)};
}

} // namespace ionsift::store
