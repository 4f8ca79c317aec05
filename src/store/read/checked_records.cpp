// SPDX-License-Identifier: BSD-3-Clause
#include "checked_records.hpp"

#include "ionsift/base/error.hpp"

#include "format/checksums.hpp"
#include "format/layout.hpp"

namespace ionsift::store {

namespace {

/// The sums that are stored for a range of structures.
struct StoredSums {
  StoredSums(const Reader& reader, std::uint64_t first, std::uint64_t count)
      : content(reader.file().dataset("structures/checksum").read_rows<std::uint64_t>(first, count)),
        origin(reader.file().dataset("structures/origin_checksum").read_rows<std::uint64_t>(first, count)) {
    for (const auto representation : reader.provenance().representations) {
      const auto path = feature_path(representation, "checksum");
      features.push_back(reader.file().dataset(path).read_rows<std::uint64_t>(first, count));
    }
  }
  std::vector<std::uint64_t> content, origin;
  std::vector<std::vector<std::uint64_t>> features;
};

/// The file's data besides the record.
DerivedFacts stored_facts(const StructureFacts& facts, std::size_t i) {
  return {facts.formula[i], facts.warnings[i], facts.sites[i],
          facts.rows[i],    facts.ordered[i],  facts.intermetallic[i]};
}

void check(const Provenance& provenance, const StructureRecord& record, const DerivedFacts& facts,
           const StoredSums& sums, std::size_t i) {
  std::vector<std::uint64_t> features;
  for (std::size_t r = 0; r < provenance.representations.size(); ++r) {
    features.push_back(checksum_of(record.features.representations[r], provenance));
    require_sum(sums.features[r][i], features.back(), feature_path(provenance.representations[r], "rows"));
  }
  require_sum(sums.content[i], content_checksum(record, facts, features), "the structure");
  require_sum(sums.origin[i], origin_checksum(record), "its source, index, entry or release");
}

} // namespace

void require_sum(std::uint64_t stored, std::uint64_t computed, const std::string& what) {
  IONSIFT_VALIDATE(stored == computed, data, fmt::format("{} differs from its checksum", what),
                   fmt::format("{:016x} is stored, {:016x} computed", stored, computed),
                   "Featurizing into this store computes it again; or copy the store again.");
}

std::vector<CheckedRecord> read_checked(const Reader& reader, std::uint64_t first, std::uint64_t count) {
  auto records = reader.records(first, count);
  const auto facts = reader.facts(first, count);
  const StoredSums sums(reader, first, count);
  std::vector<CheckedRecord> checked(count);
  for (std::size_t i = 0; i < count; ++i) {
    try {
      check(reader.provenance(), records[i], stored_facts(facts, i), sums, i);
    } catch (const Error& error) {
      checked[i].damage = error.what();
    }
    checked[i].record = std::move(records[i]);
  }
  return checked;
}

void require_intact(const Reader& reader, std::uint64_t first, std::uint64_t count) {
  const auto refuse = [&](const std::string& what, const std::string& why) {
    throw Error(ErrorCode::data, fmt::format("{}: {} damaged", reader.path().string(), what), why,
                "See ionsift verify; featurizing the same inputs into this store computes it again.");
  };
  std::vector<CheckedRecord> checked;
  try {
    checked = read_checked(reader, first, count);
  } catch (const Error& error) {
    refuse(fmt::format("one of the structures {} to {} is", first, first + count - 1), error.what());
  }
  for (std::size_t i = 0; i < checked.size(); ++i) {
    if (!checked[i].damage.empty()) {
      refuse(fmt::format("structure {} (\"{}\") is", first + i, checked[i].record.crystal.id),
             checked[i].damage);
    }
  }
}

namespace {

template <typename Row>
void require_sums(const Reader& reader, const std::string& group, const std::vector<Row>& rows) {
  const auto sums = reader.file().dataset(group + "/checksum").read<std::uint64_t>();
  IONSIFT_VALIDATE(
      sums.size() == rows.size(), data, fmt::format("{}:{} is damaged", reader.path().string(), group),
      fmt::format("it has {} rows and {} checksums", rows.size(), sums.size()), "Make the store again.");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    require_sum(sums[i], checksum_of(rows[i]), fmt::format("{}:{}[{}]", reader.path().string(), group, i));
  }
}

} // namespace

std::vector<FailureRecord> failure_records(const Reader& reader) {
  const auto index = reader.file().dataset("failures/index").read<std::int64_t>();
  std::vector<FailureRecord> records;
  for (const auto& failure : reader.failures()) {
    records.push_back({static_cast<std::uint64_t>(index.at(records.size())), failure});
  }
  return records;
}

void require_lists_intact(const Reader& reader) {
  require_sums(reader, "failures", failure_records(reader));
  const auto history = reader.history();
  require_sums(reader, "releases", history.releases);
  require_sums(reader, "gone", history.gone);
}

} // namespace ionsift::store
