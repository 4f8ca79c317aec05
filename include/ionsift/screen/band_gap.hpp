// Band gaps: the database's where it has one, else predicted.
#pragma once

#include "ionsift/megnet/featurizer.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/reader.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::screen {

struct KnownGap {
  double value = 0;   ///< eV
  std::string source; ///< of the value, for the table; the file's name where it has no source column
};

struct GapOptions {
  std::string id_column;     ///< empty: found by name, see dataset::find_id_column
  std::string gap_column;    ///< empty: "band_gap_eV", "band_gap", "gap_eV" or "gap"
  std::string source_column; ///< empty: "band_gap_source" where it exists
};

/// Known gaps by id; an empty field is unknown, not zero.
/// @throws Error missing (file, column), data (no number, a negative gap, an id with two gaps)
std::unordered_map<std::string, KnownGap> read_gaps(const std::filesystem::path& path,
                                                    const GapOptions& options = {});

/// Predicted gaps (eV, not clipped) of all structures of a store, from the stored crystals, all atoms;
/// spread over the ranks by estimated cost. Collective; the result is complete on every rank, NaN where the
/// parent could not be evaluated (the reason is logged).
/// @param converter nothing for the parent's own
std::vector<double> predict_gaps(const parallel::Communicator& comm, const store::Reader& store,
                                 const megnet::Parent& parent,
                                 const std::optional<megnet::GraphConverter>& converter);

} // namespace ionsift::screen
