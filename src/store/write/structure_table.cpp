// SPDX-License-Identifier: BSD-3-Clause
#include "format/checksums.hpp"
#include "format/collect.hpp"
#include "format/layout.hpp"
#include "tables.hpp"

namespace ionsift::store {

StructureTable::StructureTable(FinalFile& out, const StoreSizes& sizes)
    : id_(out, "structures/id", sizes.structures, sizes.of(TextField::id)),
      source_(out, "structures/source", sizes.structures, sizes.of(TextField::source)),
      block_(out, "structures/block", sizes.structures, sizes.of(TextField::block)),
      sha256_(out, "structures/sha256", sizes.structures, sizes.of(TextField::sha256)),
      formula_(out, "structures/formula", sizes.structures, sizes.of(TextField::formula)),
      warnings_(out, "structures/warnings", sizes.structures, sizes.of(TextField::warnings)),
      oxidation_source_(out, "structures/oxidation_source", sizes.structures,
                        sizes.of(TextField::oxidation_source)),
      orbit_source_(out, "structures/orbit_source", sizes.structures, sizes.of(TextField::orbit_source)),
      index_(out, "structures/index", sizes.structures), sites_(out, "structures/sites", sizes.structures),
      rows_(out, "structures/rows", sizes.structures), ordered_(out, "structures/ordered", sizes.structures),
      intermetallic_(out, "structures/intermetallic", sizes.structures),
      residual_charge_(out, "structures/residual_charge", sizes.structures),
      entry_(out, "structures/entry", sizes.structures),
      checksum_(out, "structures/checksum", sizes.structures),
      origin_checksum_(out, "structures/origin_checksum", sizes.structures),
      release_(out, "structures/release", sizes.structures) {
}

void StructureTable::write(const Window& window) {
  const auto& piece = window.structure;
  const auto all = window.structures;
  const auto texts = [&](const auto& get) {
    return collect<std::string>(all, [&](const auto& s) { return get(s.record.crystal); });
  };
  id_.write(piece, texts([](const auto& c) { return c.id; }));
  source_.write(piece, texts([](const auto& c) { return c.source; }));
  block_.write(piece, texts([](const auto& c) { return c.block; }));
  sha256_.write(piece, texts([](const auto& c) { return c.sha256; }));
  oxidation_source_.write(piece, texts([](const auto& c) { return name_of(c.oxidation_source); }));
  orbit_source_.write(piece, texts([](const auto& c) { return name_of(c.orbit_source); }));
  formula_.write(piece, collect<std::string>(all, [](const auto& s) { return s.facts.formula; }));
  warnings_.write(piece, collect<std::string>(all, [](const auto& s) { return s.facts.warnings; }));

  index_.write(piece, collect<std::int64_t>(all, [](const auto& s) { return s.record.index; }));
  entry_.write(piece, collect<std::uint64_t>(all, [](const auto& s) { return s.record.entry; }));
  release_.write(piece, collect<std::int64_t>(all, [](const auto& s) { return s.record.release; }));
  residual_charge_.write(
      piece, collect<double>(all, [](const auto& s) { return s.record.crystal.residual_charge; }));
  sites_.write(piece, collect<std::int64_t>(all, [](const auto& s) { return s.facts.sites; }));
  rows_.write(piece, collect<std::int64_t>(all, [](const auto& s) { return s.facts.rows; }));
  ordered_.write(piece, collect<std::uint8_t>(all, [](const auto& s) { return s.facts.ordered; }));
  intermetallic_.write(piece,
                       collect<std::uint8_t>(all, [](const auto& s) { return s.facts.intermetallic; }));
  checksum_.write(piece, collect<std::uint64_t>(all, [](const auto& s) { return s.checksum; }));
  origin_checksum_.write(
      piece, collect<std::uint64_t>(all, [](const auto& s) { return origin_checksum(s.record); }));
}

} // namespace ionsift::store
