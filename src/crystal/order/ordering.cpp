// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/order/ordering.hpp"

#include "ionsift/base/enum_names.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/time_budget.hpp"
#include "ionsift/crystal/cell/images.hpp"
#include "ionsift/crystal/order/supercell.hpp"

#include "annealing.hpp"
#include "commensurate.hpp"
#include "enumeration.hpp"
#include "site_permutations.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ionsift::crystal {

namespace {

constexpr int lithium = 3;
constexpr double tie = 1e-6; // eV/atom

std::size_t index(int i) {
  return static_cast<std::size_t>(i);
}

/// A disordered crystal in the supercell in which it is to be ordered.
class Ordering {
public:
  Ordering(const Crystal& average, const OrderingOptions& options, std::uint64_t key)
      : average_(average), options_(options), key_(key), budget_(options.max_seconds),
        commensurate_(make_commensurate(average, options)),
        supercell_(make_supercell(average, commensurate_.repeats)) {
    sort_sites();
    find_rivals();
    count_atoms();
    if (is_charged()) {
      sum_interactions();
    } else {
      leave_out_interactions();
    }
  }

  OrderedCrystal run() {
    IONSIFT_VALIDATE(is_charged() || problem_.possible() < 2, data,
                     "no oxidation states were found for its elements",
                     "without charges no arrangement has a lower energy than another",
                     "Give oxidation numbers in the CIF, or leave the structure out.");
    OrderedCrystal result;
    result.repeats = commensurate_.repeats;
    result.occupancy_error = commensurate_.occupancy_error;
    result.possible = problem_.possible();
    search(result);
    return result;
  }

private:
  const std::vector<Sublattice>& sublattices() const { return commensurate_.sublattices; }

  bool is_charged() const {
    return std::ranges::any_of(average_.orbits, [](const Orbit& orbit) {
      return std::ranges::any_of(orbit.species, [](const Species& one) { return one.oxidation != 0; });
    });
  }

  /// Separates the sites to be filled from the full ones.
  void sort_sites() {
    std::vector<int> sublattice_of(average_.orbits.size(), -1);
    for (std::size_t i = 0; i < sublattices().size(); ++i) {
      for (const int orbit : sublattices()[i].orbits) {
        sublattice_of[index(orbit)] = static_cast<int>(i);
      }
      auto& charges = problem_.charges.emplace_back();
      for (const Species& species : sublattices()[i].species) {
        charges.push_back(species.oxidation);
      }
      charges.push_back(0);
      problem_.counts.push_back(sublattices()[i].counts);
    }
    std::vector<std::vector<int>> sites_of(sublattices().size());
    for (std::size_t i = 0; i < supercell_.sites.size(); ++i) {
      const int orbit = supercell_.sites[i].orbit;
      const int sublattice = sublattice_of[index(orbit)];
      // Sublattices may not be exchanged: their numbers of atoms differ.
      types_.push_back(sublattice < 0 ? orbit : static_cast<int>(average_.orbits.size()) + sublattice);
      (sublattice < 0 ? fixed_ : sites_of[index(sublattice)]).push_back(static_cast<int>(i));
    }
    for (std::size_t i = 0; i < sites_of.size(); ++i) {
      disordered_.insert(disordered_.end(), sites_of[i].begin(), sites_of[i].end());
      problem_.sublattice.insert(problem_.sublattice.end(), sites_of[i].size(), static_cast<int>(i));
    }
  }

  void find_rivals() {
    problem_.rivals.resize(disordered_.size());
    if (options_.exclusion == 0) {
      return;
    }
    constexpr double rounding_of_sums = 0.01;
    ImageSearch near(supercell_.lattice, options_.exclusion);
    std::vector<double> squared;
    for (int i = 0; i < problem_.sites(); ++i) {
      budget_.check();
      const double here = 1 - sublattices()[index(problem_.sublattice[index(i)])].vacant();
      for (int j = 0; j < i; ++j) {
        const double there = 1 - sublattices()[index(problem_.sublattice[index(j)])].vacant();
        if (here + there > 1 + rounding_of_sums) {
          continue;
        }
        squared.clear();
        near.append_squared(position(disordered_[index(i)]) - position(disordered_[index(j)]), squared);
        if (!squared.empty()) {
          problem_.rivals[index(i)].push_back(j);
          problem_.rivals[index(j)].push_back(i);
        }
      }
    }
  }

