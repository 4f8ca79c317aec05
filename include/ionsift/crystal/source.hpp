// Streams of entries from files, folders and archives; nothing is unpacked to disk.
#pragma once

#include "ionsift/crystal/read.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::crystal {

struct Entry {
  EntryName name;
  std::string bytes;
};

/// The entries of several inputs, one after the other, in an order that depends on the inputs alone:
/// folders recursively and sorted by path, archives in their own order.
class EntryStream {
public:
  /// @throws Error missing when an input does not exist
  explicit EntryStream(std::vector<std::filesystem::path> inputs);
  ~EntryStream();
  EntryStream(EntryStream&&) noexcept;
  EntryStream& operator=(EntryStream&&) noexcept;

  /// The next entry, or nothing at the end. Members that are no structure (README, CSV beside the CIFs) are
  /// passed over. A damaged archive gives a Failure, after which its next input is read.
  std::optional<std::variant<Entry, Failure>> next();

private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

} // namespace ionsift::crystal
