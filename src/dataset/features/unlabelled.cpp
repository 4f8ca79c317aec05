// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/features/unlabelled.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/chemistry/composition.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

namespace ionsift::dataset {

namespace {

constexpr std::uint64_t structures_at_once = 4096;
constexpr double thousandths = 1000;
constexpr std::string_view fraction_prefix = "composition.fraction.";

void add_share(Checksum& sum, int element, double fraction) {
  const auto share = std::llround(fraction * thousandths);
  if (share > 0) {
    sum.add(static_cast<std::int64_t>(element)).add(static_cast<std::int64_t>(share));
  }
}

/// Formulas by the number of their composition.
using Sample = std::map<std::uint64_t, std::string>;

void cut_to(Sample& sample, std::size_t most) {
  if (sample.size() > most) {
    sample.erase(std::next(sample.begin(), static_cast<std::ptrdiff_t>(most)), sample.end());
  }
}

/// The sample of this rank's structures.
Sample sample_slice(const parallel::Communicator& comm, const store::Reader& store, std::size_t most) {
  Sample sample;
  const auto slice = parallel::slice_of(store.size(), comm.rank(), comm.size());
  for (auto first = slice.first; first < slice.last; first += structures_at_once) {
    const auto facts = store.facts(first, std::min(structures_at_once, slice.last - first));
    for (const auto& formula : facts.formula) {
      if (!formula.empty()) {
        sample.try_emplace(composition_number(crystal::Composition::parse(formula)), formula);
      }
    }
    cut_to(sample, most);
  }
  return sample;
}

} // namespace

std::uint64_t composition_number(const crystal::Composition& composition) {
  Checksum sum;
  for (const auto& [element, amount] : composition.amounts()) { // by atomic number
    add_share(sum, element, composition.fraction(element));
  }
  return sum.value();
}

std::vector<std::uint64_t> composition_numbers(const Descriptors& descriptors) {
  std::vector<std::pair<int, Eigen::Index>> fractions; // atomic number, column
  for (std::size_t c = 0; c < descriptors.name.size(); ++c) {
    if (descriptors.name[c].starts_with(fraction_prefix)) {
      const auto element =
          crystal::atomic_number_of(std::string_view(descriptors.name[c]).substr(fraction_prefix.size()));
      fractions.emplace_back(element.value(), static_cast<Eigen::Index>(c));
    }
  }
  std::ranges::sort(fractions);
  std::vector<std::uint64_t> numbers;
  for (Eigen::Index row = 0; row < descriptors.values.rows(); ++row) {
    Checksum sum;
    for (const auto& [element, column] : fractions) {
      add_share(sum, element, descriptors.values(row, column));
    }
    numbers.push_back(sum.value());
  }
  return numbers;
}

FeatureSet unlabelled_compositions(const parallel::Communicator& comm, const store::Reader& store,
                                   std::size_t most) {
  std::string mine;
  parallel::together(comm, [&] {
    for (const auto& [number, formula] : sample_slice(comm, store, most)) {
      mine += formula + '\n';
    }
  });
  const auto all = comm.all_gather(std::span<const char>(mine)); // in the order of the store
  Sample sample;
  std::vector<crystal::Composition> compositions;
  for (const auto& line : split(std::string_view(all.data(), all.size()), '\n')) {
    if (!line.empty()) {
      sample.try_emplace(composition_number(crystal::Composition::parse(line)), line);
    }
  }
  cut_to(sample, most);
  FeatureSet set;
  for (const auto& [number, formula] : sample) {
    set.id.push_back(formula);
    set.formula.push_back(formula);
    compositions.push_back(crystal::Composition::parse(formula));
  }
  IONSIFT_VALIDATE(set.size() > 0, data, fmt::format("{} has no composition", store.path().string()),
                   "unlabelled compositions are taken from it", "Give a store of candidates.");
  set.descriptors = describe_compositions(compositions);
  return set;
}

} // namespace ionsift::dataset
