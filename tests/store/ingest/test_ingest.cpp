// SPDX-License-Identifier: BSD-3-Clause
// From files to a store, on any number of ranks.
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/store/ingest/ingest.hpp"

#include "error_of.hpp"
#include "records.hpp"
#include "support.hpp"

#include <algorithm>
#include <fstream>

using namespace ionsift;
namespace fs = std::filesystem;

namespace {

constexpr auto rock_salt = R"(
data_NaCl
_cell_length_a 5.69
_cell_length_b 5.69
_cell_length_c 5.69
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
loop_
_symmetry_equiv_pos_as_xyz
'x,y,z'
'x+1/2,y+1/2,z'
'x+1/2,y,z+1/2'
'x,y+1/2,z+1/2'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Na1 Na 0 0 0
Cl1 Cl 0.5 0.5 0.5
)";

void put(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// Good files, one with two blocks, one that is not a CIF, and one with a duplicate id.
fs::path make_inputs(const std::string& name) {
  const auto folder = test::scratch(name);
  if (test::world().is_root()) {
    const std::string text(rock_salt);
    std::string twice = text + text;
    twice.replace(twice.rfind("data_NaCl"), 9, "data_other");
    std::string unknown = text;
    unknown.replace(unknown.rfind("Na1 Na"), 6, "Qq1 Qq");
    put(folder / "in" / "a" / "salt.cif", text);
    put(folder / "in" / "a" / "twice.cif", twice);
    put(folder / "in" / "b" / "broken.cif", "data_broken\nloop_\n_atom_site_label\n'unterminated\n");
    put(folder / "in" / "b" / "salt.cif", text);
    put(folder / "in" / "b" / "unknown.cif", unknown);
    put(folder / "in" / "README.md", "not a structure");
  }
  test::world().barrier();
  return folder;
}

store::IngestOptions example_options(const fs::path& folder) {
  store::IngestOptions options;
  options.inputs = {folder / "in"};
  options.parent = test::data() / "models" / "formation_energy-mp-2019.4.1.hdf5";
  options.featurizer.representations = {crystal::Representation::CAMNS, crystal::Representation::CAN};
  options.featurizer.request.levels = {true, true, false, false};
  options.batch_entries = 4; // saved in several pieces
  return options;
}

/// Copies every 27th of the measured structures.
void add_measured(const fs::path& folder) {
  if (test::world().is_root()) {
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator(test::data() / "data" / "obelix" / "cifs")) {
      files.push_back(file.path());
    }
    std::sort(files.begin(), files.end());
    for (std::size_t i = 0; i < files.size(); i += 27) {
      fs::copy_file(files[i], folder / "in" / files[i].filename());
    }
  }
  test::world().barrier();
}

} // namespace

TEST_CASE("any number of ranks writes the same store", "[data]") {
  const auto folder = make_inputs("ingest_same");
  add_measured(folder);
  auto options = example_options(folder);
  options.store = folder / "together.h5";
  PhaseTimes phases;
  const auto summary = store::ingest(test::world(), options, phases);
  CHECK(summary.entries == 5 + 12);
  CHECK(summary.structures == 4 + 12);
  CHECK(summary.failures == 2);
  CHECK(summary.duplicate_ids == 1);
  CHECK(summary.edges > 0);
  for (const auto* phase : {"reading", "waiting", "writing"}) {
    CHECK(phases.all().count(phase) == 1);
  }
  if (test::world().is_root()) {
    options.store = folder / "alone.h5";
    PhaseTimes alone_phases;
    const auto alone = store::ingest(parallel::Communicator::local(), options, alone_phases);
    CHECK(alone.sites == summary.sites);
    CHECK(alone.rows == summary.rows);
    CHECK(alone.edges == summary.edges);
    CHECK(alone.failures_by_code == summary.failures_by_code);
    CHECK(alone.warnings_by_code == summary.warnings_by_code);
    const store::Reader together(folder / "together.h5");
    CHECK(together.size() == summary.structures);
    test::require_same(together, store::Reader(folder / "alone.h5"));
    CHECK(read_file(folder / "together.failures.csv") == read_file(folder / "alone.failures.csv"));
  }
  test::world().barrier();
}

TEST_CASE("failures are listed, structures are stored", "[data]") {
  const auto folder = make_inputs("ingest_failures");
  auto options = example_options(folder);
  options.store = folder / "a.h5";
  PhaseTimes phases;
  const auto summary = store::ingest(test::world(), options, phases);
  CHECK(summary.structures == 4);
  const store::Reader reader(options.store);
  // Entries of a file with several blocks are named after the blocks.
  CHECK(reader.ids(0, 4) == std::vector<std::string>{"salt", "NaCl", "other", "salt"});
  const auto facts = reader.facts(0, 4);
  CHECK(facts.formula == std::vector<std::string>(4, "NaCl"));
  CHECK(facts.sites == std::vector<std::int64_t>(4, 8));
  CHECK(facts.rows == std::vector<std::int64_t>(4, 2));
  const auto rows = reader.features(crystal::Representation::CAMNS, 1, 0, 1);
  CHECK(rows.values.rows() == 2);
  CHECK(rows.multiplicity == std::vector<float>{4, 4});
  CHECK(reader.provenance().representations == options.featurizer.representations);

  const auto list = CsvTable::read(store::failure_list_of(options.store));
  CHECK(list.header() == std::vector<std::string>{"source", "block", "line", "code", "message"});
  REQUIRE(list.size() == 2);
  CHECK(fs::path(list.cell(0, 0)).filename() == "broken.cif");
  CHECK(fs::path(list.cell(1, 0)).filename() == "unknown.cif");
  test::world().barrier();
}