  const Eigen::Vector3d& position(int site) const { return supercell_.sites[index(site)].fractional; }

  void count_atoms() {
    atoms_ = fixed_.size();
    for (const Sublattice& sublattice : sublattices()) {
      atoms_ += index(sublattice.sites - sublattice.counts.back());
    }
    IONSIFT_VALIDATE(atoms_ > 0, data, "no atom is left", "rounding leaves every site vacant",
                     "Allow larger supercells.");
  }

  void sum_interactions() {
    const Eigen::MatrixXd all =
        supercell_interactions(average_, commensurate_.repeats, options_.ewald, budget_);
    Eigen::VectorXd charges(fixed_.size());
    for (std::size_t i = 0; i < fixed_.size(); ++i) {
      charges(static_cast<Eigen::Index>(i)) = fixed_species(fixed_[i]).oxidation;
    }
    problem_.interactions = all(disordered_, disordered_);
    // By hand: GCC 14 sees reads out of bounds in Eigen's product of such a view with a vector.
    problem_.field = Eigen::VectorXd::Zero(problem_.sites());
    for (std::size_t row = 0; row < disordered_.size(); ++row) {
      for (std::size_t i = 0; i < fixed_.size(); ++i) {
        const auto column = static_cast<Eigen::Index>(i);
        problem_.field(static_cast<Eigen::Index>(row)) += all(disordered_[row], fixed_[i]) * charges(column);
      }
    }
    problem_.fixed_energy = electrostatic_energy(all(fixed_, fixed_), charges);
  }

  void leave_out_interactions() {
    problem_.interactions = Eigen::MatrixXd::Zero(problem_.sites(), problem_.sites());
    problem_.field = Eigen::VectorXd::Zero(problem_.sites());
  }

  const Species& fixed_species(int site) const {
    return average_.orbits[index(supercell_.sites[index(site)].orbit)].species.front();
  }

  /// Nothing if there are too many; symmetry, which is expensive in large cells, is then not computed.
  std::optional<Enumeration> search_all(double tolerance) const {
    const auto most = std::max<std::uint64_t>(1, options_.max_arrangements);
    if (are_too_many(problem_, most)) {
      return std::nullopt;
    }
    return enumerate(
        problem_, site_permutations(supercell_, types_, disordered_, options_.symmetry_tolerance),
        {.max_arrangements = most, .tie_tolerance = tolerance, .seed = options_.seed, .key = key_}, budget_);
  }

  void search(OrderedCrystal& result) const {
    const double tolerance = tie * static_cast<double>(atoms_);
    const auto all = search_all(tolerance);
    if (all && all->distinct > 0) {
      result.method = OrderingMethod::enumerated;
      result.arrangements = all->arrangements;
      result.distinct = all->distinct;
      result.ties = all->ties;
      fill(result, all->best, all->energy);
      return;
    }
    const auto best = all ? std::nullopt
                          : anneal(problem_,
                                   {.starts = options_.starts,
                                    .steps = options_.steps,
                                    .tie_tolerance = tolerance,
                                    .seed = options_.seed,
                                    .key = key_},
                                   budget_);
    IONSIFT_VALIDATE(
        best.has_value(), data, "no arrangement keeps the parts of split sites apart",
        fmt::format("{} sites nearer than {:g} A to each other cannot hold the atoms that rounding "
                    "gives them",
                    all ? "all arrangements were enumerated:" : "annealing found none:", options_.exclusion),
        "Lower the exclusion, or the tolerance of occupancies so that the supercell grows.");
    result.method = OrderingMethod::sampled;
    result.arrangements = best->tried;
    result.distinct = static_cast<std::uint64_t>(options_.starts);
    result.ties = best->ties;
    fill(result, best->best, best->energy);
  }

