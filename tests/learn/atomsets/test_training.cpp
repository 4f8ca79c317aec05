// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"
#include "ionsift/learn/metrics/scores.hpp"

#include "atomsets/trainer.hpp"
#include "support.hpp"
#include "synthetic.hpp"

#include <ATen/ops/equal.h>
#include <c10/core/InferenceMode.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

using namespace ionsift;
using namespace ionsift::learn;
using Catch::Matchers::Contains;

namespace {

AtomSetsConfiguration quick() {
  AtomSetsConfiguration c;
  c.width = 16;
  c.readout_hidden = 8;
  c.batch = 32;
  c.epochs = 6;
  c.dropout_before = 0.1;
  c.dropout_after = 0.1;
  c.l2_before = 1e-4;
  return c;
}

at::Tensor trained(const AtomSetsConfiguration& configuration, const Examples& examples, std::uint64_t seed) {
  AtomSets network(configuration, examples.columns(), at::kFloat);
  REQUIRE_FALSE(train(network, examples, seed).diverged);
  return network.weights().flat();
}

} // namespace

TEST_CASE("a member learns interactions of rows, and generalises to new structures") {
  const c10::InferenceMode without_autograd;
  const auto train_set = test::make_structures(400, 8, 1);
  const auto test_set = test::make_structures(200, 8, 2);
  auto configuration = quick();
  configuration.width = 32;
  configuration.readout_hidden = 16;
  configuration.epochs = 60;
  configuration.max_lr = 1e-2;
  AtomSets network(configuration, 8, at::kFloat);
  const auto result = train(network, Examples(train_set, {}, at::kFloat), 1);
  CHECK(result.epochs == 60);
  CHECK(result.loss < 0.4);

  const auto p = network.logits(Examples(test_set, {}, at::kFloat).slice(0, 200)).sigmoid().to(at::kDouble);
  const auto scores = score(test_set.label, {p.data_ptr<double>(), 200});
  CHECK(scores.auc_pr > 0.9);
  CHECK(scores.mcc > 0.6);
}

TEST_CASE("the same seed gives the same weights bit for bit, another seed gives others") {
  const c10::InferenceMode without_autograd;
  const Examples examples(test::make_structures(70, 5, 3), {}, at::kFloat);
  const auto once = trained(quick(), examples, 17);
  CHECK(at::equal(once, trained(quick(), examples, 17)));
  CHECK_FALSE(at::equal(once, trained(quick(), examples, 18)));
}

TEST_CASE("an observer sees every epoch, changes nothing and may end the training") {
  const c10::InferenceMode without_autograd;
  const Examples examples(test::make_structures(70, 5, 3), {}, at::kFloat);
  const Examples others(test::make_structures(1500, 5, 4), {}, at::kFloat);
  const auto unobserved = trained(quick(), examples, 17);

  AtomSets network(quick(), 5, at::kFloat);
  std::vector<int> epochs;
  std::vector<double> losses;
  std::vector<float> last;
  const auto result = train(network, examples, 17, [&](const Epoch& epoch) {
    epochs.push_back(epoch.number);
    losses.push_back(epoch.loss);
    last = probabilities(epoch.network, others);
    return true;
  });
  CHECK(at::equal(network.weights().flat(), unobserved));
  CHECK(epochs == std::vector<int>{1, 2, 3, 4, 5, 6});
  CHECK(losses.back() == result.loss);
  CHECK(losses.back() < losses.front());
  CHECK_FALSE(result.stopped);

  // The probabilities are the same in pieces and at once.
  const auto at_once = network.logits(others.slice(0, 1500)).sigmoid();
  REQUIRE(last.size() == 1500);
  for (std::size_t s = 0; s < last.size(); ++s) {
    REQUIRE(last[s] == Approx(at_once[static_cast<std::int64_t>(s)].item<float>()).margin(1e-6));
  }

  const auto stopped = train(network, examples, 17, [](const Epoch& epoch) { return epoch.number < 4; });
  CHECK(stopped.stopped);
  CHECK_FALSE(stopped.diverged);
  CHECK(stopped.epochs == 4);
}

