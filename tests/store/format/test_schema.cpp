// SPDX-License-Identifier: BSD-3-Clause
// Which stores are compatible, and which are refused.
#include "ionsift/base/hdf5.hpp"

#include "error_of.hpp"
#include "format/layout.hpp"
#include "records.hpp"
#include "support.hpp"

using namespace ionsift;
using store::Provenance;

namespace {

Error mismatch(const Provenance& mine, const Provenance& needed) {
  return test::error_of([&] { mine.require_compatible(needed, "candidates.h5", "the ensemble"); });
}

std::filesystem::path write_store(const std::string& name) {
  const auto path = test::scratch(name) / "a.h5";
  store::Writer writer(parallel::Communicator::local(), path, test::example_provenance(), false);
  writer.append({test::example_record(4), test::example_record(2)}, {});
  writer.close();
  return path;
}

} // namespace

TEST_CASE("a provenance is read as it was written") {
  const auto path = test::scratch("schema_round_trip") / "a.h5";
  const auto provenance = test::example_provenance();
  {
    auto file = h5::File::create(path);
    provenance.write(file);
  }
  const auto read = Provenance::read(h5::File::open(path));
  CHECK(read.schema == store::schema_version);
  CHECK(read.program_version == provenance.program_version);
  CHECK(read.parent_name == provenance.parent_name);
  CHECK(read.parent_sha256 == provenance.parent_sha256);
  CHECK(read.converter == provenance.converter);
  CHECK(read.representations == provenance.representations);
  CHECK(read.levels == provenance.levels);
  CHECK(read.prediction);
  CHECK_NOTHROW(read.require_compatible(provenance, "a", "b"));
}

TEST_CASE("stores made with different options are incompatible, and the message names both values") {
  const auto needed = test::example_provenance();
  auto mine = needed;
  mine.parent_sha256 = std::string(64, 'b');
  mine.parent_name = "Band gap";
  CHECK(mismatch(mine, needed).code() == ErrorCode::conflict);
  CHECK(mismatch(mine, needed).why() == "parent network: \"Band gap\" (bbbbbbbbbbbb) in the one, \"Formation "
                                        "energy\" (aaaaaaaaaaaa) in the other");
  mine = needed;
  mine.converter.cutoff = 4;
  CHECK(mismatch(mine, needed).why() == "cutoff: 4 A in the one, 5 A in the other");
  mine = needed;
  mine.converter.centres.back() = 5;
  CHECK(mismatch(mine, needed).why() == "centres: 3 on [0, 5] A in the one, 3 on [0, 6] A in the other");
  mine = needed;
  mine.converter.width = 0.4;
  CHECK(mismatch(mine, needed).why() == "width: 0.4 A in the one, 0.5 A in the other");
  mine = needed;
  mine.representations = {crystal::Representation::CAN};
  CHECK(mismatch(mine, needed).why() == "representation CAMNS is needed, and it has CAN");
  mine = needed;
  mine.levels = {true, false, true, true};
  CHECK(mismatch(mine, needed).why() == "level V1 is needed, and it has V0,V2,V3");
}

TEST_CASE("a store with more than is needed is compatible") {
  auto mine = test::example_provenance();
  auto needed = mine;
  needed.representations.pop_back();
  needed.levels = {false, true, false, false};
  needed.converter.cutoff += 1e-9; // as rounding may give
  needed.prediction = false;
  needed.schema = 1; // the file layout does not matter to the features
  CHECK_NOTHROW(mine.require_compatible(needed, "a", "b"));
}

TEST_CASE("files that are not complete stores of a known schema are refused with a reason") {
  const auto path = write_store("schema_refused");
  CHECK(store::Reader(path).size() == 2);
  const auto refused = [&](const auto& spoil) {
    {
      auto file = h5::File::open_writable(path);
      spoil(file);
    }
    return test::error_of([&] { const store::Reader reader(path); });
  };
  const auto incomplete = refused([](h5::File& file) { file.set_attribute("/", "complete", 0); });
  CHECK(incomplete.code() == ErrorCode::format);
  CHECK(incomplete.problem().find("is not complete") != std::string::npos);
  const auto schema = refused([](h5::File& file) { file.set_attribute("/", "schema", 4); });
  CHECK(schema.code() == ErrorCode::conflict);
  CHECK(schema.why() == "it has schema 4, and this program knows schemas 1 to 3");
  const auto format = refused([](h5::File& file) { file.set_attribute("/", "format", "other"); });
  CHECK(format.code() == ErrorCode::format);
  CHECK(test::error_of([&] { const store::Reader reader(path.parent_path() / "b.h5"); }).code() ==
        ErrorCode::missing);
}

TEST_CASE("representations, levels and rows that a store lacks are named") {
  const store::Reader reader(write_store("schema_lacks"));
  using crystal::Representation;
  const auto representation = test::error_of([&] { reader.features(Representation::CAMN, 1, 0, 1); });
  CHECK(representation.code() == ErrorCode::missing);
  CHECK(representation.why() == "it has CAMNS, CAN");
  CHECK(test::error_of([&] { reader.features(Representation::CAN, 2, 0, 1); }).code() == ErrorCode::missing);
  CHECK(test::error_of([&] { reader.features(Representation::CAN, 1, 1, 2); }).code() == ErrorCode::data);
  CHECK(test::error_of([&] { reader.facts(3, 0); }).code() == ErrorCode::data);
  CHECK(reader.ids(0, 2) == std::vector<std::string>{"id-2", "id-4"});
  CHECK(reader.features(Representation::CAN, 1, 2, 0).values.rows() == 0);
}

TEST_CASE("long messages end in dots, between characters") {
  CHECK(store::shorten("short", 5) == "short");
  CHECK(store::shorten("longer", 5) == "lo...");
  CHECK(store::shorten("Å Å Å", 6) == "Å ...");
  CHECK(store::shorten("ÅÅÅÅ", 6) == "Å...");
}

TEST_CASE("warnings are joined and split again") {
  const auto joined = store::join_warnings({"a: one; two", "b: three"}, {"c: four"});
  CHECK(joined == "a: one, two; b: three; c: four");
  CHECK(store::split_warnings(joined) == std::vector<std::string>{"a: one, two", "b: three", "c: four"});
  CHECK(store::split_warnings("").empty());
  const auto many = store::join_warnings(std::vector<std::string>(100, std::string(100, 'w')), {});
  CHECK(many.size() == store::longest_message);
  CHECK(many.ends_with("..."));
}
