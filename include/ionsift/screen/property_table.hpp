// SPDX-License-Identifier: BSD-3-Clause
// A number for each structure from a table of somebody else's, small enough to be on every rank.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/read/reader.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ionsift::screen {

struct KnownValue {
  double value = 0;
  std::string source; ///< source of the value; the file's name if it has no source column
};

/// What the columns are called; empty ones are found by name.
struct PropertyColumns {
  std::string id, value, source;
};

/// What a table holds, for messages and for finding its column.
struct Property {
  std::string_view name;    ///< "band gap"
  std::string_view columns; ///< usual names of its column, separated by commas
  std::string_view source;  ///< usual name of the column of sources; may be empty
  std::string_view option;  ///< option that names the column
  std::string_view unit;    ///< "eV"
  double smallest = 0;      ///< smallest valid value
};
extern const Property band_gap_property;
extern const Property hull_property;

/// Values by id; an empty field is unknown, not zero.
/// @throws Error missing (file, column), data (no number, too small a number, an id with two values)
std::unordered_map<std::string, KnownValue>
read_property(const std::filesystem::path& path, const Property& property, const PropertyColumns& columns);

/// The same on every rank, 20 bytes a row: ids are kept as 64 bits of their SHA-256, so that two ids among n
/// pass for one with a probability of n^2 / 4e19.
class PropertyTable {
public:
  PropertyTable() = default;
  /// Rank 0 reads; collective.
  static PropertyTable read(const parallel::Communicator& comm, const std::filesystem::path& path,
                            const Property& property, const PropertyColumns& columns);
  /// The same for the structures of a store: ids of the table become theirs (dataset::IdMatch), what matches
  /// only so or not at all is said, and ids that several structures share join nothing.
  /// @throws Error also data where no id matches, conflict where it is not clear what one means
  static PropertyTable read(const parallel::Communicator& comm, const std::filesystem::path& path,
                            const Property& property, const PropertyColumns& columns,
                            const store::Reader& structures);
  std::optional<KnownValue> find(const std::string& id) const;
  std::size_t size() const { return keys_.size(); }

private:
  /// From the values that rank 0 has. Collective.
  static PropertyTable share(const parallel::Communicator& comm,
                             const std::unordered_map<std::string, KnownValue>& known);

  std::vector<std::uint64_t> keys_; ///< ascending
  std::vector<double> values_;
  std::vector<std::uint32_t> source_; ///< position in `sources_`
  std::vector<std::string> sources_;
};

} // namespace ionsift::screen
