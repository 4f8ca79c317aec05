#include "ionsift/learn/scores.hpp"

#include "support.hpp"
#include "synthetic.hpp"
#include "trainer.hpp"

#include <ATen/ops/equal.h>
#include <c10/core/InferenceMode.h>
#include <catch2/catch.hpp>

#include <cmath>

using namespace ionsift;
using namespace ionsift::learn;

namespace {

Configuration quick() {
  Configuration c;
  c.width = 16;
  c.readout_hidden = 8;
  c.batch = 32;
  c.epochs = 6;
  c.dropout_before = 0.1;
  c.dropout_after = 0.1;
  c.l2_before = 1e-4;
  return c;
}

at::Tensor trained(const Configuration& configuration, const Examples& examples, std::uint64_t seed) {
  AtomSets network(configuration, examples.columns(), at::kFloat);
  REQUIRE_FALSE(train(network, examples, seed).diverged);
  return network.weights().flat();
}

} // namespace

TEST_CASE("a member learns what no single row tells, and knows it of structures it has not seen") {
  const c10::InferenceMode without_autograd;
  const auto train_set = test::make_structures(400, 8, 1);
  const auto test_set = test::make_structures(200, 8, 2);
  auto configuration = quick();
  configuration.width = 32;
  configuration.readout_hidden = 16;
  configuration.epochs = 60;
  configuration.max_lr = 1e-2;
  AtomSets network(configuration, 8, at::kFloat);
  const auto result = train(network, Examples(train_set, at::kFloat), 1);
  CHECK(result.epochs == 60);
  CHECK(result.loss < 0.4);

  const auto p = network.logits(Examples(test_set, at::kFloat).slice(0, 200)).sigmoid().to(at::kDouble);
  const auto scores = score(test_set.label, {p.data_ptr<double>(), 200});
  CHECK(scores.auc_pr > 0.9);
  CHECK(scores.mcc > 0.6);
}

TEST_CASE("the same seed gives the same weights bit for bit, another seed others") {
  const c10::InferenceMode without_autograd;
  const Examples examples(test::make_structures(70, 5, 3), at::kFloat);
  const auto once = trained(quick(), examples, 17);
  CHECK(at::equal(once, trained(quick(), examples, 17)));
  CHECK_FALSE(at::equal(once, trained(quick(), examples, 18)));
}

TEST_CASE("the penalty pulls weights towards zero") {
  const c10::InferenceMode without_autograd;
  const Examples examples(test::make_structures(64, 5, 3), at::kFloat);
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
  const Examples examples(test::make_structures(70, 5, 3), at::kFloat);
  auto configuration = quick();
  configuration.epochs = 50;
  configuration.init_lr = 1e20;
  configuration.max_lr = 1e30;
  AtomSets network(configuration, 5, at::kFloat);
  const auto result = train(network, examples, 1);
  CHECK(result.diverged);
  CHECK(result.epochs < 50);
  CHECK_FALSE(std::isfinite(result.loss));
}

TEST_CASE("fewer structures than a batch, and a last batch of one") {
  const c10::InferenceMode without_autograd;
  auto configuration = quick();
  configuration.batch = 64;
  AtomSets network(configuration, 5, at::kFloat);
  CHECK_FALSE(train(network, Examples(test::make_structures(7, 5, 3), at::kFloat), 1).diverged);
  CHECK_FALSE(train(network, Examples(test::make_structures(65, 5, 3), at::kFloat), 1).diverged);
}
