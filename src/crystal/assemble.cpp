// From listed atoms to sites and orbits.
#include "ionsift/base/time_budget.hpp"

#include "checks.hpp"
#include "expand.hpp"
#include "lattice.hpp"
#include "orbits.hpp"
#include "raw_structure.hpp"
#include "site_index.hpp"
#include "valence.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::crystal {

namespace {

/// Occupancies that are full but for rounding; two such atoms of one kind at one position are one atom twice.
constexpr double full_occupancy = 0.999;
/// A sum this little above 1 is rounding and not worth a warning.
constexpr double rounding_of_sums = 1e-4;
/// What the strict level accepts.
constexpr double strict_sum = 1.001;
/// Numbers beyond these mean nothing, and sums of them would be neither numbers nor exact.
constexpr double largest_coordinate = 1e6;
constexpr double largest_occupancy = 1e3;
constexpr double largest_oxidation = 100;
/// More than all elements in all their oxidation states.
constexpr std::size_t most_species = 1000;

void require_sense(const RawAtom& atom) {
  const auto require = [&](std::string_view what, double value, double largest) {
    if (!(std::abs(value) <= largest)) {
      throw ReadError(Error(ErrorCode::data, fmt::format("{} of {} is {:g}", what, atom.label, value),
                            fmt::format("beyond {:g} it makes no sense", largest), "Correct it."),
                      atom.line);
    }
  };
  for (const Numeral& coordinate : atom.position) {
    require("a coordinate", coordinate.value, largest_coordinate);
  }
  require("the occupancy", atom.occupancy, largest_occupancy);
  require("the oxidation state", atom.oxidation.value_or(0), largest_oxidation);
}

class Assembler {
public:
  Assembler(const RawStructure& raw, const std::vector<Operation>& operations, const ReadOptions& options,
            const TimeBudget& budget)
      : raw_(raw), operations_(operations), options_(options), budget_(budget),
        index_(raw.atoms.size() * operations.size(), options.merge_tolerance) {}

  Crystal run() {
    crystal_.block = raw_.block;
    crystal_.lattice = raw_.lattice;
    crystal_.warnings = raw_.warnings;
    for (const RawAtom& atom : raw_.atoms) {
      budget_.check();
      add(atom);
    }
    IONSIFT_VALIDATE(!crystal_.sites.empty(), data, "the structure holds no atoms",
                     "every atom listed is a dummy or has zero occupancy", "Check the atom list.");
    if (duplicates_ > 0) {
      crystal_.warnings.push_back(
          fmt::format("duplicate_atoms: {} fully occupied atoms are listed at a position of their own kind",
                      duplicates_));
    }
    if (multiplicity_mismatches_ > 0) {
      crystal_.warnings.push_back(fmt::format("multiplicity_mismatch: {} atoms, the first: {}",
                                              multiplicity_mismatches_, first_mismatch_));
    }
    settle_occupancies();
    check_density();
    crystal_.orbit_source = operations_.size() > 1 ? OrbitSource::operators : OrbitSource::none;
    return std::move(crystal_);
  }

private:
  void add(const RawAtom& atom) {
    require_sense(atom);
    const std::vector<Eigen::Vector3d> images =
        expand_atom(atom, operations_, raw_.lattice, options_.merge_tolerance);
    check_multiplicity(atom, images.size());
    const Species species{atom.atomic_number, atom.occupancy, atom.oxidation.value_or(0)};
    const int existing = index_.find(images.front());
    if (existing >= 0) {
      const auto orbit = static_cast<std::size_t>(crystal_.sites[static_cast<std::size_t>(existing)].orbit);
      join(crystal_.orbits[orbit], species, atom);
      return;
    }
    IONSIFT_VALIDATE(crystal_.sites.size() + images.size() <= options_.max_sites, limit,
                     fmt::format("the cell holds more than {} sites", options_.max_sites),
                     "larger cells are refused to keep one structure from stopping all others",
                     "Raise the limit of sites, or use a smaller cell.");
    const int orbit = static_cast<int>(crystal_.orbits.size());
    crystal_.orbits.push_back(
        {atom.label, {species}, static_cast<int>(crystal_.sites.size()), static_cast<int>(images.size())});
    lines_.push_back(atom.line);
    for (const Eigen::Vector3d& image : images) {
      crystal_.sites.push_back({image, orbit});
      index_.add(image);
    }
  }

