// SPDX-License-Identifier: BSD-3-Clause
// Assembly of sites and orbits from listed atoms.
#include "ionsift/base/time_budget.hpp"

#include "cell/lattice.hpp"
#include "cell/overlaps.hpp"
#include "cell/site_index.hpp"
#include "checks.hpp"
#include "expand.hpp"
#include "raw_structure.hpp"
#include "symmetry/cell_symmetry.hpp"
#include "symmetry/orbits.hpp"
#include "valence.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

namespace ionsift::crystal {

namespace {

/// Occupancies that are full but for rounding; two such atoms of one kind at one position are one atom twice.
constexpr double full_occupancy = 0.999;
/// Sums above 1 by at most this are rounding and give no warning.
constexpr double rounding_of_sums = 1e-4;
/// Limit of the strict level.
constexpr double strict_sum = 1.001;
/// Two atoms cannot share a position; a sum slightly above 1 is rounding.
constexpr double most_on_a_site = 1.01;
/// Larger numbers are meaningless, and their sums would overflow or be inexact.
constexpr double largest_coordinate = 1e6;
constexpr double largest_occupancy = 1e3;
constexpr double largest_oxidation = 100;
/// More than all elements in all their oxidation states.
constexpr std::size_t most_species = 1000;

void require_sense(const RawAtom& atom) {
  const auto require = [&](std::string_view what, double value, double largest) {
    if (!(std::abs(value) <= largest)) {
      throw ReadError(Error(ErrorCode::data, fmt::format("{} of {} is {:g}", what, atom.label, value),
                            fmt::format("its magnitude must not exceed {:g}", largest), "Correct it."),
                      atom.line);
    }
  };
  for (const Numeral& coordinate : atom.position) {
    require("a coordinate", coordinate.value, largest_coordinate);
  }
  require("the occupancy", atom.occupancy, largest_occupancy);
  require("the oxidation state", atom.oxidation.value_or(0), largest_oxidation);
}

/// Decisions of an assembler in ambiguous cases.
struct Judgement {
  bool merge_near = false; ///< full atoms that images of their own overlap are put onto special positions
};

/// Misfits of cell and symmetry up to the first change no relevant distance; above the second they are
/// more than rounding; above the last the symmetry is that of another cell.
constexpr double exact_misfit = 1e-6;
constexpr double noticeable_misfit = 1e-3;
constexpr double largest_misfit = 0.02;

void warn_of_misfit(auto& warned, double misfit) {
  if (misfit > noticeable_misfit) {
    warned.warnings.push_back(
        fmt::format("cell_mismatch: lengths or angles of the cell that its symmetry makes "
                    "equal differ by {:.2g} %; sites are joined by their surroundings alone",
                    100 * misfit));
  }
}

class Assembler {
public:
  Assembler(const RawStructure& raw, const std::vector<Operation>& operations, const ReadOptions& options,
            const TimeBudget& budget, Judgement judgement = {})
      : raw_(raw), operations_(operations), options_(options), budget_(budget), judgement_(judgement),
        index_(raw.atoms.size() * operations.size(), options.merge_tolerance) {}

  Crystal run() {
    crystal_.block = raw_.block;
    crystal_.lattice = raw_.lattice;
    crystal_.warnings = raw_.warnings;
    find_convention();
    for (std::size_t i = 0; i < raw_.atoms.size(); ++i) {
      budget_.check();
      add(raw_.atoms[i], i);
    }
    IONSIFT_VALIDATE(!crystal_.sites.empty(), data, "the structure holds no atoms",
                     "every atom listed is a dummy or has zero occupancy", "Check the atom list.");
    report();
    settle_occupancies();
    check_density();
    crystal_.orbit_source = operations_.size() > 1 ? OrbitSource::operators : OrbitSource::none;
    return std::move(crystal_);
  }

  /// Whether run() left full atoms overlapped by images of their own, which merge_near would join.
  bool left_near() const { return left_near_; }

private:
  /// Older files of SHELXL give the order of the site symmetry under the name of the multiplicity. It is that
  /// where all atoms agree with the one and not with the other.
  void find_convention() {
    const bool declared =
        std::ranges::any_of(raw_.atoms, [](const RawAtom& atom) { return atom.declared_multiplicity > 0; });
    if (!declared || operations_.size() == 1 || raw_.atoms.size() > options_.max_sites) {
      return;
    }
    bool all_multiplicities = true;
    bool all_orders = true;
    for (const RawAtom& atom : raw_.atoms) {
      budget_.check();
      choices_.push_back(special_positions(atom, operations_, raw_.lattice, options_.merge_tolerance));
      if (atom.declared_multiplicity == 0) {
        continue;
      }
      const auto declared_value = static_cast<std::size_t>(atom.declared_multiplicity);
      const auto& positions = choices_.back().positions;
      all_orders = all_orders && std::ranges::any_of(positions, [&](const SpecialPosition& site) {
                     return site.stabilizer.size() == declared_value;
                   });
      all_multiplicities =
          all_multiplicities && std::ranges::any_of(positions, [&](const SpecialPosition& s) {
            return s.stabilizer.size() * declared_value == operations_.size();
          });
    }
    orders_ = all_orders && !all_multiplicities;
  }

