// SPDX-License-Identifier: BSD-3-Clause
// Several ranks together write the same store as one process.
#include "ionsift/base/sha256.hpp"
#include "ionsift/store/read/verify.hpp"

#include "error_of.hpp"
#include "records.hpp"
#include "support.hpp"

#include <algorithm>
#include <numeric>

using namespace ionsift;
using parallel::Communicator;

namespace {

/// One batch: which indices are structures and which failures.
struct Plan {
  std::vector<std::uint64_t> structures;
  std::vector<std::uint64_t> failures;
};

/// Indices from `first` on, every eleventh a failure.
Plan plan(std::uint64_t first, std::uint64_t count) {
  Plan batch;
  for (std::uint64_t index = first; index < first + count; ++index) {
    (index % 11 == 10 ? batch.failures : batch.structures).push_back(index);
  }
  return batch;
}

/// Hands every index to a random rank, and in random order; the same draw on all ranks.
std::vector<std::uint64_t> share(std::vector<std::uint64_t> indices, const Communicator& comm,
                                 RandomStream& random) {
  random.shuffle(indices);
  std::vector<std::uint64_t> mine;
  for (const auto index : indices) {
    if (random.below(static_cast<std::uint64_t>(comm.size())) == static_cast<std::uint64_t>(comm.rank())) {
      mine.push_back(index);
    }
  }
  return mine;
}

/// @param seed of the draw that gives the records to ranks
template <typename Adapt>
void write(const Communicator& comm, const std::filesystem::path& path, const std::vector<Plan>& plans,
           const Adapt& adapt, std::uint64_t seed = 3) {
  RandomStream random(seed);
  store::Writer writer(comm, path, test::example_provenance(), false);
  for (const auto& batch : plans) {
    std::vector<store::StructureRecord> structures;
    for (const auto index : share(batch.structures, comm, random)) {
      structures.push_back(test::example_record(index));
      adapt(structures.back());
    }
    std::vector<store::FailureRecord> failures;
    for (const auto index : share(batch.failures, comm, random)) {
      failures.push_back(test::example_failure(index));
    }
    writer.append(std::move(structures), std::move(failures));
  }
  writer.close();
}

/// Writes with all ranks, twice with different shares, and on rank 0 alone; compares bytes and content.
template <typename Adapt>
void compare(const std::string& name, const std::vector<Plan>& plans, const Adapt& adapt) {
  const auto folder = test::scratch(name);
  write(test::world(), folder / "together.h5", plans, adapt);
  write(test::world(), folder / "again.h5", plans, adapt, 4);
  if (test::world().is_root()) {
    write(Communicator::local(), folder / "alone.h5", plans, adapt);
    test::require_same(store::Reader(folder / "together.h5"), store::Reader(folder / "alone.h5"));
    REQUIRE(sha256_of_file(folder / "together.h5") == sha256_of_file(folder / "again.h5"));
    REQUIRE_FALSE(std::filesystem::exists(folder / "together.h5.partial"));
  }
  test::world().barrier();
}

void unchanged(store::StructureRecord&) {
}

} // namespace

TEST_CASE("several batches, the last one small") {
  compare("writer_batches", {plan(0, 200), plan(200, 300), plan(1000, 2)}, unchanged);
}

TEST_CASE("fewer structures than ranks, and empty batches") {
  compare("writer_few", {plan(0, 1), plan(1, 0), plan(5, 2), plan(9, 2), plan(20, 0)}, unchanged);
}

TEST_CASE("an empty store") {
  compare("writer_nothing", {}, unchanged);
  compare("writer_nothing_thrice", {plan(0, 0), plan(0, 0), plan(0, 0)}, unchanged);
}

TEST_CASE("more rows than a chunk holds") {
  compare("writer_many", {plan(0, 3000), plan(3000, 4000)}, unchanged);
}

TEST_CASE("texts longer than before are stored completely") {
  compare("writer_long_texts", {plan(0, 5), plan(5, 10), plan(15, 40), plan(55, 5)},
          [](store::StructureRecord& r) {
            r.crystal.id += std::string(r.index * r.index / 2, 'i');
            r.crystal.source += std::string(20 * r.index, 's');
            r.crystal.orbits[0].label += std::string(r.index, 'l');
          });
}

TEST_CASE("one long name does not widen a column, and is stored completely") {
  const auto path = test::scratch("writer_one_long") / "a.h5";
  const std::string name(3000, 'n'), label(500, 'l');
  write(test::world(), path, {plan(0, 400)}, [&](store::StructureRecord& r) {
    if (r.index == 123) {
      r.crystal.id = name;
      r.crystal.orbits[0].label = label;
    }
  });
  const store::Reader reader(path);
  const auto file = h5::File::open(path);
  CHECK(file.dataset("structures/id").text_length() <= 64);
  CHECK(file.dataset("crystals/label").text_length() <= 64);
  const auto ids = reader.ids(0, reader.size());
  CHECK(std::ranges::count(ids, name) == 1);
  const auto place = static_cast<std::uint64_t>(std::ranges::find(ids, name) - ids.begin());
  CHECK(reader.crystals(place, 1)[0].orbits[0].label == label);
  CHECK(reader.crystals(place + 1, 1)[0].orbits[0].label == "Li0");
  CHECK(file.dataset("structures/id").read_text_rows(place, 1)[0].ends_with("..."));
  CHECK(store::verify(test::world(), path).damaged == 0);
  test::world().barrier();
}