TEST_CASE("a failed structure can be read again by its source and block", "[data]") {
  const auto folder = make_inputs("ingest_retry");
  auto options = example_options(folder);
  options.store = folder / "all.h5";
  options.read.max_sites = 7;
  PhaseTimes phases;
  const auto summary = store::ingest(test::world(), options, phases);
  CHECK(summary.structures == 0);
  CHECK(summary.failures_by_code ==
        std::map<std::string, std::uint64_t>{{"data", 1}, {"format", 1}, {"limit", 4}});
  const auto list = CsvTable::read(store::failure_list_of(options.store));
  REQUIRE(list.size() == 6);
  options.read.max_sites = 8;
  for (std::size_t row = 0; row < list.size(); ++row) {
    const auto cell = [&](const char* name) { return list.cell(row, list.column(name)); };
    CAPTURE(cell("source"), cell("block"));
    // The sources in a folder begin with its name.
    options.inputs = {folder / (cell("source") + (cell("block").empty() ? "" : "#" + cell("block")))};
    options.store = folder / fmt::format("again-{}.h5", row);
    const auto again = store::ingest(test::world(), options, phases);
    CHECK(again.structures == (cell("code") == "limit" ? 1 : 0));
    CHECK(again.failures == 1 - again.structures);
    if (again.failures == 1) {
      CHECK(CsvTable::read(store::failure_list_of(options.store)).cell(0, list.column("message")) ==
            cell("message"));
    }
  }
  test::world().barrier();
}

TEST_CASE("a structure that takes too long is a failure of code limit", "[data]") {
  const auto folder = make_inputs("ingest_seconds");
  auto options = example_options(folder);
  options.store = folder / "a.h5";
  options.featurizer.max_seconds = 1e-9;
  PhaseTimes phases;
  const auto summary = store::ingest(test::world(), options, phases);
  CHECK(summary.structures == 0);
  CHECK(summary.failures_by_code ==
        std::map<std::string, std::uint64_t>{{"data", 1}, {"format", 1}, {"limit", 4}});
  test::world().barrier();
}

TEST_CASE("ids come from the requested column", "[data]") {
  const auto folder = test::scratch("ingest_columns");
  if (test::world().is_root()) {
    put(folder / "in.csv", fmt::format("name,odd,text\nfirst,7,\"{0}\"\nsecond,8,\"{0}\"\n", rock_salt));
  }
  test::world().barrier();
  auto options = example_options(folder);
  options.inputs = {folder / "in.csv"};
  options.store = folder / "a.h5";
  options.source = {.id_column = "odd", .structure_column = "text"};
  PhaseTimes phases;
  CHECK(store::ingest(test::world(), options, phases).structures == 2);
  CHECK(store::Reader(options.store).ids(0, 2) == std::vector<std::string>{"7", "8"});
  test::world().barrier();
}

TEST_CASE("features in a store agree with an independent implementation", "[data]") {
  const auto folder = test::scratch("ingest_reference");
  auto options = example_options(folder);
  options.inputs = {test::data() / "reference" / "cifs"};
  options.store = folder / "a.h5";
  options.featurizer.representations.assign(crystal::all_representations.begin(),
                                            crystal::all_representations.end());
  options.featurizer.request.levels = {true, true, true, true};
  PhaseTimes phases;
  store::ingest(test::world(), options, phases);
  const store::Reader reader(options.store);
  const auto reference = h5::File::open(test::data() / "reference" / "features.h5");
  const auto ids = reader.ids(0, reader.size());
  REQUIRE(ids == reference.list());
  for (const auto representation : crystal::all_representations) {
    for (int level = 0; level < 4; ++level) {
      for (std::uint64_t i = 0; i < ids.size(); ++i) {
        const auto rows = reader.features(representation, level, i, 1);
        const auto expected =
            reference.dataset(fmt::format("{}/{}/V{}_mean", ids[i], crystal::name_of(representation), level))
                .read<double>();
        const Eigen::Map<const Eigen::VectorXf> weight(rows.multiplicity.data(), rows.values.rows());
        const Eigen::VectorXd mean =
            (rows.values.transpose().cast<double>() * weight.cast<double>()) / weight.cast<double>().sum();
        const Eigen::Map<const Eigen::VectorXd> mean_expected(expected.data(), mean.size());
        INFO(ids[i] << " " << crystal::name_of(representation) << " V" << level);
        REQUIRE((mean - mean_expected).cwiseAbs().maxCoeff() < 2e-5);
      }
    }
  }
  test::world().barrier();
}

TEST_CASE("an empty list of failures has a header", "[data]") {
  const auto folder = test::scratch("ingest_none");
  if (test::world().is_root()) {
    fs::create_directories(folder / "in");
  }
  test::world().barrier();
  auto options = example_options(folder);
  options.store = folder / "a.h5";
  PhaseTimes phases;
  const auto summary = store::ingest(test::world(), options, phases);
  CHECK(summary.structures == 0);
  CHECK(store::Reader(options.store).size() == 0);
  CHECK(CsvTable::read(store::failure_list_of(options.store)).size() == 0);
  CHECK(store::ingest(test::world(), options, phases).release.unchanged == 0); // brought up to date
  options.parent = folder / "no_such_network.hdf5";
  CHECK(test::error_of([&] { store::ingest(test::world(), options, phases); }).code() == ErrorCode::missing);
  test::world().barrier();
}
