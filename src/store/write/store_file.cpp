// SPDX-License-Identifier: BSD-3-Clause
#include "store_file.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/parallel/together.hpp"

#include "format/collective_access.hpp"
#include "format/layout.hpp"

#include <algorithm>

namespace ionsift::store {

namespace {

/// Sum of a count over the structures of each block.
template <typename Count>
std::vector<std::uint64_t> sums_of(std::span<const FinishedStructure> structures,
                                   const std::vector<std::uint64_t>& blocks, const Count& count) {
  std::vector<std::uint64_t> sums;
  for (const auto size : blocks) {
    std::uint64_t sum = 0;
    for (const auto& structure : structures.first(size)) {
      sum += count(structure);
    }
    sums.push_back(sum);
    structures = structures.subspan(size);
  }
  return sums;
}

std::uint64_t species_in(const FinishedStructure& structure) {
  std::uint64_t species = 0;
  for (const auto& orbit : structure.record.crystal.orbits) {
    species += orbit.species.size();
  }
  return species;
}

/// blocks/: where each block begins along each axis, and the checksums of its columns.
class BlockTable {
public:
  BlockTable(FinalFile& out, const Provenance& provenance, std::uint64_t blocks)
      : axes_(axis_names(provenance.representations)),
        first_(out, "blocks/first", blocks, {axes_.size()}, false),
        checksum_(out, "blocks/checksum", blocks, {out.sums.paths().size()}, false) {
    std::size_t longest = 1;
    for (const auto& path : out.sums.paths()) {
      longest = std::max(longest, path.size());
    }
    auto columns = out.file.make_fixed_text("blocks/columns", longest, out.sums.paths().size());
    std::size_t axis_longest = 1;
    for (const auto& axis : axes_) {
      axis_longest = std::max(axis_longest, axis.size());
    }
    auto axes = out.file.make_fixed_text("blocks/axes", axis_longest, axes_.size());
    if (out.comm.is_root()) {
      columns.write_text_rows(0, out.sums.paths(), h5::Transfer::alone);
      axes.write_text_rows(0, axes_, h5::Transfer::alone);
    }
  }

  void write(const FinalFile& out, const std::vector<const Piece*>& pieces) {
    const auto blocks = pieces.front()->blocks.size();
    std::vector<std::int64_t> first(blocks * axes_.size());
    for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
      auto begin = pieces.at(axis)->first;
      for (std::size_t block = 0; block < blocks; ++block) {
        first[block * axes_.size() + axis] = static_cast<std::int64_t>(begin);
        begin += pieces[axis]->blocks[block];
      }
    }
    const auto piece = axis_.advance(out.comm, std::vector<std::uint64_t>(blocks, 1));
    first_.write(piece, first);
    checksum_.write(piece, out.sums.sums());
  }

private:
  std::vector<std::string> axes_;
  FinalAxis axis_;
  FinalColumn<std::int64_t> first_;
  FinalColumn<std::uint64_t> checksum_;
};

std::vector<FeatureTable> feature_tables(FinalFile& out, const Provenance& provenance,
                                         const StoreSizes& sizes) {
  std::vector<FeatureTable> tables;
  for (std::size_t i = 0; i < provenance.representations.size(); ++i) {
    tables.emplace_back(out, provenance, sizes, i);
  }
  return tables;
}

} // namespace

struct StoreFile::Open {
  Open(const parallel::Communicator& comm, h5::File opened, const Provenance& provenance,
       const StoreSizes& sizes, std::uint64_t blocks)
      : file(std::move(opened)), out{file, comm, sums}, rows(sizes.rows.size()), structure_table(out, sizes),
        crystal_table(out, sizes), tables(feature_tables(out, provenance, sizes)), failure_table(out, sizes),
        block_table(out, provenance, blocks) {}

  h5::File file;
  BlockSums sums;
  FinalFile out;
  FinalAxis structures, sites, orbits, species, failures;
  std::vector<FinalAxis> rows;
  StructureTable structure_table;
  CrystalTable crystal_table;
  std::vector<FeatureTable> tables;
  FailureTable failure_table;
  BlockTable block_table;
};

StoreFile::StoreFile(const parallel::Communicator& comm, const std::filesystem::path& path,
                     const Provenance& provenance, const StoreSizes& sizes, std::uint64_t blocks)
    : comm_(comm), path_(path) {
  auto file = h5::File::create(path, collective_access(comm_));
  provenance.write(file);
  file.set_attribute("/", "complete", 0);
  open_ = std::make_unique<Open>(comm_, std::move(file), provenance, sizes, blocks);
}

StoreFile::~StoreFile() {
  if (open_ && comm_.size() > 1) {
    // Closing is collective, and the other ranks may be anywhere. HDF5 closes open files in MPI_Finalize.
    // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): without memory for this, ending is right
    static auto* const left_open = new std::vector<std::unique_ptr<Open>>;
    left_open->push_back(std::move(open_));
  }
}

void StoreFile::write(std::span<const FinishedStructure> structures,
                      const std::vector<std::uint64_t>& blocks) {
  auto& open = *open_;
  const auto sums = [&](const auto& count) { return sums_of(structures, blocks, count); };
  Window window;
  window.structures = structures;
  window.structure = open.structures.advance(comm_, blocks);
  window.site = open.sites.advance(comm_, sums([](const auto& s) { return s.record.crystal.sites.size(); }));
  window.orbit =
      open.orbits.advance(comm_, sums([](const auto& s) { return s.record.crystal.orbits.size(); }));
  window.species = open.species.advance(comm_, sums(species_in));
  for (std::size_t r = 0; r < open.rows.size(); ++r) {
    window.rows.push_back(open.rows[r].advance(
        comm_, sums([r](const auto& s) { return s.record.features.representations.at(r).orbit.size(); })));
  }
  open.sums.begin(blocks.size());
  open.structure_table.write(window);
  open.crystal_table.write(window);
  for (auto& table : open.tables) {
    table.write(window);
  }
  std::vector<const Piece*> pieces = {&window.structure, &window.site, &window.orbit, &window.species};
  for (const auto& rows : window.rows) {
    pieces.push_back(&rows);
  }
  open.block_table.write(open.out, pieces);
}

void StoreFile::write(std::span<const FailureRecord> failures) {
  open_->failure_table.write(open_->failures.advance(comm_, {failures.size()}), failures);
}

void StoreFile::close(const History& history) {
  write_history(open_->out, history);
  h5::File file = open_->file;
  file.set_attribute("/", "complete", 1);
  open_.reset();
  file.close();
  sync_on_all_nodes(comm_, path_);
}

} // namespace ionsift::store