  /// The number of images that the file declares, or 0.
  std::size_t declared_images(const RawAtom& atom) const {
    const auto order = static_cast<std::size_t>(orders_ ? atom.declared_multiplicity : atom.declared_order);
    if (order > 0) {
      return operations_.size() % order == 0 ? operations_.size() / order : 0;
    }
    return static_cast<std::size_t>(orders_ ? 0 : atom.declared_multiplicity);
  }

  /// Of the possible positions of an atom, the one that the file declares; otherwise the usual one,
  /// unless the atom is full and uncertainties explain that images of its own overlap it.
  const SpecialPosition& choose(const RawAtom& atom, const PositionChoices& choices, std::size_t declared) {
    const auto& usual = choices.positions.front();
    if (choices.positions.size() == 1) {
      return usual;
    }
    const auto images = [&](const SpecialPosition& site) {
      return operations_.size() / site.stabilizer.size();
    };
    const auto overlaps = [&](const SpecialPosition& site) {
      return atom.occupancy * static_cast<double>(site.stabilizer.size()) >
             most_on_a_site * static_cast<double>(usual.stabilizer.size());
    };
    constexpr double never_apart = 0.1; // angstrom; split sites begin at 0.2
    for (const SpecialPosition& site : choices.positions) {
      if (declared == images(site) && (!site.is_wide || site.moved < never_apart || overlaps(site))) {
        return site.is_wide ? noted(atom, site) : site;
      }
    }
    for (const SpecialPosition& site : choices.positions) {
      if (!site.is_wide || !overlaps(site) || declared == images(usual)) {
        continue;
      }
      if (site.by_uncertainty || judgement_.merge_near) {
        return noted(atom, site);
      }
      left_near_ = true;
    }
    return usual;
  }

  const SpecialPosition& noted(const RawAtom& atom, const SpecialPosition& site) {
    if (++put_on_special_ == 1) {
      first_put_ = fmt::format("{}, whose images were up to {:.2g} A apart", atom.label, site.moved);
    }
    return site;
  }

  std::vector<Eigen::Vector3d> images_of_atom(const RawAtom& atom, std::size_t index) {
    if (operations_.size() == 1) {
      const Eigen::Vector3d x(atom.position[0].value, atom.position[1].value, atom.position[2].value);
      check_multiplicity(atom, static_cast<std::size_t>(atom.declared_multiplicity), 1);
      return {wrap_into_cell(x)};
    }
    if (choices_.size() <= index) {
      current_ = special_positions(atom, operations_, raw_.lattice, options_.merge_tolerance);
    }
    const PositionChoices& choices = choices_.size() <= index ? current_ : choices_[index];
    const std::size_t declared = declared_images(atom);
    auto images = images_of(choose(atom, choices, declared), operations_);
    check_multiplicity(atom, declared, images.size());
    return images;
  }

  void add(const RawAtom& atom, std::size_t index) {
    require_sense(atom);
    const std::vector<Eigen::Vector3d> images = images_of_atom(atom, index);
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
                  "that is more than all elements and oxidation states", "Check the atom list."),
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

  void check_multiplicity(const RawAtom& atom, std::size_t declared, std::size_t found) {
    if (declared > 0 && declared != found && ++multiplicity_mismatches_ == 1) {
      first_mismatch_ = fmt::format("{} has {} images, declared are {}", atom.label, found, declared);
    }
  }