  void join(Orbit& orbit, const Species& species, const RawAtom& atom) {
    const auto same = std::ranges::find_if(orbit.species, [&](const Species& known) {
      return known.atomic_number == species.atomic_number && known.oxidation == species.oxidation;
    });
    if (same == orbit.species.end()) {
      if (orbit.species.size() >= most_species) {
        throw ReadError(
            Error(ErrorCode::limit,
                  fmt::format("more than {} species share the site of {}", most_species, orbit.label),
                  "there are not so many elements and oxidation states", "Check the atom list."),
            atom.line);
      }
      orbit.species.push_back(species);
    } else if (same->occupancy >= full_occupancy && species.occupancy >= full_occupancy) {
      if (options_.strictness == Strictness::strict) {
        throw ReadError(Error(ErrorCode::data, fmt::format("atom {} is listed twice", atom.label),
                              fmt::format("{} holds the same fully occupied atom", orbit.label),
                              "Remove one, or read with the standard level."),
                        atom.line);
      }
      ++duplicates_;
    } else {
      same->occupancy += species.occupancy;
    }
  }

  void check_multiplicity(const RawAtom& atom, std::size_t found) {
    if (atom.declared_multiplicity > 0 && static_cast<std::size_t>(atom.declared_multiplicity) != found) {
      if (++multiplicity_mismatches_ == 1) {
        first_mismatch_ =
            fmt::format("{} has {} images, declared are {}", atom.label, found, atom.declared_multiplicity);
      }
    }
  }

  void settle_occupancies() {
    std::size_t rescaled = 0;
    double largest = 0;
    for (std::size_t i = 0; i < crystal_.orbits.size(); ++i) {
      Orbit& orbit = crystal_.orbits[i];
      std::ranges::sort(orbit.species, [](const Species& a, const Species& b) {
        return std::pair(a.atomic_number, a.oxidation) < std::pair(b.atomic_number, b.oxidation);
      });
      double sum = 0;
      for (const Species& species : orbit.species) {
        sum += species.occupancy;
      }
      if (sum <= 1) {
        continue;
      }
      check_sum(orbit, sum, lines_[i]);
      for (Species& species : orbit.species) {
        species.occupancy /= sum;
      }
      rescaled += sum > 1 + rounding_of_sums ? 1 : 0;
      largest = std::max(largest, sum);
    }
    if (rescaled > 0) {
      crystal_.warnings.push_back(
          fmt::format("occupancy_rescaled: {} sites with occupancies summing to more than 1, at most {:.4g}",
                      rescaled, largest));
    }
  }

  void check_sum(const Orbit& orbit, double sum, long line) const {
    const double accepted = options_.strictness == Strictness::strict ? strict_sum : options_.max_occupancy;
    if (options_.strictness != Strictness::tolerant && sum > accepted) {
      throw ReadError(Error(ErrorCode::data,
                            fmt::format("the occupancies at {} sum to {:.4g}", orbit.label, sum),
                            fmt::format("at most {:.4g} is accepted", accepted),
                            "Correct the occupancies, or read with the tolerant level."),
                      line);
    }
  }

  void check_density() const {
    const double per_site = crystal_.volume() / static_cast<double>(crystal_.sites.size());
    IONSIFT_VALIDATE(per_site >= options_.min_volume_per_site, data,
                     fmt::format("the cell has {:.3g} cubic angstrom for each site", per_site),
                     fmt::format("less than {} holds no atoms", options_.min_volume_per_site),
                     "Check the unit of the cell and the symmetry operators.");
  }

