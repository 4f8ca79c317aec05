// SPDX-License-Identifier: BSD-3-Clause
#include "training.hpp"

#include "ionsift/learn/ensemble/fit.hpp"
#include "ionsift/learn/model/classifier.hpp"

#include "blas.hpp"
#include "timing.hpp"

#include <cmath>
#include <map>
#include <tuple>
#include <vector>

namespace ionsift::bench {

namespace {

using nlohmann::json;

/// y = x w; or one of the two products of its backward pass: dw = x^T dy, dx = dy w^T.
enum class Kind { forward, weights, input };

/// [rows x in] times [in x out], as in the forward pass.
using Product = std::tuple<Kind, int, int, int>;

/// The products of an epoch and how often each occurs.
class Products {
public:
  /// @param input_needed the gradient of x is needed
  void add_dense(int rows, int in, int out, bool input_needed = true) {
    add({Kind::forward, rows, in, out});
    add({Kind::weights, rows, in, out});
    if (input_needed) {
      add({Kind::input, rows, in, out});
    }
  }
  double flops() const {
    double sum = 0;
    for (const auto& [product, times] : times_) {
      const auto& [kind, rows, in, out] = product;
      sum += 2.0 * rows * in * out * times;
    }
    return sum;
  }
  double seconds() const {
    double sum = 0;
    for (const auto& [product, times] : times_) {
      sum += times * seconds_of(product);
    }
    return sum;
  }

private:
  void add(const Product& product) { ++times_[product]; }

  /// The least of several rounds.
  static double seconds_of(const Product& product) {
    const auto& [kind, rows, in, out] = product;
    const auto numbers = [](int a, int b) {
      return std::vector<float>(static_cast<std::size_t>(a) * static_cast<std::size_t>(b), 0.5F);
    };
    auto x = numbers(rows, in), w = numbers(in, out), y = numbers(rows, out);
    const float one = 1, zero = 0;
    // Fortran sees the transpose of everything.
    const auto run = [&, rows = rows, in = in, out = out, kind = kind] {
      switch (kind) {
      case Kind::forward:
        sgemm_("N", "N", &out, &rows, &in, &one, w.data(), &out, x.data(), &in, &zero, y.data(), &out);
        break;
      case Kind::weights:
        sgemm_("N", "T", &out, &in, &rows, &one, y.data(), &out, x.data(), &in, &zero, w.data(), &out);
        break;
      case Kind::input:
        sgemm_("T", "N", &in, &rows, &out, &one, w.data(), &out, y.data(), &out, &zero, x.data(), &in);
        break;
      }
    };
    run();
    double least = 1e9;
    const int times = 1 + static_cast<int>(1e8 / (2.0 * rows * in * out));
    for (int round = 0; round < 5; ++round) {
      const double begin = now();
      for (int i = 0; i < times; ++i) {
        run();
      }
      least = std::min(least, (now() - begin) / times);
    }
    return least;
  }

  std::map<Product, int> times_;
};

/// Of one batch.
void add_products(Products& products, const learn::AtomSetsConfiguration& network, int structures, int rows,
                  int columns) {
  const int h = network.readout_hidden;
  const int width = network.width;
  for (int layer = 0; layer < network.layers; ++layer) {
    products.add_dense(rows, layer == 0 ? columns : width, width, layer > 0);
  }
  products.add_dense(rows, width, h);
  // The first step's input is zero, and its h is the same for all structures: the second step needs the
  // products with the readout only. No step needs the forget gate.
  for (int step = 2; step <= network.readout_steps; ++step) {
    products.add_dense(structures, step == 2 ? h : 2 * h, 3 * h);
  }
  for (int layer = 0; layer < network.layers; ++layer) {
    products.add_dense(structures, layer == 0 ? 2 * h : width, width);
  }
  products.add_dense(structures, width, 1);
}

int parameters(const learn::AtomSetsConfiguration& network, int columns) {
  const int h = network.readout_hidden;
  const int w = network.width;
  const int dense = (columns + 1) * w + (network.layers - 1) * (w + 1) * w;
  const int after = (2 * h + 1) * w + (network.layers - 1) * (w + 1) * w + w + 1;
  return dense + (w + 1) * h + (2 * h + 1) * 3 * h + after;
}

/// Seconds of one step of an optimiser that only moves data.
double optimiser_seconds(int parameters) {
  const auto n = static_cast<std::size_t>(parameters);
  std::vector<float> weight(n, 1), gradient(n, 1), first(n, 1), second(n, 1), slow(n, 1);
  const auto step = [&](float rate) {
    for (std::size_t i = 0; i < n; ++i) {
      first[i] = 0.9F * first[i] + 0.1F * gradient[i];
      second[i] = 0.999F * second[i] + 0.001F * gradient[i];
      weight[i] -= rate * (first[i] + second[i]);
    }
  };
  const auto synchronise = [&] {
    for (std::size_t i = 0; i < n; ++i) {
      slow[i] = 0.5F * (slow[i] + weight[i]);
      weight[i] = slow[i];
    }
  };
  double least = 1e9;
  for (int round = 0; round < 5; ++round) {
    const double begin = now();
    for (int i = 0; i < 6; ++i) {
      step(1e-4F);
    }
    synchronise();
    least = std::min(least, (now() - begin) / 6);
  }
  return least;
}

} // namespace

json measure_training(const dataset::FeatureSet& train, const learn::Configuration& configuration) {
  const auto& network = std::get<learn::AtomSetsConfiguration>(configuration.model);
  const auto& rows = train.of(configuration.views.front());
  const int n = static_cast<int>(train.size());
  const int all_rows = static_cast<int>(rows.weight.size());
  const int columns = static_cast<int>(rows.columns());

  std::vector<double> ends;
  learn::FitOptions options;
  options.observer = [&](const learn::TrainingEpoch&) {
    ends.push_back(now());
    return true;
  };
  learn::fit(configuration, train, 1, {}, options);
  constexpr std::size_t warming = 3;
  std::vector<double> epochs;
  for (std::size_t i = warming; i < ends.size(); ++i) {
    epochs.push_back(1e3 * (ends[i] - ends[i - 1]));
  }

  Products products;
  int steps = 0;
  for (int first = 0; first < n; first += network.batch, ++steps) {
    const int structures = std::min(network.batch, n - first);
    // Batches are shuffled, so each has its share of the rows.
    add_products(products, network, structures, structures * all_rows / n, columns);
  }
  const double product_ms = 1e3 * products.seconds();
  const double optimiser_ms = 1e3 * steps * optimiser_seconds(parameters(network, columns));
  const double floor = product_ms + optimiser_ms;
  return {{"structures", n},
          {"rows", all_rows},
          {"batches", steps},
          {"parameters", parameters(network, columns)},
          {"epochs", epochs.size()},
          {"ms_epoch_median", median(epochs)},
          {"ms_epoch_least", smallest(epochs)},
          {"gflop", products.flops() / 1e9},
          {"floor_ms_products", product_ms},
          {"floor_ms_optimiser", optimiser_ms},
          {"floor_ms", floor},
          {"ratio_to_floor", median(epochs) / floor}};
}

} // namespace ionsift::bench
