#include "checksums.hpp"
#include "collect.hpp"
#include "layout.hpp"
#include "tables.hpp"

#include <utility>

namespace ionsift::store {

StructureTable::StructureTable(h5::File& file, Provenance provenance)
    : provenance_(std::move(provenance)), id_(file, "structures/id", 16),
      source_(file, "structures/source", 64), block_(file, "structures/block", 16),
      sha256_(file, "structures/sha256", 64), formula_(file, "structures/formula", 32),
      warnings_(file, "structures/warnings", 64), oxidation_source_(file, "structures/oxidation_source", 8),
      orbit_source_(file, "structures/orbit_source", 16), index_(file, "structures/index"),
      sites_(file, "structures/sites"), rows_(file, "structures/rows"), ordered_(file, "structures/ordered"),
      intermetallic_(file, "structures/intermetallic"), residual_charge_(file, "structures/residual_charge"),
      entry_(file, "structures/entry"), checksum_(file, "structures/checksum"),
      origin_checksum_(file, "structures/origin_checksum"), release_(file, "structures/release") {
}

void StructureTable::append(const Axis& axis, std::span<const StructureRecord> records) {
  const auto texts = [&](const auto& get) {
    return collect<std::string>(records, [&](const auto& record) { return get(record.crystal); });
  };
  id_.append(axis, texts([](const auto& c) { return c.id; }));
  source_.append(axis, texts([](const auto& c) { return c.source; }));
  block_.append(axis, texts([](const auto& c) { return c.block; }));
  sha256_.append(axis, texts([](const auto& c) { return c.sha256; }));
  oxidation_source_.append(axis, texts([](const auto& c) { return name_of(c.oxidation_source); }));
  orbit_source_.append(axis, texts([](const auto& c) { return name_of(c.orbit_source); }));
  index_.append(axis, collect<std::int64_t>(records, [](const auto& r) { return r.index; }));
  entry_.append(axis, collect<std::uint64_t>(records, [](const auto& r) { return r.entry; }));
  release_.append(axis, collect<std::int64_t>(records, [](const auto& r) { return r.release; }));
  residual_charge_.append(axis,
                          collect<double>(records, [](const auto& r) { return r.crystal.residual_charge; }));

  const auto derived = collect<DerivedFacts>(records, derive);
  const std::span<const DerivedFacts> facts(derived);
  formula_.append(axis, collect<std::string>(facts, [](const auto& f) { return f.formula; }));
  warnings_.append(axis, collect<std::string>(facts, [](const auto& f) { return f.warnings; }));
  sites_.append(axis, collect<std::int64_t>(facts, [](const auto& f) { return f.sites; }));
  rows_.append(axis, collect<std::int64_t>(facts, [](const auto& f) { return f.rows; }));
  ordered_.append(axis, collect<std::uint8_t>(facts, [](const auto& f) { return f.ordered; }));
  intermetallic_.append(axis, collect<std::uint8_t>(facts, [](const auto& f) { return f.intermetallic; }));

  std::vector<std::uint64_t> checksums;
  for (std::size_t i = 0; i < records.size(); ++i) {
    checksums.push_back(content_checksum(records[i], facts[i], provenance_));
  }
  checksum_.append(axis, checksums);
  origin_checksum_.append(axis, collect<std::uint64_t>(records, origin_checksum));
}

} // namespace ionsift::store