TEST_CASE("structures are read back as they were written") {
  const auto path = test::scratch("writer_read_back") / "a.h5";
  write(test::world(), path, {plan(0, 60), plan(60, 40)}, unchanged);
  const store::Reader reader(path); // every rank reads on its own
  const auto kept = plan(0, 100);
  REQUIRE(reader.size() == kept.structures.size());
  const std::uint64_t first = 37;
  const std::uint64_t count = 20;
  const auto crystals = reader.crystals(first, count);
  const auto facts = reader.facts(first, count);
  const auto predictions = reader.predictions(crystal::Representation::CAN, first, count);
  const auto rows = reader.features(crystal::Representation::CAN, 3, first, count);
  REQUIRE(rows.first.size() == count + 1);
  REQUIRE(rows.first.back() == rows.multiplicity.size());
  for (std::size_t i = 0; i < count; ++i) {
    auto record = test::example_record(kept.structures[first + i]);
    const auto& features = record.features.representations[1];
    REQUIRE(facts.sites[i] == static_cast<std::int64_t>(record.crystal.sites.size()));
    REQUIRE(facts.rows[i] == static_cast<std::int64_t>(record.crystal.orbits.size()));
    REQUIRE((facts.intermetallic[i] != 0) == record.crystal.is_intermetallic());
    REQUIRE(facts.ordered[i] == 0);
    REQUIRE(rows.first[i + 1] - rows.first[i] == features.orbit.size());
    for (std::size_t row = 0; row < features.orbit.size(); ++row) {
      REQUIRE(rows.multiplicity[rows.first[i] + row] == static_cast<float>(features.multiplicity[row]));
      REQUIRE(rows.values.row(static_cast<Eigen::Index>(rows.first[i] + row)) ==
              features.levels[3].row(static_cast<Eigen::Index>(row)));
    }
    REQUIRE(std::isnan(predictions[i]) == !features.prediction.has_value());
    REQUIRE((std::isnan(predictions[i]) || predictions[i] == features.prediction));
    record.crystal.warnings.insert(record.crystal.warnings.end(), record.features.warnings.begin(),
                                   record.features.warnings.end());
    test::require_same(crystals[i], record.crystal);
  }
  const auto failures = reader.failures();
  REQUIRE(failures.size() == kept.failures.size());
  for (std::size_t i = 0; i < failures.size(); ++i) {
    const auto expected = test::example_failure(kept.failures[i]).failure;
    REQUIRE(failures[i].source == expected.source);
    REQUIRE(failures[i].code == expected.code);
    REQUIRE(failures[i].message == expected.message);
    REQUIRE(failures[i].line == expected.line);
  }
  test::world().barrier();
}

TEST_CASE("a record that one rank cannot store is refused by all") {
  const auto path = test::scratch("writer_refused") / "a.h5";
  store::Writer writer(test::world(), path, test::example_provenance(), false);
  const bool last = test::world().rank() == test::world().size() - 1;
  const auto append = [&](const auto& spoil) {
    auto record = test::example_record(static_cast<std::uint64_t>(test::world().rank()));
    if (last) {
      spoil(record);
    }
    return test::error_of([&] { writer.append({record}, {}); });
  };
  const auto too_long = append([](auto& record) { record.crystal.id = std::string(5000, 'x'); });
  CHECK(too_long.code() == ErrorCode::limit);
  const auto zero = append([](auto& record) { record.crystal.block = std::string("a\0b", 3); });
  CHECK(zero.code() == ErrorCode::data);
  const auto shape = append([](auto& record) { record.features.representations[0].levels[3].resize(0, 32); });
  CHECK(shape.code() == ErrorCode::internal);
  const auto orbit = append([](auto& record) { record.features.representations[0].orbit[0] = 99; });
  CHECK(orbit.code() == ErrorCode::internal);
  // A refused batch leaves no data behind.
  writer.append({test::example_record(static_cast<std::uint64_t>(test::world().rank()))}, {});
  writer.close();
  CHECK(writer.structures() == static_cast<std::uint64_t>(test::world().size()));
  CHECK(store::Reader(path).size() == writer.structures());
  test::world().barrier();
}

TEST_CASE("an index that occurs twice is refused by all") {
  const auto path = test::scratch("writer_twice") / "a.h5";
  store::Writer writer(test::world(), path, test::example_provenance(), false);
  writer.append({test::example_record(0)}, {});
  if (test::world().size() == 1) {
    writer.append({test::example_record(0)}, {});
  }
  CHECK(test::error_of([&] { writer.close(); }).code() == ErrorCode::internal);
  CHECK_FALSE(std::filesystem::exists(path));
  test::world().barrier();
}

TEST_CASE("an existing store is replaced only on request") {
  const auto path = test::scratch("writer_overwrite") / "new" / "folder" / "a.h5";
  write(test::world(), path, {plan(0, 3)}, unchanged);
  test::world().barrier();
  const auto error = test::error_of(
      [&] { const store::Writer writer(test::world(), path, test::example_provenance(), false); });
  CHECK(error.code() == ErrorCode::conflict);
  test::world().barrier();
  store::Writer writer(test::world(), path, test::example_provenance(), true);
  writer.close();
  CHECK(store::Reader(path).size() == 0);
  test::world().barrier();
}

TEST_CASE("a store that was not closed is missing") {
  const auto path = test::scratch("writer_unfinished") / "a.h5";
  {
    store::Writer writer(test::world(), path, test::example_provenance(), false);
    for (std::uint64_t i = 0; i < 300; ++i) { // more than is kept in memory
      writer.append({test::example_record(i), test::example_record(1000 + i), test::example_record(2000 + i)},
                    {});
    }
  }
  const auto error = test::error_of([&] { const store::Reader reader(path); });
  CHECK(error.code() == ErrorCode::missing);
  CHECK(error.why().find("a.h5.partial.d was not finished") != std::string::npos);
  test::world().barrier();
}