TEST_CASE("training continues from given weights, which are not changed") {
  const c10::InferenceMode without_autograd;
  const Examples examples(test::make_structures(70, 5, 3), {}, at::kFloat);
  AtomSets start(quick(), 5, at::kFloat);
  train(start, examples, 5);
  const auto before = start.weights().flat().clone();

  AtomSets network(quick(), 5, at::kFloat);
  train(network, examples, 6, {}, {.network = &start});
  CHECK(at::equal(start.weights().flat(), before));
  CHECK(at::equal(network.forget().kernel, start.forget().kernel));
  const auto fresh = trained(quick(), examples, 6);
  CHECK_FALSE(at::equal(network.weights().flat(), fresh));

  // Without any step the start remains.
  auto idle = quick();
  idle.init_lr = 0;
  idle.max_lr = 0;
  AtomSets still(idle, 5, at::kFloat);
  train(still, examples, 6, {}, {.network = &start});
  CHECK(at::equal(still.weights().flat(), before));

  // The start of a fresh training, given by hand, leads to the same weights.
  AtomSets untrained(idle, 5, at::kFloat);
  train(untrained, examples, 6);
  AtomSets again(quick(), 5, at::kFloat);
  train(again, examples, 6, {}, {.network = &untrained});
  CHECK(at::equal(again.weights().flat(), fresh));

  auto wider = quick();
  wider.width = 17;
  AtomSets other(wider, 5, at::kFloat);
  CHECK_THROWS_WITH(train(other, examples, 6, {}, {.network = &start}),
                    Contains("phi.0.kernel [5 x 17]") && Contains("phi.0.kernel [5 x 16]"));
  auto shorter = quick();
  shorter.layers = 1;
  AtomSets flat(shorter, 5, at::kFloat);
  CHECK_THROWS_WITH(train(flat, examples, 6, {}, {.network = &start}), Contains("phi.1.kernel"));
}

TEST_CASE("the penalty pulls weights towards zero") {
  const c10::InferenceMode without_autograd;
  const Examples examples(test::make_structures(64, 5, 3), {}, at::kFloat);
  auto configuration = quick();
  configuration.epochs = 40;
  configuration.max_lr = 3e-2;
  const auto norm = [&](double l2) {
    configuration.l2_before = l2;
    AtomSets network(configuration, 5, at::kFloat);
    train(network, examples, 1);
    return network.weights().phi[0].kernel.norm().item<double>();
  };
  CHECK(norm(1.0) < 0.8 * norm(0.0));
}

TEST_CASE("a member that diverges stops with a record") {
  const c10::InferenceMode without_autograd;
  const Examples examples(test::make_structures(70, 5, 3), {}, at::kFloat);
  auto configuration = quick();
  configuration.epochs = 50;
  configuration.init_lr = 1e20;
  configuration.max_lr = 1e30;
  AtomSets network(configuration, 5, at::kFloat);
  const auto result = train(network, examples, 1);
  CHECK(result.diverged);
  CHECK(result.epochs < 50);
  CHECK_FALSE(std::isfinite(result.loss));

  // Observers never see weights that are not finite.
  int finite = 0;
  const auto observed = train(network, examples, 1, [&](const Epoch& epoch) {
    CHECK(epoch.network.weights().flat().isfinite().all().item<bool>());
    ++finite;
    return true;
  });
  CHECK(observed.diverged);
  CHECK(observed.epochs == finite + 1);
}

TEST_CASE("fewer structures than a batch, and a last batch of one") {
  const c10::InferenceMode without_autograd;
  auto configuration = quick();
  configuration.batch = 64;
  AtomSets network(configuration, 5, at::kFloat);
  CHECK_FALSE(train(network, Examples(test::make_structures(7, 5, 3), {}, at::kFloat), 1).diverged);
  CHECK_FALSE(train(network, Examples(test::make_structures(65, 5, 3), {}, at::kFloat), 1).diverged);
}