  /// The crystal with these occupants, sites in the order of the supercell.
  void fill(OrderedCrystal& result, const Occupants& occupants, double energy) const {
    std::vector<const Species*> on_site(supercell_.sites.size(), nullptr);
    for (const int site : fixed_) {
      on_site[index(site)] = &fixed_species(site);
    }
    for (int i = 0; i < problem_.sites(); ++i) {
      const int occupant = occupants[index(i)];
      if (!problem_.is_vacant(i, occupant)) {
        on_site[index(disordered_[index(i)])] =
            &sublattices()[index(problem_.sublattice[index(i)])].species[index(occupant)];
      }
    }
    Crystal& ordered = result.crystal;
    ordered = supercell_;
    ordered.sites.clear();
    ordered.orbits.clear();
    ordered.residual_charge = 0;
    ordered.orbit_source = OrbitSource::none;
    for (std::size_t i = 0; i < on_site.size(); ++i) {
      if (on_site[i] == nullptr) {
        continue;
      }
      Species species = *on_site[i];
      species.occupancy = 1;
      const auto& label = supercell_.orbits[index(supercell_.sites[i].orbit)].label;
      const int number = static_cast<int>(ordered.sites.size());
      ordered.orbits.push_back({label, {species}, number, 1});
      ordered.sites.push_back({supercell_.sites[i].fractional, number});
      ordered.residual_charge += species.oxidation;
    }
    result.energy =
        is_charged() ? energy / static_cast<double>(atoms_) : std::numeric_limits<double>::quiet_NaN();
  }

  const Crystal& average_;
  const OrderingOptions& options_;
  std::uint64_t key_;
  TimeBudget budget_;
  Commensurate commensurate_;
  Crystal supercell_;           ///< the average
  std::vector<int> types_;      ///< types of its sites
  std::vector<int> fixed_;      ///< its full sites
  std::vector<int> disordered_; ///< its other sites, by sublattice
  std::size_t atoms_ = 0;
  ArrangementProblem problem_;
};

void compare_compositions(OrderedCrystal& result, const Composition& average) {
  const Composition ordered = result.crystal.composition();
  for (const auto& [element, amount] : average.amounts()) {
    const double difference = std::abs(ordered.fraction(element) - average.fraction(element));
    result.composition_error = std::max(result.composition_error, difference);
    if (ordered.amount(element) == 0) {
      result.lost.push_back(element);
    }
  }
}

void validate(const OrderingOptions& options) {
  IONSIFT_VALIDATE(
      options.occupancy_tolerance >= 0 && options.occupancy_tolerance < 0.5 && options.max_multiple >= 1 &&
          options.exclusion >= 0 && options.exclusion <= 3 && options.starts >= 1 && options.steps >= 1 &&
          options.symmetry_tolerance > 0,
      usage, "invalid options of ordering",
      "a tolerance of occupancies is below 0.5, an exclusion at most 3 A, and multiples, starts and "
      "steps are at least 1",
      "See ionsift order --help for usual values.");
}

constexpr auto ordering_method_names =
    enum_names<OrderingMethod>({{OrderingMethod::already_ordered, "already_ordered"},
                                {OrderingMethod::enumerated, "enumerated"},
                                {OrderingMethod::sampled, "sampled"}});

} // namespace

std::string_view name_of(OrderingMethod method) {
  return ordering_method_names.name(method);
}

OrderedCrystal order(const Crystal& crystal, const OrderingOptions& options, std::uint64_t key) {
  validate(options);
  const Crystal average = options.keep_lithium ? crystal : without_element(crystal, lithium);
  IONSIFT_VALIDATE(!average.sites.empty(), data, "nothing is left without lithium",
                   "every site holds Li alone", "Keep lithium, or leave the structure out.");
  OrderedCrystal result = Ordering(average, options, key).run();
  if (average.is_ordered()) {
    result.method = OrderingMethod::already_ordered;
  }
  result.net_charge = result.crystal.residual_charge;
  compare_compositions(result, average.composition());
  return result;
}

} // namespace ionsift::crystal
