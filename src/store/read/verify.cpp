// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/store/read/verify.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"
#include "ionsift/store/read/reader.hpp"

#include "checked_records.hpp"
#include "format/block_checks.hpp"
#include "format/bytes.hpp"
#include "format/checksums.hpp"
#include "format/layout.hpp"

#include <algorithm>
#include <optional>

namespace ionsift::store {

namespace {

using Damages = std::vector<Damage>;
constexpr std::uint64_t structures_at_once = 256;

/// Runs `body`; what it throws becomes damage of this place.
template <typename Body>
void check(Damages& damages, const std::string& place, const Body& body) {
  try {
    body();
  } catch (const std::exception& error) {
    damages.push_back({place, "", "", error.what()});
  }
}

/// Structures that cannot be read at once are read one by one, so that the good ones among them are known.
void check_structures(const Reader& reader, std::uint64_t first, std::uint64_t count, Damages& damages) {
  try {
    const auto checked = read_checked(reader, first, count);
    for (std::size_t i = 0; i < count; ++i) {
      if (!checked[i].damage.empty()) {
        const auto& crystal = checked[i].record.crystal;
        damages.push_back({std::to_string(first + i), crystal.id, crystal.source, checked[i].damage});
      }
    }
  } catch (const std::exception& error) {
    if (count > 1) {
      for (std::uint64_t i = 0; i < count; ++i) {
        check_structures(reader, first + i, 1, damages);
      }
      return;
    }
    Damage damage{std::to_string(first), "", "", error.what()};
    try {
      damage.id = reader.ids(first, 1).front();
      damage.source = reader.text("structures/source", first, 1).front();
    } catch (const std::exception&) { // its name is damaged too
    }
    damages.push_back(std::move(damage));
  }
}

/// The checksums of a block of structures; only where nothing in it was found damaged by the structures' own.
void check_block(const Reader& reader, BlockChecks& blocks, std::uint64_t block, Damages& damages) {
  const auto first = blocks.first_structure(block);
  const auto end = blocks.first_structure(block + 1);
  for (const auto& column : blocks.columns()) {
    const auto place = fmt::format("blocks[{}]", block);
    check(damages, place, [&] {
      IONSIFT_VALIDATE(
          !blocks.is_damaged(column, reader.file().dataset(column), block), data,
          fmt::format("{} of structures {} to {} differs from its checksum", column, first, end - 1),
          "the column or blocks/ is damaged", "Featurize on this store with --overwrite.");
    });
  }
}

/// Structures of this rank's blocks, and the blocks themselves.
void check_blocks(const parallel::Communicator& comm, const Reader& reader, Damages& damages) {
  std::optional<BlockChecks> blocks;
  check(damages, "blocks", [&] { blocks.emplace(reader.file(), reader.provenance(), reader.size()); });
  if (!blocks) {
    return;
  }
  const auto slice = parallel::slice_of(blocks->blocks(), comm.rank(), comm.size());
  for (auto block = slice.first; block < slice.last; ++block) {
    const auto before = damages.size();
    const auto end = blocks->first_structure(block + 1);
    for (auto first = blocks->first_structure(block); first < end; first += structures_at_once) {
      check_structures(reader, first, std::min(structures_at_once, end - first), damages);
    }
    if (damages.size() == before) {
      check_block(reader, *blocks, block, damages);
    }
  }
}

/// Offsets begin with 0, ascend, and end where the rows end. Returns the length of the children's axis.
void check_offsets(const h5::File& file, const std::string& path, std::uint64_t items,
                   const std::vector<std::string>& children) {
  const auto offset = file.dataset(path);
  IONSIFT_VALIDATE(offset.rows() == items + 1, data, fmt::format("{} has {} rows", path, offset.rows()),
                   fmt::format("it belongs to {} items", items), "Featurize again.");
  constexpr std::uint64_t at_once = 65536;
  std::int64_t last = 0;
  for (std::uint64_t first = 0; first <= items; first += at_once) {
    const auto values = offset.read_rows<std::int64_t>(first, std::min(at_once, items + 1 - first));
    const bool sound = std::is_sorted(values.begin(), values.end()) && values.front() >= last &&
                       (first > 0 || values.front() == 0);
    IONSIFT_VALIDATE(sound, data, fmt::format("{} does not ascend from 0", path),
                     "offsets mark where each item begins", "Featurize again.");
    last = values.back();
  }
  for (const auto& child : children) {
    const auto rows = file.dataset(child).rows();
    IONSIFT_VALIDATE(rows == static_cast<std::uint64_t>(last), data,
                     fmt::format("{} has {} rows", child, rows), fmt::format("{} ends with {}", path, last),
                     "Featurize again.");
  }
}

void check_lengths(const h5::File& file, const std::string& group, std::uint64_t rows) {
  for (const auto& name : file.list(group)) {
    const auto found = file.dataset(fmt::format("{}/{}", group, name)).rows();
    IONSIFT_VALIDATE(found == rows, data, fmt::format("{}/{} has {} rows", group, name, found),
                     fmt::format("the group has {}", rows), "Featurize again.");
  }
}

void check_layout(const Reader& reader, Damages& damages) {
  const auto& file = reader.file();
  check(damages, "structures", [&] { check_lengths(file, "structures", reader.size()); });
  for (const auto representation : reader.provenance().representations) {
    const auto offset = feature_path(representation, "offset");
    std::vector<std::string> rows = {feature_path(representation, "orbit"),
                                     feature_path(representation, "multiplicity")};
    for (int level = 0; level < 4; ++level) {
      if (reader.provenance().levels.at(static_cast<std::size_t>(level))) {
        rows.push_back(feature_path(representation, level_name(level)));
      }
    }
    check(damages, offset, [&] { check_offsets(file, offset, reader.size(), rows); });
  }
  const auto crystals = [&](const std::string& path, std::uint64_t items,
                            const std::vector<std::string>& children) {
    check(damages, path, [&] { check_offsets(file, path, items, children); });
  };
  crystals("crystals/site_offset", reader.size(), {"crystals/position", "crystals/orbit"});
  crystals("crystals/orbit_offset", reader.size(),
           {"crystals/label", "crystals/representative", "crystals/multiplicity"});
  check(damages, "crystals/species_offset", [&] {
    check_offsets(file, "crystals/species_offset", file.dataset("crystals/multiplicity").rows(),
                  {"crystals/atomic_number", "crystals/occupancy", "crystals/oxidation"});
  });
}

template <typename Row>
void check_sums(const h5::File& file, const std::string& group, const std::vector<Row>& rows,
                Damages& damages) {
  check(damages, group, [&] { check_lengths(file, group, rows.size()); });
  const auto sums = file.dataset(group + "/checksum").read<std::uint64_t>();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto place = fmt::format("{}[{}]", group, i);
    check(damages, place, [&] { require_sum(sums.at(i), checksum_of(rows[i]), place); });
  }
}

/// Everything besides the structures; on rank 0.
std::uint64_t check_lists(const Reader& reader, Damages& damages) {
  std::vector<FailureRecord> failures;
  check(damages, "failures", [&] {
    failures = failure_records(reader);
    check_sums(reader.file(), "failures", failures, damages);
  });
  check(damages, "releases", [&] {
    const auto history = reader.history();
    check_sums(reader.file(), "releases", history.releases, damages);
    check_sums(reader.file(), "gone", history.gone, damages);
  });
  return failures.size();
}

/// Damages of all ranks in rank order, on rank 0.
Damages gather(const parallel::Communicator& comm, const Damages& mine) {
  ByteWriter out;
  for (const auto& damage : mine) {
    for (const auto* text : {&damage.row, &damage.id, &damage.source, &damage.message}) {
      out.put(*text);
    }
  }
  const auto bytes = comm.gather(out.bytes());
  Damages all;
  for (ByteReader in(bytes); !in.empty();) {
    auto& damage = all.emplace_back();
    for (auto* text : {&damage.row, &damage.id, &damage.source, &damage.message}) {
      *text = in.get_text();
    }
  }
  return all;
}

} // namespace