TEST_CASE("a training interrupted after any epoch resumes to the same weights, bit for bit") {
  const c10::InferenceMode without_autograd;
  const Examples examples(test::make_structures(70, 5, 3), {}, at::kFloat);
  const auto folder = test::scratch("state");
  auto configuration = quick();
  configuration.epochs = 9; // 27 steps: Lookahead synchronises in the midst of epochs, too
  AtomSets whole(configuration, 5, at::kFloat);
  const auto expected = train(whole, examples, 17);
  const Checkpoint checkpoint{folder / "state.h5", "job", 1e9};
  for (int broken = 1; broken < configuration.epochs; ++broken) {
    std::filesystem::remove(checkpoint.file);
    AtomSets first(configuration, 5, at::kFloat);
    int epochs = 0;
    const auto interrupted = [&] { return ++epochs == broken; };
    const auto left = train(first, examples, 17, {}, {nullptr, &checkpoint, interrupted});
    CHECK(left.interrupted);
    CHECK(left.epochs == broken);
    std::vector<int> seen;
    AtomSets second(configuration, 5, at::kFloat);
    const auto observer = [&](const Epoch& epoch) {
      seen.push_back(epoch.number);
      return true;
    };
    const auto result = train(second, examples, 17, observer, {nullptr, &checkpoint, {}});
    CHECK_FALSE(result.interrupted);
    CHECK(result.epochs == configuration.epochs);
    CHECK(result.loss == expected.loss);
    CHECK(seen.front() == broken + 1);
    CHECK(at::equal(second.weights().flat(), whole.weights().flat()));
    CHECK(at::equal(second.forget().kernel, whole.forget().kernel));
  }
}

TEST_CASE("states are saved when due or requested, and belong to one training") {
  const c10::InferenceMode without_autograd;
  const Examples examples(test::make_structures(70, 5, 3), {}, at::kFloat);
  const auto folder = test::scratch("due");
  const auto first_epoch = [&](const Checkpoint& checkpoint, std::uint64_t seed,
                               const AtomSetsConfiguration& c) {
    AtomSets network(c, 5, at::kFloat);
    int first = 0;
    train(network, examples, seed,
          [&](const Epoch& epoch) {
            first = first == 0 ? epoch.number : first;
            return true;
          },
          {nullptr, &checkpoint, {}});
    return first;
  };
  Checkpoint checkpoint{folder / "state.h5", "job", 1e9};
  CHECK(first_epoch(checkpoint, 17, quick()) == 1);
  CHECK_FALSE(std::filesystem::exists(checkpoint.file));

  int asked = 0;
  checkpoint.asked = [&] { return ++asked == 4; };
  CHECK(first_epoch(checkpoint, 17, quick()) == 1);
  REQUIRE(std::filesystem::exists(checkpoint.file));
  CHECK(first_epoch(checkpoint, 17, quick()) == 5);

  checkpoint.asked = {};
  CHECK(first_epoch(checkpoint, 18, quick()) == 1); // another seed
  checkpoint.job = "another job";
  CHECK(first_epoch(checkpoint, 17, quick()) == 1);
  checkpoint.job = "job";
  auto wider = quick();
  wider.width = 17;
  CHECK(first_epoch(checkpoint, 17, wider) == 1);
  CHECK(first_epoch(checkpoint, 17, quick()) == 5);
  const auto bytes = read_file(checkpoint.file);
  std::ofstream(checkpoint.file) << bytes.substr(0, bytes.size() / 2);
  CHECK(first_epoch(checkpoint, 17, quick()) == 1);

  checkpoint.every = 0; // after the last epoch a network is saved instead
  CHECK(first_epoch(checkpoint, 17, quick()) == 1);
  CHECK(first_epoch(checkpoint, 17, quick()) == quick().epochs);
}
