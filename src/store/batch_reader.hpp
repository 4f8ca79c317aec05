// The input in batches, the same on all ranks.
#pragma once

#include "ionsift/crystal/source.hpp"
#include "ionsift/parallel/communicator.hpp"

#include <cstdint>
#include <variant>
#include <vector>

namespace ionsift::store {

/// Consecutive items of the input: entries, and failures where the input itself is damaged.
struct Batch {
  std::uint64_t first = 0; ///< number of the first item in the whole input
  std::vector<std::variant<crystal::Entry, crystal::Failure>> items;
};

class BatchReader {
public:
  /// Collective. @throws Error missing when an input does not exist
  BatchReader(const parallel::Communicator& comm, const std::vector<std::filesystem::path>& inputs,
              std::size_t batch_entries, std::size_t batch_bytes);

  /// The next items, none at the end; collective. Every rank reads for itself: the input passes once through
  /// each node's page cache, and nothing has to be sent.
  /// @throws Error io when the ranks see different inputs
  Batch next();

private:
  void require_same_everywhere(const Batch& batch) const;

  parallel::Communicator comm_;
  std::unique_ptr<crystal::EntryStream> stream_;
  std::size_t batch_entries_;
  std::size_t batch_bytes_;
  std::uint64_t read_ = 0;
};

} // namespace ionsift::store