Verification verify(const parallel::Communicator& comm, const std::filesystem::path& store) {
  std::optional<Reader> reader;
  Damages damages;
  Verification result;
  parallel::together(comm, [&] {
    try {
      reader.emplace(store, Checking::none);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::missing && !std::filesystem::exists(store)) {
        throw;
      }
      if (comm.is_root()) {
        damages.push_back({"/", "", "", error.what()});
      }
    }
    if (!reader) {
      return;
    }
    IONSIFT_VALIDATE(reader->provenance().schema > 1, conflict,
                     fmt::format("{} cannot be verified", store.string()),
                     "it has schema 1, which knows no checksums", "Featurize again with --overwrite.");
    result.structures = reader->size();
    if (comm.is_root()) {
      check_layout(*reader, damages);
      result.failures = check_lists(*reader, damages);
    }
    if (reader->provenance().schema > 2) {
      check_blocks(comm, *reader, damages);
      return;
    }
    const auto slice = parallel::slice_of(reader->size(), comm.rank(), comm.size());
    for (auto first = slice.first; first < slice.last; first += structures_at_once) {
      check_structures(*reader, first, std::min(structures_at_once, slice.last - first), damages);
    }
  });
  result.damaged = comm.all_reduce(static_cast<std::uint64_t>(damages.size()), parallel::Reduction::sum);
  result.failures = comm.all_reduce(result.failures, parallel::Reduction::max);
  result.damages = gather(comm, damages);
  return result;
}

} // namespace ionsift::store
