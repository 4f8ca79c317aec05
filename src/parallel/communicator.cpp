// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/communicator.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/parallel/counter.hpp"

#include "implementation.hpp"
#include "mpi_communicator.hpp"
#include "one_process.hpp"

#include <numeric>

namespace ionsift::parallel {

Communicator::Communicator() : implementation_(make_local()) {
}

Communicator::Communicator(std::shared_ptr<const Implementation> implementation)
    : implementation_(std::move(implementation)) {
}

Communicator Communicator::world() {
  return Communicator(mpi_world());
}

Communicator Communicator::dry_run(int size, int rank) {
  return Communicator(make_dry_run(size, rank));
}

int Communicator::rank() const {
  return implementation_->rank();
}

int Communicator::size() const {
  return implementation_->size();
}

std::string_view Communicator::kind() const {
  return implementation_->kind();
}

void Communicator::barrier() const {
  implementation_->barrier();
}

std::uint64_t Communicator::sum_before(std::uint64_t value) const {
  return implementation_->sum_before(value);
}

std::string Communicator::broadcast(std::string text, int root) const {
  const auto bytes = broadcast_bytes(std::as_bytes(std::span<const char>(text)), root);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::unique_ptr<Counter> Communicator::make_counter() const {
  return implementation_->make_counter();
}

Communicator Communicator::node() const {
  return Communicator(implementation_->node());
}

const void* Communicator::mpi_handle() const {
  return implementation_->mpi_handle();
}

void Communicator::all_reduce_raw(void* values, std::size_t n, NumberType type, Reduction op) const {
  implementation_->all_reduce(values, n, type, op);
}

std::vector<std::byte> Communicator::all_gather_bytes(std::span<const std::byte> bytes) const {
  return implementation_->all_gather(bytes);
}

std::vector<std::byte> Communicator::gather_bytes(std::span<const std::byte> bytes) const {
  return implementation_->gather(bytes);
}

std::vector<std::byte> Communicator::all_to_all_bytes(std::span<const std::byte> bytes,
                                                      std::span<const std::size_t> counts) const {
  const std::size_t total = std::accumulate(counts.begin(), counts.end(), std::size_t(0));
  IONSIFT_ASSERT(counts.size() == static_cast<std::size_t>(size()) && total == bytes.size(),
                 fmt::format("{} counts for {} bytes do not fit {} ranks and {} bytes", counts.size(), total,
                             size(), bytes.size()));
  return implementation_->all_to_all(bytes, counts);
}

std::vector<std::byte> Communicator::broadcast_bytes(std::span<const std::byte> bytes, int root) const {
  IONSIFT_ASSERT(root >= 0 && root < size(), fmt::format("rank {} of {} cannot broadcast", root, size()));
  return implementation_->broadcast(bytes, root);
}

} // namespace ionsift::parallel
