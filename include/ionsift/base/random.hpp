// SPDX-License-Identifier: BSD-3-Clause
// Random numbers that are the same on every platform and for any number of ranks.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <utility>
#include <vector>

namespace ionsift {

/// A reproducible stream: the engine is specified by the C++ standard, and so are the transformations here,
/// which the standard's distributions are not. Streams with different keys are independent.
class RandomStream {
public:
  /// @param seed  the user's seed
  /// @param key   purpose of the stream: a member, a fold, a draw
  explicit RandomStream(std::uint64_t seed, std::uint64_t key = 0) : engine_(mix(mix(seed) ^ key)) {}

  std::uint64_t bits() { return engine_(); }
  /// Uniform in [0, 1), 53 random bits.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform in {0, ..., n - 1}, without bias. n > 0.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t limit = std::uint64_t(-1) - std::uint64_t(-1) % n;
    std::uint64_t draw = engine_();
    while (draw >= limit) {
      draw = engine_();
    }
    return draw % n;
  }
  /// Standard normal (Box and Muller).
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }
  /// Shuffles (Fisher and Yates).
  template <typename T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[below(i)]);
    }
  }

private:
  /// splitmix64's finaliser: neighbouring seeds give unrelated engines.
  static std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }

  std::mt19937_64 engine_;
};

} // namespace ionsift
