// SPDX-License-Identifier: BSD-3-Clause
// A value-semantic communicator over MPI, over one process, or over simulated ranks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ionsift::parallel {

enum class Reduction { sum, min, max };

template <typename T>
concept Number = std::is_same_v<T, double> || std::is_same_v<T, float> || std::is_same_v<T, std::int32_t> ||
    std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::uint64_t>;

template <typename T>
concept Plain = std::is_trivially_copyable_v<T>;

class Counter;

/// A group of ranks. Copies refer to the same group. Every operation that is not marked otherwise is
/// collective: all ranks call it, also those without data.
///
/// Three implementations: `world` (MPI), `local` (this process alone) and `dry_run` (this process plays one
/// rank of many, whose peers are assumed to hold the same values as itself; decompositions for 10,000 ranks
/// can be examined on a laptop). There only this rank advances a counter, so that it gets all work.
///
/// Numbers of values and bytes are not limited by MPI's int. Only the thread that made the Environment
/// communicates. When MPI fails, Error io carries its text.
class Communicator {
public:
  /// This process alone.
  Communicator();
  static Communicator local() { return {}; }
  /// All ranks of MPI, which Environment has initialised. @throws Error internal without an Environment
  static Communicator world();
  /// @throws Error usage unless 0 <= rank < size
  static Communicator dry_run(int size, int rank = 0);

  int rank() const; ///< not collective
  int size() const; ///< not collective
  bool is_root() const { return rank() == 0; }
  std::string_view kind() const; ///< "mpi", "local" or "dry run"; not collective

  void barrier() const;

  template <Number T>
  T all_reduce(T value, Reduction op) const {
    all_reduce_raw(&value, 1, number_of<T>(), op);
    return value;
  }
  /// Element by element, in place; spans have the same length on all ranks. The order of summation is fixed
  /// for a given number of ranks.
  template <Number T>
  void all_reduce(std::span<T> values, Reduction op) const {
    all_reduce_raw(values.data(), values.size(), number_of<T>(), op);
  }
  /// Sum over the ranks before this one; 0 on rank 0.
  std::uint64_t sum_before(std::uint64_t value) const;

  /// The values of all ranks, in rank order, on every rank. Lengths may differ.
  template <Plain T>
  std::vector<T> all_gather(std::span<const T> values) const {
    return from_bytes<T>(all_gather_bytes(std::as_bytes(values)));
  }
  /// The values of all ranks, in rank order, on rank 0; empty elsewhere.
  template <Plain T>
  std::vector<T> gather(std::span<const T> values) const {
    return from_bytes<T>(gather_bytes(std::as_bytes(values)));
  }
  /// Sends counts[r] consecutive values to rank r; returns what the ranks sent here, in rank order.
  /// @throws Error internal unless there is one count a rank and they add up to the values
  template <Plain T>
  std::vector<T> all_to_all(std::span<const T> values, std::span<const std::size_t> counts) const {
    std::vector<std::size_t> bytes(counts.begin(), counts.end());
    for (auto& n : bytes) {
      n *= sizeof(T);
    }
    return from_bytes<T>(all_to_all_bytes(std::as_bytes(values), bytes));
  }
  /// The text of `root` on every rank.
  std::string broadcast(std::string text, int root = 0) const;
  template <Plain T>
  std::vector<T> broadcast(std::vector<T> values, int root = 0) const {
    return from_bytes<T>(broadcast_bytes(std::as_bytes(std::span<const T>(values)), root));
  }

  /// A shared counter; see counter.hpp.
  std::unique_ptr<Counter> make_counter() const;
  /// The ranks that share this node's memory. Not collective; in a dry run this process alone.
  Communicator node() const;

  /// The MPI_Comm behind this communicator, for collective input and output in the store; nullptr for the
  /// others. Not collective.
  const void* mpi_handle() const;

  class Implementation;

private:
  enum class NumberType { f64, f32, i32, i64, u64 };
  template <Number T>
  static constexpr NumberType number_of() {
    if constexpr (std::is_same_v<T, double>) {
      return NumberType::f64;
    } else if constexpr (std::is_same_v<T, float>) {
      return NumberType::f32;
    } else if constexpr (std::is_same_v<T, std::int32_t>) {
      return NumberType::i32;
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
      return NumberType::i64;
    } else {
      return NumberType::u64;
    }
  }
  template <Plain T>
  static std::vector<T> from_bytes(const std::vector<std::byte>& bytes) {
    std::vector<T> values(bytes.size() / sizeof(T));
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<std::byte*>(values.data()));
    return values;
  }

  explicit Communicator(std::shared_ptr<const Implementation> implementation);
  void all_reduce_raw(void* values, std::size_t n, NumberType type, Reduction op) const;
  std::vector<std::byte> all_gather_bytes(std::span<const std::byte> bytes) const;
  std::vector<std::byte> gather_bytes(std::span<const std::byte> bytes) const;
  std::vector<std::byte> all_to_all_bytes(std::span<const std::byte> bytes,
                                          std::span<const std::size_t> counts) const;
  std::vector<std::byte> broadcast_bytes(std::span<const std::byte> bytes, int root) const;

  friend class Implementation;
  std::shared_ptr<const Implementation> implementation_;
};

} // namespace ionsift::parallel
