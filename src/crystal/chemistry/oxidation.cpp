// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/chemistry/oxidation.hpp"

#include "ionsift/crystal/chemistry/element.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace ionsift::crystal {

namespace {

constexpr double minus_infinity = -std::numeric_limits<double>::infinity();
/// States rarer than this are misassignments or curiosities.
constexpr double rarest = 0.002;
/// Cost of two states of one element, in units of log-likelihood.
constexpr double mixing_penalty = 2.0;
/// At least hydrogen's: elements that are cation and anion in one compound (LiBH4 with NH3, NH4NO3).
constexpr double mixed_sign_electronegativity = 2.19;
/// Cost of a residual of one per cent of the anions' charge.
constexpr double residual_penalty = 1.0;
/// Cost of a cation that is more electronegative than an anion, for each unit of the difference.
constexpr double inversion_penalty = 4.0;

struct State {
  double value;
  double log_probability;
};

struct Part {
  const Element* element;
  double amount;
  std::vector<State> states; ///< oxidation states, the most probable first
  double lowest = 0;         ///< charge that the part can contribute
  double highest = 0;
  double best_log_probability = 0;
};

/// Anions are non-metals and metalloids; d and f metals with negative states are carbonyls and aurides.
bool forms_anions(int atomic_number) {
  const auto within = [&](int first, int last) { return first <= atomic_number && atomic_number <= last; };
  return atomic_number == 1 || within(5, 9) || within(13, 17) || within(31, 35) || within(49, 53) ||
         within(81, 85);
}

std::vector<State> known_states(const Element& element) {
  double total = 0;
  for (const OxidationState& state : element.oxidation_states) {
    total += state.value == 0 ? 0 : state.occurrences;
  }
  std::vector<State> states;
  for (const OxidationState& state : element.oxidation_states) {
    const double probability = state.occurrences / total;
    if (state.value != 0 && probability >= rarest &&
        (state.value > 0 || forms_anions(element.atomic_number))) {
      states.push_back({double(state.value), std::log(probability)});
    }
  }
  std::ranges::sort(states, std::greater<>(), &State::log_probability);
  return states;
}

bool can_be_negative(const Part& part) {
  return std::ranges::any_of(part.states, [](const State& state) { return state.value < 0; });
}

void set_bounds(Part& part) {
  const auto [low, high] = std::ranges::minmax(part.states, {}, &State::value);
  part.lowest = part.amount * low.value;
  part.highest = part.amount * high.value;
  part.best_log_probability = part.states.front().log_probability;
}

/// Elements with their states; empty if an element has none or no element can be an anion.
std::vector<Part> make_parts(const Composition& composition) {
  std::vector<Part> parts;
  for (const auto& [atomic_number, amount] : composition.amounts()) {
    Part part{&element(atomic_number), amount, known_states(element(atomic_number))};
    if (part.states.empty()) {
      return {};
    }
    parts.push_back(std::move(part));
  }
  Part* anion = nullptr;
  for (Part& part : parts) {
    if (can_be_negative(part) &&
        (anion == nullptr || part.element->electronegativity > anion->element->electronegativity)) {
      anion = &part;
    }
  }
  if (anion == nullptr || parts.size() < 2) {
    return {};
  }
  std::erase_if(anion->states, [](const State& state) { return state.value > 0; });
  std::ranges::for_each(parts, set_bounds);
  // Few states first: the search then branches late.
  std::ranges::stable_sort(parts, {}, [](const Part& part) { return part.states.size(); });
  return parts;
}

/// Depth-first search with bounds on charge and likelihood.
class Search {
public:
  Search(std::vector<Part> parts, const OxidationOptions& options)
      : parts_(std::move(parts)), options_(options), chosen_(parts_.size()) {}

  OxidationGuess run() {
    search();
    if (best_score_ == minus_infinity) {
      mixes_signs_ = true;
      search();
    }
    if (best_score_ == minus_infinity) {
      mix_with_zero();
    }
    best_.nodes = looked_at_;
    best_.exhausted = exhausted_;
    return best_;
  }

private:
  void search() {
    nodes_ = 0;
    for (mixed_ = -1; mixed_ < static_cast<int>(parts_.size()); ++mixed_) {
      if (mixed_ >= 0 && parts_[static_cast<std::size_t>(mixed_)].states.size() < 2) {
        continue;
      }
      descend(0, 0, mixed_ < 0 ? 0 : -mixing_penalty);
    }
    looked_at_ += std::min(nodes_, options_.max_nodes);
    exhausted_ = exhausted_ || nodes_ > options_.max_nodes;
  }

  void descend(std::size_t depth, double charge, double score) {
    if (++nodes_ > options_.max_nodes || score + reachable_score(depth) <= best_score_ ||
        !can_balance(depth, charge)) {
      return;
    }
    if (depth == parts_.size()) {
      finish(charge, score);
      return;
    }
    if (static_cast<int>(depth) == mixed_) {
      descend(depth + 1, charge, score);
      return;
    }
    for (const State& state : parts_[depth].states) {
      chosen_[depth] = state.value;
      descend(depth + 1, charge + parts_[depth].amount * state.value, score + state.log_probability);
    }
  }

