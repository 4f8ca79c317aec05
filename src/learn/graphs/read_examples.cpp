// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/learn/graphs/graph_examples.hpp"
#include "ionsift/parallel/gather.hpp"
#include "ionsift/parallel/together.hpp"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_set>

namespace ionsift::learn {

namespace {

constexpr int largest_element = 94; ///< rows of the embedding in the published layout

/// Elements and rows of one representation.
struct Shown {
  std::vector<bool> keep; ///< [orbits]
  std::vector<std::vector<crystal::Species>> species;
};

Shown show(const crystal::Crystal& crystal, crystal::Representation representation) {
  Shown shown;
  for (auto& species : crystal::represent(crystal, representation)) {
    shown.keep.push_back(!species.empty());
    for (const auto& one : species) {
      IONSIFT_VALIDATE(one.atomic_number >= 1 && one.atomic_number <= largest_element, data,
                       fmt::format("element number {}", one.atomic_number),
                       fmt::format("the layout of a parent ends with element {}", largest_element),
                       "Leave the structure out.");
    }
    if (!species.empty()) {
      shown.species.push_back(std::move(species));
    }
  }
  return shown;
}

/// The structures that this rank has read.
class RankReader {
public:
  RankReader(const ExampleOptions& options, const Targets* targets, const megnet::Parent* teacher)
      : options_(options), targets_(targets) {
    if (teacher != nullptr) {
      teacher_.emplace(*teacher, options.converter);
    }
  }

  void read(std::uint64_t number, std::variant<crystal::Entry, crystal::Failure> item) {
    if (auto* failure = std::get_if<crystal::Failure>(&item)) {
      fail(number, std::move(*failure));
      return;
    }
    const auto& entry = std::get<crystal::Entry>(item);
    std::uint64_t block = 0;
    for (auto& result : crystal::read_entry(entry.bytes, entry.name, options_.read)) {
      const auto key = (number << 24) + (block++ << 4);
      if (auto* failure = std::get_if<crystal::Failure>(&result)) {
        fail(key, std::move(*failure));
        continue;
      }
      const auto& crystal = std::get<crystal::Crystal>(result);
      try {
        add(key, crystal);
      } catch (const Error& error) {
        fail(key, {crystal.source, crystal.block, error.code(), error.what(), 0});
      }
    }
  }

  ExampleSet set;
  std::vector<std::uint64_t> example_keys, failure_keys; ///< places in the order of the inputs

private:
  void fail(std::uint64_t key, crystal::Failure failure) {
    failure_keys.push_back(key);
    set.failures.push_back(std::move(failure));
  }

  void add(std::uint64_t key, const crystal::Crystal& crystal) {
    ++set.structures;
    double target = std::nan("");
    if (targets_ != nullptr) {
      const auto found = targets_->find(crystal.id);
      if (found == targets_->end()) {
        ++set.unlabelled;
        return;
      }
      target = found->second;
    }
    const auto whole =
        graph::build_graph(crystal, {.cutoff = options_.converter.cutoff, .max_edges = options_.max_edges});
    for (const auto representation : options_.representations) {
      const auto shown = show(crystal, representation);
      const auto graph = graph::subgraph(whole, shown.keep);
      if (graph.edges() == 0) {
        ++set.without_edges;
        continue;
      }
      teach(crystal.id, representation, graph, shown.species, target);
      example_keys.push_back(key + static_cast<std::uint64_t>(representation));
    }
  }

  void teach(const std::string& id, crystal::Representation representation, const graph::Graph& graph,
             const std::vector<std::vector<crystal::Species>>& species, double target) {
    if (!teacher_) {
      set.examples.add(id, representation, graph, species, target);
      return;
    }
    const auto output =
        teacher_->run(graph, species, {.levels = {false, true, true, true}, .prediction = true});
    set.examples.add(id, representation, graph, species, *output.prediction);
    for (Eigen::Index row = 0; row < output.levels[1].rows(); ++row) {
      for (std::size_t level = 1; level <= 3; ++level) {
        const auto values = output.levels[level].row(row);
        set.examples.taught.insert(set.examples.taught.end(), values.begin(), values.end());
      }
    }
  }

  const ExampleOptions& options_;
  const Targets* targets_;
  std::optional<megnet::Network<float>> teacher_;
};

/// The failures of all ranks in the order of the inputs, on every rank; collective.
std::vector<crystal::Failure> join_failures(const parallel::Communicator& comm, const RankReader& mine) {
  std::vector<std::string> texts;
  for (const auto& failure : mine.set.failures) {
    texts.push_back(nlohmann::json({failure.source, failure.block, static_cast<int>(failure.code),
                                    failure.message, failure.line})
                        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  const auto all = parallel::gather_text_in_order(comm, mine.failure_keys, texts);
  std::vector<crystal::Failure> failures;
  for (const auto& one : nlohmann::json::parse(comm.broadcast(fmt::format("[{}]", fmt::join(all, ","))))) {
    failures.push_back({one[0], one[1], static_cast<ErrorCode>(one[2].get<int>()), one[3], one[4]});
  }
  return failures;
}

/// Positions in the order of the keys, without examples whose id (and representation) were there before.
std::vector<std::size_t> order_of(const GraphExamples& examples, const std::vector<std::uint64_t>& keys,
                                  std::uint64_t& repeated) {
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return keys[a] < keys[b]; });
  std::unordered_set<std::string> seen;
  std::vector<std::size_t> kept;
  for (const auto p : order) {
    if (seen.insert(fmt::format("{}\n{}", examples.representation[p], examples.id[p])).second) {
      kept.push_back(p);
    } else {
      ++repeated;
    }
  }
  return kept;
}

} // namespace

ExampleSet read_examples(const parallel::Communicator& comm, const ExampleOptions& options,
                         const Targets* targets, const megnet::Parent* teacher) {
  IONSIFT_VALIDATE(targets != nullptr || teacher != nullptr, usage, "structures without anything to learn",
                   "there are neither targets nor a teacher", "Give one of them.");
  std::optional<RankReader> reader;
  ExampleSet set;
  parallel::together(comm, [&] {
    reader.emplace(options, targets, teacher);
    // Every rank unpacks all entries, a twentieth of the work, and reads its own.
    crystal::EntryStream stream(options.inputs, options.source);
    Progress progress("graphs", 0);
    std::uint64_t number = 0;
    for (auto item = stream.next(); item; item = stream.next(), ++number) {
      if (number % static_cast<std::uint64_t>(comm.size()) == static_cast<std::uint64_t>(comm.rank())) {
        reader->read(number, std::move(*item));
      }
      progress.update(number + 1);
    }
    set.source = stream.notes();
  });
  const auto sum = [&](std::uint64_t value) { return comm.all_reduce(value, parallel::Reduction::sum); };
  set.structures = sum(reader->set.structures);
  set.unlabelled = sum(reader->set.unlabelled);
  set.without_edges = sum(reader->set.without_edges);
  set.failures = join_failures(comm, *reader);
  const auto keys = comm.all_gather(std::span<const std::uint64_t>(reader->example_keys));
  const auto all = reader->set.examples.gather(comm);
  reader.reset();
  set.examples = all.select(order_of(all, keys, set.repeated));
  return set;
}

} // namespace ionsift::learn