  void report() {
    const auto warn = [&](std::string text) { crystal_.warnings.push_back(std::move(text)); };
    if (duplicates_ > 0) {
      warn(fmt::format("duplicate_atoms: {} fully occupied atoms are listed at a position of their own kind",
                       duplicates_));
    }
    if (multiplicity_mismatches_ > 0) {
      warn(fmt::format("multiplicity_mismatch: {} atoms, the first: {}", multiplicity_mismatches_,
                       first_mismatch_));
    }
    if (put_on_special_ > 0) {
      warn(fmt::format(
          "near_special_position: {} atoms were put onto a special position nearby, the first: {}",
          put_on_special_, first_put_));
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
  Judgement judgement_;
  SiteIndex index_;
  Crystal crystal_;
  std::vector<PositionChoices> choices_; ///< [atoms] choices of position, if multiplicities are declared
  PositionChoices current_;
  bool orders_ = false; ///< declared multiplicities are orders of site symmetries
  bool left_near_ = false;
  std::size_t put_on_special_ = 0;
  std::string first_put_;
  std::vector<long> lines_; ///< [orbits] line of the first atom
  std::size_t duplicates_ = 0;
  std::size_t multiplicity_mismatches_ = 0;
  std::string first_mismatch_;
};

/// If the declared formula is met only by moving full atoms onto special positions that their own images
/// are near to, that reading is used.
Crystal assemble_with(const RawStructure& raw, const std::vector<Operation>& operations,
                      const ReadOptions& options, const TimeBudget& budget) {
  Assembler assembler(raw, operations, options, budget);
  Crystal crystal = assembler.run();
  if (assembler.left_near() && formula_mismatch(crystal, raw)) {
    Crystal merged = Assembler(raw, operations, options, budget, {.merge_near = true}).run();
    if (!formula_mismatch(merged, raw)) {
      return merged;
    }
  }
  return crystal;
}

/// A symbol may stand for several settings; the declared content and multiplicities select one.
Crystal assemble_by_name(const RawStructure& raw, const std::vector<Setting>& settings,
                         const ReadOptions& options, const TimeBudget& budget) {
  std::optional<Crystal> best;
  int best_agreement = -1;
  for (const Setting& setting : settings) {
    const std::vector<Operation> operations = generate_group(setting.operations).operations;
    Crystal crystal = assemble_with(raw, operations, options, budget);
    const int agreement = (holds_declared_content(crystal, raw) ? 4 : 0) +
                          (!formula_mismatch(crystal, raw) ? 2 : 0) +
                          (crystal.warnings.size() == raw.warnings.size() ? 1 : 0);
    if (agreement > best_agreement) {
      best_agreement = agreement;
      crystal.warnings.push_back(fmt::format("symmetry_by_name: no operators are listed, {} was read as {}",
                                             raw.space_group.text(), setting.name));
      const double misfit = cell_misfit(raw.lattice, operations);
      warn_of_misfit(crystal, misfit);
      best = misfit > exact_misfit ? without_symmetry(crystal) : std::move(crystal);
    }
  }
  return *std::move(best);
}

Crystal expand_by_list(RawStructure& raw, const ReadOptions& options, const TimeBudget& budget) {
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
  const double misfit = cell_misfit(raw.lattice, raw.operations);
  if (misfit > largest_misfit && options.strictness != Strictness::tolerant) {
    throw ReadError(
        Error(ErrorCode::data, "the cell does not have the symmetry of the operators listed",
              fmt::format("lengths or angles that they make equal differ by {:.2g} %", 100 * misfit),
              "Correct the cell or the operators, or read with the tolerant level."),
        raw.operations_line);
  }
  warn_of_misfit(raw, misfit);
  Crystal crystal = assemble_with(raw, raw.operations, options, budget);
  return misfit > exact_misfit ? without_symmetry(crystal) : crystal;
}

Crystal expand(RawStructure& raw, const ReadOptions& options, const TimeBudget& budget) {
  if (!raw.operations.empty()) {
    return expand_by_list(raw, options, budget);
  }
  std::vector<Setting> settings = settings_of(raw.space_group, angles_of(raw.lattice));
  const bool is_known = !settings.empty();
  std::erase_if(settings, [&](const Setting& setting) {
    return cell_misfit(raw.lattice, setting.operations) > largest_misfit;
  });
  if (!settings.empty()) {
    return assemble_by_name(raw, settings, options, budget);
  }
  raw.warnings.push_back(
      raw.space_group.empty() ? "no_symmetry: neither operators nor a space group are given; taken as P1"
      : is_known
          ? fmt::format(
                "space_group_conflict: no operators are listed and the cell is none of {}; taken as P1",
                raw.space_group.text())
          : fmt::format("unknown_space_group: no operators are listed and {} is unknown; taken as P1",
                        raw.space_group.text()));
  return Assembler(raw, {Operation{}}, options, budget).run();
}

/// Capitals such as "CA1" that were read as one element, and may be another.
std::vector<std::pair<int, int>> ambiguous_labels(const RawStructure& raw) {
  std::vector<std::pair<int, int>> kinds;
  for (const RawAtom& atom : raw.atoms) {
    const std::pair kind(atom.atomic_number, atom.alternative);
    if (atom.alternative != 0 && std::ranges::find(kinds, kind) == kinds.end()) {
      kinds.push_back(kind);
    }
  }
  return kinds;
}

/// If the declared formula is not met, labels in capitals are read the other way if that meets it.
Crystal expand_with_labels(RawStructure& raw, const ReadOptions& options, const TimeBudget& budget) {
  const auto kinds = raw.formula ? ambiguous_labels(raw) : std::vector<std::pair<int, int>>{};
  constexpr std::size_t most_kinds = 4;
  if (kinds.empty() || kinds.size() > most_kinds) {
    return expand(raw, options, budget);
  }
  const RawStructure listed = raw;
  Crystal usual = expand(raw, options, budget);
  if (!formula_mismatch(usual, raw)) {
    return usual;
  }
  for (unsigned choice = 1; choice < 1U << kinds.size(); ++choice) {
    RawStructure other = listed;
    for (RawAtom& atom : other.atoms) {
      const auto kind = std::ranges::find(kinds, std::pair(atom.atomic_number, atom.alternative));
      if (kind != kinds.end() && (choice >> (kind - kinds.begin()) & 1U) != 0) {
        std::swap(atom.atomic_number, atom.alternative);
      }
    }
    Crystal crystal = expand(other, options, budget);
    if (!formula_mismatch(crystal, other)) {
      raw = std::move(other);
      return crystal;
    }
  }
  return usual;
}

/// Missing angles follow from the symmetry where it fixes them; otherwise they are 90 degrees.
void settle_angles(RawStructure& raw) {
  static constexpr std::array<std::string_view, 3> names = {"alpha", "beta", "gamma"};
  const auto& missing = raw.missing_angles;
  if (std::ranges::none_of(missing, std::identity())) {
    return;
  }
  std::vector<Operation> operations = raw.operations;
  if (operations.empty()) {
    // Rhombohedral groups without angles usually have hexagonal axes, unless all three are equal.
    auto settings = settings_of(raw.space_group, {90, 90, missing[2] ? 120 : raw.angles[2]});
    const auto [shortest, longest] = std::ranges::minmax(raw.lengths);
    constexpr double same_length = 1e-4;
    if (!settings.empty() && settings.front().name.starts_with('R') && longest - shortest < same_length) {
      settings = settings_of(raw.space_group, {90, 90, 90});
    }
    operations = settings.empty() ? operations : settings.front().operations;
  }
  const auto found = solve_angles(raw.lengths, raw.angles, missing, operations);
  for (std::size_t i = 0; i < 3; ++i) {
    if (missing[i]) {
      raw.warnings.push_back(fmt::format("missing_angle: {} is not given; {} {:.6g} degrees", names[i],
                                         found[i] ? "the symmetry makes it" : "taken as", raw.angles[i]));
    }
  }
}

/// Volumes are written with fewer digits than cells, but not with less than two.
void check_volume(RawStructure& raw) {
  constexpr double tolerance = 0.01;
  const double volume = std::abs(raw.lattice.determinant());
  if (raw.declared_volume > 0 && std::abs(volume / raw.declared_volume - 1) > tolerance) {
    raw.warnings.push_back(
        fmt::format("volume_mismatch: the cell has {:.6g} cubic angstrom, declared are {:.6g}", volume,
                    raw.declared_volume));
  }
}

} // namespace

Crystal assemble_sites(RawStructure& raw, const ReadOptions& options, const TimeBudget& budget) {
  if (raw.lengths[0] != 0) {
    settle_angles(raw);
    raw.lattice = lattice_from_parameters(raw.lengths, raw.angles, options);
  }
  validate_lattice(raw.lattice, options);
  check_volume(raw);
  IONSIFT_VALIDATE(!raw.atoms.empty(), data, "the structure holds no atoms",
                   "every atom listed is a dummy or has zero occupancy", "Check the atom list.");
  Crystal crystal = expand_with_labels(raw, options, budget);
  const auto mismatch = formula_mismatch(crystal, raw);
  const bool hydrogen_counted = raw.formula && raw.formula->amount(1) > 0 && !mismatch;
  if (!raw.implied_hydrogen.empty() && !hydrogen_counted) {
    crystal.warnings.push_back("implied_hydrogen: " + raw.implied_hydrogen);
  }
  if (mismatch) {
    crystal.warnings.push_back("formula_mismatch: " + *mismatch);
  }
  if (const auto overlaps = find_overlaps(crystal, budget)) {
    crystal.warnings.push_back("overlapping_atoms: " + *overlaps);
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