  const RawStructure& raw_;
  const std::vector<Operation>& operations_;
  const ReadOptions& options_;
  const TimeBudget& budget_;
  SiteIndex index_;
  Crystal crystal_;
  std::vector<long> lines_; ///< of the first atom of each orbit
  std::size_t duplicates_ = 0;
  std::size_t multiplicity_mismatches_ = 0;
  std::string first_mismatch_;
};

/// A symbol may stand for several settings; what the file declares of content and multiplicities tells which.
Crystal assemble_by_name(const RawStructure& raw, const std::vector<Setting>& settings,
                         const ReadOptions& options, const TimeBudget& budget) {
  std::optional<Crystal> best;
  int best_agreement = -1;
  for (const Setting& setting : settings) {
    const std::vector<Operation> operations = generate_group(setting.operations).operations;
    Crystal crystal = Assembler(raw, operations, options, budget).run();
    const int agreement = (holds_declared_content(crystal, raw) ? 4 : 0) +
                          (!formula_mismatch(crystal, raw) ? 2 : 0) +
                          (crystal.warnings.size() == raw.warnings.size() ? 1 : 0);
    if (agreement > best_agreement) {
      best_agreement = agreement;
      crystal.warnings.push_back(fmt::format("symmetry_by_name: no operators are listed, {} was read as {}",
                                             raw.space_group.text(), setting.name));
      best = std::move(crystal);
    }
  }
  return *std::move(best);
}

Crystal expand(RawStructure& raw, const ReadOptions& options, const TimeBudget& budget) {
  if (!raw.operations.empty()) {
    if (raw.incomplete_list > 0) {
      raw.warnings.push_back(
          fmt::format("operators_completed: {} operators are listed, the group they generate has {}",
                      raw.incomplete_list, raw.operations.size()));
    }
    if (!raw.space_group.empty()) {
      if (const auto conflict = disagreement(raw.operations, raw.space_group, angles_of(raw.lattice))) {
        raw.warnings.push_back("symmetry_conflict: " + *conflict + "; the operators count");
      }
    }
    return Assembler(raw, raw.operations, options, budget).run();
  }
  const std::vector<Setting> settings = settings_of(raw.space_group, angles_of(raw.lattice));
  if (!settings.empty()) {
    return assemble_by_name(raw, settings, options, budget);
  }
  raw.warnings.push_back(raw.space_group.empty()
                             ? "no_symmetry: neither operators nor a space group are given; taken as P1"
                             : fmt::format("unknown_space_group: no operators are listed and {} is unknown; "
                                           "taken as P1",
                                           raw.space_group.text()));
  return Assembler(raw, {Operation{}}, options, budget).run();
}

} // namespace

Crystal assemble_sites(RawStructure& raw, const ReadOptions& options, const TimeBudget& budget) {
  if (raw.lengths[0] != 0) {
    raw.lattice = lattice_from_parameters(raw.lengths, raw.angles, options);
  }
  validate_lattice(raw.lattice, options);
  IONSIFT_VALIDATE(!raw.atoms.empty(), data, "the structure holds no atoms",
                   "every atom listed is a dummy or has zero occupancy", "Check the atom list.");
  Crystal crystal = expand(raw, options, budget);
  if (const auto mismatch = formula_mismatch(crystal, raw)) {
    crystal.warnings.push_back("formula_mismatch: " + *mismatch);
  }
  check_symmetry(crystal, raw, options.strictness);
  if (options.strictness == Strictness::strict) {
    check_strictly(crystal);
  }
  return crystal;
}

Crystal assemble(RawStructure raw, const ReadOptions& options) {
  const TimeBudget budget(options.max_seconds);
  Crystal crystal = assemble_sites(raw, options, budget);
  assign_oxidation_states(crystal, raw);
  if (!options.use_symmetry) {
    return without_symmetry(crystal);
  }
  if (crystal.orbit_source == OrbitSource::none) {
    find_orbits(crystal, options, budget);
  }
  return crystal;
}

Failure failure_of(const Error& error, const EntryName& name, const std::string& block, long line) {
  const auto* located = dynamic_cast<const ReadError*>(&error);
  const long place = located != nullptr && located->line() > 0 ? located->line() : line;
  return {name.source, block, error.code(), error.what(), place};
}

} // namespace ionsift::crystal
