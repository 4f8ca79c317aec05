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
  bool last = false; ///< nothing comes after it; where false, something may
};

/// Rank 0 reads and unpacks, the others get the bytes: unpacking an archive takes a twentieth of the time of
/// everything else, and on every rank it would be the part that more ranks do not shorten.
class BatchReader {
public:
  /// Collective. @throws Error missing when an input does not exist
  BatchReader(const parallel::Communicator& comm, const std::vector<std::filesystem::path>& inputs,
              const crystal::SourceOptions& source, std::size_t batch_entries, std::size_t batch_bytes);

  /// The next items, none at the end; collective.
  Batch next();
  /// Rank 0 reads some of the items after those and says whether there are more to read; the others have
  /// nothing to do. Not collective: rank 0 reads while the others work, and joins them afterwards.
  bool read_ahead();

private:
  parallel::Communicator comm_;
  std::unique_ptr<crystal::EntryStream> stream_; ///< on rank 0
  std::size_t batch_entries_;
  std::size_t batch_bytes_;
  std::uint64_t read_ = 0;      ///< items so far
  Batch ahead_;                 ///< what rank 0 has read and nobody has been given yet
  std::size_t bytes_ahead_ = 0; ///< in it
  bool ended_ = false;          ///< the input
};

} // namespace ionsift::store
