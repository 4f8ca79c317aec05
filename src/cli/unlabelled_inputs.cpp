// SPDX-License-Identifier: BSD-3-Clause
#include "unlabelled_inputs.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/features/unlabelled.hpp"
#include "ionsift/learn/model/member_kinds.hpp"

#include "inputs.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::cli {

namespace {

/// Of each unlabelled composition, where no other is given: 8,000 of them weigh as much as 160 measured ones.
constexpr double common_weight = 0.02;

/// The settings of a plan's trees that look at compositions alone.
std::vector<learn::TreesConfiguration*> trees_on_compositions(learn::MemberPlan& plan) {
  std::vector<learn::TreesConfiguration*> found;
  for (auto& configuration : plan.configurations) {
    auto* trees = std::get_if<learn::TreesConfiguration>(&configuration.model);
    if (trees != nullptr && learn::looks_at_composition_alone(configuration)) {
      found.push_back(trees);
    }
  }
  return found;
}

} // namespace

void UnlabelledInputs::declare(OptionTable& table) {
  table
      .add("unlabelled", "FILE", store,
           "feature store of candidates whose compositions train trees on compositions as weak negatives; "
           "each "
           "candidate is judged by trees that did not have it; empty: none")
      .add("unlabelled-weight", "W", weight,
           "weight of each of them, that of a measured entry being 1; empty: that of the plan, else 0.02")
      .add("unlabelled-most", "N", most, "compositions at most, a random sample of more")
      .only_with({"unlabelled"}, {"unlabelled-weight", "unlabelled-most"});
}

void UnlabelledInputs::apply(const std::vector<learn::MemberPlan*>& plans) const {
  std::vector<learn::TreesConfiguration*> trees;
  for (auto* plan : plans) {
    const auto found = trees_on_compositions(*plan);
    trees.insert(trees.end(), found.begin(), found.end());
  }
  const bool weighted =
      std::ranges::any_of(trees, [](const auto* one) { return one->unlabelled_weight > 0; });
  if (store.empty()) {
    IONSIFT_VALIDATE(!weighted, usage, "the plan learns from unlabelled compositions",
                     "a configuration has an \"unlabelled_weight\"",
                     "Name a store of candidates with --unlabelled.");
    return;
  }
  IONSIFT_VALIDATE(!trees.empty(), usage, "--unlabelled has no effect",
                   "no trees of the plan look at compositions alone",
                   "Leave it out, or choose another plan (preset default).");
  IONSIFT_VALIDATE(most > 0, usage, "--unlabelled-most 0", "there would be no unlabelled composition",
                   "Give a positive number, or leave --unlabelled out.");
  auto given = common_weight;
  if (!weight.empty()) {
    const auto parsed = parse_number(trim(weight));
    IONSIFT_VALIDATE(parsed && std::isfinite(*parsed) && *parsed > 0, usage,
                     fmt::format("--unlabelled-weight {}", weight), "it is a positive number",
                     "Give for example 0.02.");
    given = *parsed;
  } else if (weighted) {
    return;
  }
  for (auto* one : trees) {
    one->unlabelled_weight = given;
  }
}

UnlabelledCompositions UnlabelledInputs::read(const parallel::Communicator& comm, const std::string& data,
                                              RunRecord& record) const {
  if (store.empty()) {
    return {};
  }
  const store::Reader candidates(find_input(store, data));
  UnlabelledCompositions read{
      dataset::unlabelled_compositions(comm, candidates, most),
      {{"store", std::filesystem::path(store).filename().string()}, {"structures", candidates.size()}}};
  record.counts()["unlabelled_compositions"] = read.set.size();
  log::info("{} unlabelled compositions train as weak negatives", read.set.size());
  return read;
}

} // namespace ionsift::cli
