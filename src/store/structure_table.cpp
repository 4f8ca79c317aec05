#include "collect.hpp"
#include "layout.hpp"
#include "tables.hpp"

namespace ionsift::store {

namespace {

using Records = std::span<const StructureRecord>;

template <typename Get>
std::vector<std::string> texts(Records records, const Get& get) {
  return collect<std::string>(records, [&](const StructureRecord& record) { return get(record.crystal); });
}

} // namespace

StructureTable::StructureTable(h5::File& file)
    : id_(file, "structures/id", 16), source_(file, "structures/source", 64),
      block_(file, "structures/block", 16), sha256_(file, "structures/sha256", 64),
      formula_(file, "structures/formula", 32), warnings_(file, "structures/warnings", 64),
      oxidation_source_(file, "structures/oxidation_source", 8),
      orbit_source_(file, "structures/orbit_source", 16), index_(file, "structures/index"),
      sites_(file, "structures/sites"), rows_(file, "structures/rows"), ordered_(file, "structures/ordered"),
      intermetallic_(file, "structures/intermetallic"), residual_charge_(file, "structures/residual_charge") {
}

void StructureTable::append(const Axis& axis, Records records) {
  using crystal::Crystal;
  id_.append(axis, texts(records, [](const Crystal& c) { return c.id; }));
  source_.append(axis, texts(records, [](const Crystal& c) { return c.source; }));
  block_.append(axis, texts(records, [](const Crystal& c) { return c.block; }));
  sha256_.append(axis, texts(records, [](const Crystal& c) { return c.sha256; }));
  formula_.append(axis, texts(records, [](const Crystal& c) { return c.formula_unit().formula(); }));
  oxidation_source_.append(axis,
                           texts(records, [](const Crystal& c) { return name_of(c.oxidation_source); }));
  orbit_source_.append(axis, texts(records, [](const Crystal& c) { return name_of(c.orbit_source); }));
  warnings_.append(axis, collect<std::string>(records, [](const StructureRecord& r) {
                     return join_warnings(r.crystal.warnings, r.features.warnings);
                   }));

  index_.append(axis, collect<std::int64_t>(records, [](const auto& r) { return r.index; }));
  sites_.append(axis, collect<std::int64_t>(records, [](const auto& r) { return r.crystal.sites.size(); }));
  rows_.append(axis, collect<std::int64_t>(records, [](const auto& r) { return r.crystal.orbits.size(); }));
  ordered_.append(axis, collect<std::uint8_t>(records, [](const auto& r) { return r.crystal.is_ordered(); }));
  intermetallic_.append(
      axis, collect<std::uint8_t>(records, [](const auto& r) { return r.crystal.is_intermetallic(); }));
  residual_charge_.append(axis,
                          collect<double>(records, [](const auto& r) { return r.crystal.residual_charge; }));
}

} // namespace ionsift::store
