// SPDX-License-Identifier: BSD-3-Clause
// The interface of the implementations of Communicator.
#pragma once

#include "ionsift/parallel/communicator.hpp"

namespace ionsift::parallel {

/// The operations of Communicator, on bytes. See there for what each returns.
class Communicator::Implementation {
public:
  using NumberType = Communicator::NumberType;
  using Bytes = std::vector<std::byte>;

  virtual ~Implementation() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;
  virtual std::string_view kind() const = 0;
  virtual void barrier() const = 0;
  virtual void all_reduce(void* values, std::size_t n, NumberType type, Reduction op) const = 0;
  virtual std::uint64_t sum_before(std::uint64_t value) const = 0;
  virtual Bytes all_gather(std::span<const std::byte> bytes) const = 0;
  virtual Bytes gather(std::span<const std::byte> bytes) const = 0;
  /// `counts` has one entry a rank and adds up to the number of bytes; Communicator has checked it.
  virtual Bytes all_to_all(std::span<const std::byte> bytes, std::span<const std::size_t> counts) const = 0;
  virtual Bytes broadcast(std::span<const std::byte> bytes, int root) const = 0;
  virtual std::unique_ptr<Counter> make_counter() const = 0;
  virtual std::shared_ptr<const Implementation> node() const = 0;
  virtual const void* mpi_handle() const = 0;
};

} // namespace ionsift::parallel
