// SPDX-License-Identifier: BSD-3-Clause
// Every dataset of a store, altered in one place, is found damaged, and the structure is named.
#include "ionsift/base/file.hpp"
#include "ionsift/store/read/verify.hpp"

#include "error_of.hpp"
#include "records.hpp"
#include "support.hpp"

#include <fstream>

using namespace ionsift;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t structures = 40;

store::History example_history() {
  store::History history;
  history.releases = {{"2025-01", "2025-01-31T12:00:00Z", 30, 30, 0, 30, 0, 0, 0},
                      {"2025-02", "2025-02-28T12:00:00Z", 44, 40, 4, 10, 2, 28, 1}};
  history.gone = {{"old", "a/old.cif", "block", std::string(64, 'f'), 0}};
  return history;
}

fs::path write_store(const std::string& name) {
  const auto path = test::scratch(name) / "a.h5";
  if (test::world().is_root()) {
    store::Writer writer(parallel::Communicator::local(), path, test::example_provenance(), false);
    for (std::uint64_t batch = 0; batch < 4; ++batch) {
      std::vector<store::StructureRecord> records;
      for (std::uint64_t i = 0; i < structures / 4; ++i) {
        records.push_back(test::example_record(batch * structures / 4 + i));
        records.back().entry = 7 * i;
        records.back().release = static_cast<std::int64_t>(i % 2);
      }
      writer.append(std::move(records), {test::example_failure(batch)});
    }
    writer.close(example_history());
  }
  test::world().barrier();
  return path;
}

std::vector<std::string> all_datasets(const h5::File& file) {
  std::vector<std::string> paths;
  for (const auto& group : {"structures", "crystals", "failures", "releases", "gone", "features/CAMNS",
                            "features/CAN", "blocks"}) {
    for (const auto& name : file.list(group)) {
      paths.push_back(std::string(group) + "/" + name);
    }
  }
  return paths;
}

/// Changes the value in the middle; for texts the last letter.
void alter(h5::File& file, const std::string& path) {
  auto dataset = file.dataset(path);
  std::uint64_t row = dataset.rows() / 2;
  if (dataset.text_length() == 0) {
    const bool large = path.ends_with("checksum") || path.ends_with("entry");
    if (large) {
      auto values = dataset.read_rows<std::uint64_t>(row, 1);
      values.back() ^= 1;
      dataset.write_rows(row, values);
      return;
    }
    auto values = dataset.read_rows<double>(row, 1);
    values.back() = std::isnan(values.back()) ? 0 : values.back() == 1 ? 0 : values.back() + 1;
    dataset.write_rows(row, values);
    return;
  }
  auto text = dataset.read_text_rows(row, 1);
  while (text.front().empty() && row > 0) {
    text = dataset.read_text_rows(--row, 1);
  }
  text.front().back() = text.front().back() == 'x' ? 'y' : 'x';
  dataset.write_text_rows(row, text);
}

} // namespace

TEST_CASE("an untouched store has no damage, and its history is read back") {
  const auto path = write_store("verify_whole");
  const auto result = store::verify(test::world(), path);
  CHECK(result.damaged == 0);
  CHECK(result.structures == structures);
  CHECK(result.failures == 4);
  const auto history = store::Reader(path).history();
  REQUIRE(history.releases.size() == 2);
  CHECK(history.releases[1].name == "2025-02");
  CHECK(history.releases[1].unchanged == 28);
  REQUIRE(history.gone.size() == 1);
  CHECK(history.gone[0].sha256 == std::string(64, 'f'));
  test::world().barrier();
}

TEST_CASE("a single altered value is found anywhere") {
  const auto path = write_store("verify_altered");
  const std::string whole = read_file(path);
  std::vector<std::string> datasets;
  { datasets = all_datasets(h5::File::open(path)); }
  REQUIRE(datasets.size() > 60);
  test::world().barrier();
  for (const auto& dataset : datasets) {
    if (test::world().is_root()) {
      auto file = h5::File::open_writable(path);
      alter(file, dataset);
    }
    test::world().barrier();
    const auto result = store::verify(test::world(), path);
    INFO(dataset);
    CHECK(result.damaged > 0);
    // The row of the structure; a block may be empty, then the one before it was altered.
    if (test::world().is_root() && dataset.starts_with("structures/") && !dataset.ends_with("block")) {
      CHECK(result.damages.front().row == std::to_string(structures / 2));
    }
    test::world().barrier();
    if (test::world().is_root()) {
      std::ofstream(path, std::ios::binary) << whole;
    }
    test::world().barrier();
  }
  CHECK(store::verify(test::world(), path).damaged == 0);
  test::world().barrier();
}

TEST_CASE("only the damaged structure is named") {
  const auto path = write_store("verify_named");
  if (test::world().is_root()) {
    auto file = h5::File::open_writable(path);
    const auto offset = file.dataset("features/CAMNS/offset").read<std::int64_t>();
    auto v1 = file.dataset("features/CAMNS/V1");
    auto values = v1.read_rows<float>(static_cast<std::uint64_t>(offset[17]), 1);
    values[5] = std::nextafter(values[5], 10.0F); // one bit
    v1.write_rows(static_cast<std::uint64_t>(offset[17]), values);
  }
  test::world().barrier();
  const auto result = store::verify(test::world(), path);
  CHECK(result.damaged == 1);
  if (test::world().is_root()) {
    REQUIRE(result.damages.size() == 1);
    CHECK(result.damages[0].row == "17");
    CHECK(result.damages[0].id == "id-17");
    CHECK(result.damages[0].source == "archive.tar.gz/folder/17.cif");
    CHECK(result.damages[0].message.find("features/CAMNS") != std::string::npos);
  }
  test::world().barrier();
}

TEST_CASE("a truncated store, and a missing one") {
  const auto path = write_store("verify_cut");
  if (test::world().is_root()) {
    fs::resize_file(path, fs::file_size(path) / 2);
  }
  test::world().barrier();
  CHECK(store::verify(test::world(), path).damaged > 0);
  CHECK(test::error_of([&] { store::verify(test::world(), path.parent_path() / "b.h5"); }).code() ==
        ErrorCode::missing);
  test::world().barrier();
}

TEST_CASE("a store of schema 1 has no checksums to verify") {
  const auto path = write_store("verify_schema_1");
  if (test::world().is_root()) {
    auto provenance = store::Reader(path).provenance();
    provenance.schema = 1;
    auto file = h5::File::open_writable(path);
    provenance.write(file);
  }
  test::world().barrier();
  CHECK(test::error_of([&] { store::verify(test::world(), path); }).code() == ErrorCode::conflict);
  const store::Reader reader(path); // its features are read as before
  CHECK(reader.facts(0, 2).checksum == std::vector<std::uint64_t>{0, 0});
  CHECK(reader.features(crystal::Representation::CAN, 1, 0, structures).values.rows() > 0);
  CHECK(reader.history().releases.empty());
  test::world().barrier();
}