  double reachable_score(std::size_t depth) const {
    double score = 0;
    for (std::size_t i = depth; i < parts_.size(); ++i) {
      score += parts_[i].best_log_probability;
    }
    return score;
  }

  /// Whether the undecided parts and the mixed one can still bring the charge near zero.
  bool can_balance(std::size_t depth, double charge) const {
    double low = charge;
    double high = charge;
    double anions = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (i >= depth || static_cast<int>(i) == mixed_) {
        low += parts_[i].lowest;
        high += parts_[i].highest;
        anions += std::max(0.0, -parts_[i].lowest);
      } else {
        anions += std::max(0.0, -chosen_[i] * parts_[i].amount);
      }
    }
    const double accepted = options_.tolerance * anions + 1e-9;
    return low <= accepted && high >= -accepted;
  }

  void finish(double charge, double score) {
    if (mixed_ >= 0) {
      const auto mixed = static_cast<std::size_t>(mixed_);
      const double mean = -charge / parts_[mixed].amount;
      const auto log_probability = mixture(parts_[mixed], mean);
      if (!log_probability) {
        return;
      }
      chosen_[mixed] = mean;
      score += *log_probability;
      charge = 0;
    }
    double anions = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      anions += std::max(0.0, -chosen_[i] * parts_[i].amount);
    }
    if (anions == 0 || std::abs(charge) > options_.tolerance * anions) {
      return;
    }
    score -= residual_penalty * 100 * std::abs(charge) / anions + inversion_penalty * inversion();
    if (score > best_score_) {
      keep(charge, score);
    }
  }

  /// Log-likelihood of a mean of two adjacent states, which have one sign unless signs may be mixed.
  std::optional<double> mixture(const Part& part, double mean) const {
    const State* below = nullptr;
    const State* above = nullptr;
    for (const State& state : part.states) {
      if (state.value < mean && (below == nullptr || state.value > below->value)) {
        below = &state;
      }
      if (state.value > mean && (above == nullptr || state.value < above->value)) {
        above = &state;
      }
    }
    if (below == nullptr || above == nullptr) {
      return std::nullopt;
    }
    const bool crosses_zero = below->value < 0 && above->value > 0;
    if (crosses_zero && !(mixes_signs_ && part.element->electronegativity >= mixed_sign_electronegativity)) {
      return std::nullopt;
    }
    const double share = (mean - below->value) / (above->value - below->value);
    return share * above->log_probability + (1 - share) * below->log_probability;
  }

  /// Difference of electronegativity between the most electronegative cation and the least electronegative
  /// anion.
  double inversion() const {
    double cation = 0;
    double anion = std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const double electronegativity = parts_[i].element->electronegativity;
      if (chosen_[i] > 0) {
        cation = std::max(cation, electronegativity);
      } else {
        anion = std::min(anion, electronegativity);
      }
    }
    return std::max(0.0, cation - anion);
  }

  void keep(double charge, double score) {
    best_score_ = score;
    best_.states.clear();
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      best_.states[parts_[i].element->atomic_number] = chosen_[i];
    }
    best_.residual_charge = charge;
    best_.log_likelihood = score;
  }

  /// The last resort: the most electronegative element between its least negative state and 0, all others in
  /// their most probable positive states.
  void mix_with_zero() {
    const auto anion = std::ranges::max_element(parts_, {}, [](const Part& part) {
      return can_be_negative(part) ? part.element->electronegativity : -1.0;
    });
    const auto index = static_cast<std::size_t>(anion - parts_.begin());
    const double least_negative = std::ranges::max(anion->states, {}, &State::value).value;
    double charge = 0;
    double score = -2 * mixing_penalty;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (i == index) {
        continue;
      }
      const auto positive =
          std::ranges::find_if(parts_[i].states, [](const State& s) { return s.value > 0; });
      if (positive == parts_[i].states.end()) {
        return;
      }
      chosen_[i] = positive->value;
      charge += positive->value * parts_[i].amount;
      score += positive->log_probability;
    }
    chosen_[index] = -charge / anion->amount;
    if (chosen_[index] > least_negative) {
      keep(0, score);
    }
  }

  std::vector<Part> parts_;
  OxidationOptions options_;
  std::vector<double> chosen_; ///< states by part
  int mixed_ = -1;             ///< the part whose mean state balances the others, -1 for none
  int nodes_ = 0;              ///< nodes visited in this attempt
  int looked_at_ = 0;          ///< nodes visited in total
  bool exhausted_ = false;
  bool mixes_signs_ = false; ///< second attempt: one non-metal may be cation and anion at once
  double best_score_ = minus_infinity;
  OxidationGuess best_;
};

} // namespace

OxidationGuess guess_oxidation(const Composition& composition, const OxidationOptions& options) {
  std::vector<Part> parts = make_parts(composition);
  return parts.empty() ? OxidationGuess{} : Search(std::move(parts), options).run();
}

} // namespace ionsift::crystal
