// SPDX-License-Identifier: BSD-3-Clause
#include "store_sizes.hpp"

#include "layout.hpp"

#include <span>

namespace ionsift::store {

void TextLengths::sum(const parallel::Communicator& comm) {
  comm.all_reduce(std::span<std::uint64_t>(counts_), parallel::Reduction::sum);
}

TextLengths::Beyond TextLengths::beyond(std::size_t width) const {
  Beyond beyond;
  for (std::size_t length = width + 1; length < counts_.size(); ++length) {
    beyond.texts += counts_[length];
    beyond.bytes += counts_[length] * length;
  }
  return beyond;
}

std::size_t TextLengths::width() const {
  constexpr std::uint64_t of_a_long_one = 32; // its row, offset and checksum
  constexpr std::size_t always_enough = 64;   // below that nothing is worth another dataset
  std::uint64_t texts = 0;
  std::size_t longest = 0;
  for (std::size_t length = 0; length < counts_.size(); ++length) {
    texts += counts_[length];
    longest = counts_[length] > 0 ? length : longest;
  }
  std::size_t best = std::max<std::size_t>(longest, 1);
  std::uint64_t least = texts * best;
  const std::uint64_t plain = least;
  std::uint64_t longer = 0, bytes = 0; // of the texts beyond `length`
  for (std::size_t length = longest; length >= always_enough; --length) {
    const auto cost = texts * length + longer * of_a_long_one + bytes;
    if (cost < least && 2 * cost < plain) {
      least = cost;
      best = length;
    }
    longer += counts_[length];
    bytes += counts_[length] * length;
  }
  return best;
}

void StoreSizes::add(const FinishedStructure& structure) {
  const auto& crystal = structure.record.crystal;
  ++structures;
  sites += crystal.sites.size();
  orbits += crystal.orbits.size();
  for (const auto& orbit : crystal.orbits) {
    species += orbit.species.size();
    of(TextField::label).add(orbit.label);
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    rows[r] += structure.record.features.representations.at(r).orbit.size();
  }
  of(TextField::id).add(crystal.id);
  of(TextField::source).add(crystal.source);
  of(TextField::block).add(crystal.block);
  of(TextField::sha256).add(crystal.sha256);
  of(TextField::formula).add(structure.facts.formula);
  of(TextField::warnings).add(structure.facts.warnings);
  of(TextField::oxidation_source).add(name_of(crystal.oxidation_source));
  of(TextField::orbit_source).add(name_of(crystal.orbit_source));
}

void StoreSizes::add(const FailureRecord& record) {
  const auto& failure = record.failure;
  ++failures;
  of(TextField::failure_source).add(readable(failure.source, longest_name));
  of(TextField::failure_block).add(readable(failure.block, longest_name));
  of(TextField::failure_code).add(name_of(failure.code));
  of(TextField::failure_message).add(readable(failure.message, longest_message));
}

void StoreSizes::sum(const parallel::Communicator& comm) {
  std::vector<std::uint64_t> sums = {structures, failures, sites, orbits, species};
  sums.insert(sums.end(), rows.begin(), rows.end());
  comm.all_reduce(std::span<std::uint64_t>(sums), parallel::Reduction::sum);
  structures = sums[0];
  failures = sums[1];
  sites = sums[2];
  orbits = sums[3];
  species = sums[4];
  rows.assign(sums.begin() + 5, sums.end());
  for (auto& lengths : texts) {
    lengths.sum(comm);
  }
}

} // namespace ionsift::store
