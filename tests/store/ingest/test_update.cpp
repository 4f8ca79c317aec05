// SPDX-License-Identifier: BSD-3-Clause
// An updated store equals the one that the new inputs alone would give.
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/store/ingest/ingest.hpp"
#include "ionsift/store/read/verify.hpp"

#include "error_of.hpp"
#include "records.hpp"
#include "support.hpp"

#include <algorithm>
#include <bit>
#include <fstream>
#include <set>

using namespace ionsift;
namespace fs = std::filesystem;

namespace {

store::IngestOptions example_options(const fs::path& folder, const std::string& store) {
  store::IngestOptions options;
  options.inputs = {folder / "in"};
  options.store = folder / store;
  options.parent = test::data() / "models" / "formation_energy-mp-2019.4.1.hdf5";
  options.featurizer.representations = {crystal::Representation::CAMNS, crystal::Representation::CAN};
  options.featurizer.request.levels = {true, true, false, false};
  options.featurizer.request.prediction = true;
  options.batch_entries = 6; // saved in several pieces
  return options;
}

store::IngestSummary ingest(const store::IngestOptions& options) {
  PhaseTimes phases;
  return store::ingest(test::world(), options, phases);
}

/// Every 20th of the measured structures, a file with two blocks and one that cannot be read.
fs::path make_inputs(const std::string& name) {
  const auto folder = test::scratch(name);
  if (test::world().is_root()) {
    fs::create_directories(folder / "in" / "more");
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator(test::data() / "data" / "obelix" / "cifs")) {
      files.push_back(file.path());
    }
    std::sort(files.begin(), files.end());
    for (std::size_t i = 0; i < files.size(); i += 20) {
      fs::copy_file(files[i], folder / "in" / fmt::format("{:02}.cif", i / 20));
    }
    const auto two = read_file(files[1]) + "\n" + read_file(files[3]);
    std::ofstream(folder / "in" / "two.cif") << two;
    std::ofstream(folder / "in" / "broken.cif") << "data_broken\nloop_\n_atom_site_label\n'unterminated\n";
  }
  test::world().barrier();
  return folder;
}

/// A new release: one file changed, one removed, one new, one moved.
void change_inputs(const fs::path& folder) {
  if (test::world().is_root()) {
    const auto in = folder / "in";
    auto text = read_file(in / "03.cif");
    // Its last digit: a cell that its operators contradict would be a failure.
    const auto place = text.find_first_of("0123456789", text.find("_cell_length_a"));
    const auto digit = text.find_first_not_of("0123456789.", place) - 1;
    text[digit] = text[digit] == '9' ? '8' : static_cast<char>(text[digit] + 1);
    std::ofstream(in / "03.cif") << text;
    fs::remove(in / "05.cif");
    fs::copy_file(in / "07.cif", in / "new.cif");
    fs::rename(in / "09.cif", in / "more" / "09.cif");
  }
  test::world().barrier();
}

/// Whether two stores have the same datasets, apart from their history.
void require_same_datasets(const fs::path& a, const fs::path& b) {
  const auto one = h5::File::open(a);
  const auto other = h5::File::open(b);
  const std::set<std::string> history = {"structures/release", "structures/origin_checksum"};
  for (const std::string group : {"structures", "crystals", "failures", "features/CAMNS", "features/CAN"}) {
    REQUIRE(one.list(group) == other.list(group));
    for (const auto& name : one.list(group)) {
      const auto path = group + "/" + name;
      INFO(path);
      const auto x = one.dataset(path);
      const auto y = other.dataset(path);
      REQUIRE(x.shape() == y.shape());
      REQUIRE(x.text_length() == y.text_length());
      if (history.contains(path)) {
        continue;
      }
      if (x.text_length() > 0) {
        REQUIRE(x.read_text() == y.read_text());
      } else if (name == "checksum" || name == "entry") {
        REQUIRE(x.read<std::uint64_t>() == y.read<std::uint64_t>());
      } else {
        const auto u = x.read<double>();
        const auto v = y.read<double>();
        REQUIRE(std::equal(u.begin(), u.end(), v.begin(), v.end(), [](double p, double q) {
          return std::bit_cast<std::uint64_t>(p) == std::bit_cast<std::uint64_t>(q);
        }));
      }
    }
  }
}

} // namespace

TEST_CASE("an update computes only what changed; the result is that of the new inputs alone", "[data]") {
  const auto folder = make_inputs("update_release");
  auto options = example_options(folder, "a.h5");
  options.release = "first";
  const auto first = ingest(options);
  CHECK(first.reused == 0);
  CHECK(first.release.added == static_cast<std::int64_t>(first.structures));
  CHECK(first.failures == 1);

  change_inputs(folder);
  options.release = "second";
  const auto second = ingest(options);
  CHECK(second.entries == first.entries);
  CHECK(second.entries - second.reused == 3); // changed, new, and the one that failed
  CHECK(second.release.changed == 1);
  CHECK(second.release.added == 1);
  CHECK(second.release.gone == 1);
  CHECK(second.release.unchanged == static_cast<std::int64_t>(second.structures) - 2);
  const auto fresh = ingest(example_options(folder, "fresh.h5"));
  CHECK(fresh.edges == second.edges);
  CHECK(fresh.warnings_by_code == second.warnings_by_code);
  require_same_datasets(options.store, folder / "fresh.h5");
  CHECK(read_file(store::failure_list_of(options.store)) == read_file(folder / "fresh.failures.csv"));
  CHECK(store::verify(test::world(), options.store).damaged == 0);

  const store::Reader reader(options.store);
  const auto history = reader.history();
  REQUIRE(history.releases.size() == 2);
  CHECK(history.releases[0].name == "first");
  CHECK(history.releases[1].changed == 1);
  CHECK(history.releases[1].failures == 1);
  REQUIRE(history.gone.size() == 1);
  CHECK(history.gone[0].id == "05");
  CHECK(history.gone[0].release == 0);
  const auto facts = reader.facts(0, reader.size());
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const bool recent = facts.id[i] == "03" || facts.id[i] == "new";
    CHECK(facts.release[i] == (recent ? 1 : 0));
    CHECK((facts.id[i] != "09" || facts.source[i] == "in/more/09.cif")); // moved
  }
  test::world().barrier();
}

TEST_CASE("a second run on the same release computes nothing and adds no row", "[data]") {
  const auto folder = make_inputs("update_same");
  const auto options = example_options(folder, "a.h5");
  const auto first = ingest(options);
  const auto again = ingest(options);
  CHECK(again.entries - again.reused == 1); // failed structures are tried again
  CHECK(again.release.unchanged == static_cast<std::int64_t>(first.structures));
  CHECK(store::Reader(options.store).history().releases.size() == 1);
  CHECK(store::Reader(options.store).history().releases[0].name == "in");
  test::world().barrier();
}

TEST_CASE("a structure that was removed and comes back counts as new", "[data]") {
  const auto folder = make_inputs("update_back");
  const auto options = example_options(folder, "a.h5");
  ingest(options);
  const auto in = folder / "in";
  test::world().barrier();
  if (test::world().is_root()) {
    fs::rename(in / "05.cif", folder / "05.cif");
  }
  test::world().barrier();
  CHECK(ingest(options).release.gone == 1);
  if (test::world().is_root()) {
    fs::rename(folder / "05.cif", in / "05.cif");
  }
  test::world().barrier();
  const auto back = ingest(options);
  CHECK(back.release.added == 1);
  CHECK(back.release.gone == 0);
  const auto history = store::Reader(options.store).history();
  CHECK(history.gone.empty());
  CHECK(history.releases.size() == 3);
  test::world().barrier();
}

TEST_CASE("a store made with other options is refused by option name, unless it is made again", "[data]") {
  const auto folder = make_inputs("update_options");
  auto options = example_options(folder, "a.h5");
  const auto first = ingest(options);
  const auto whole = read_file(options.store);
  const auto refused = [&](const auto& change) {
    test::world().barrier();
    auto other = example_options(folder, "a.h5");
    change(other);
    const auto error = test::error_of([&] { ingest(other); });
    CHECK(error.code() == ErrorCode::conflict);
    CHECK(error.suggestion().find("--overwrite") != std::string::npos);
    return error.problem();
  };
  using std::string;
  CHECK(refused([](auto& o) { o.read.strictness = crystal::Strictness::tolerant; }).find("strictness") !=
        string::npos);
  CHECK(refused([](auto& o) { o.read.use_symmetry = false; }).find("symmetry") != string::npos);
  CHECK(refused([](auto& o) { o.featurizer.request.levels[3] = true; }).find("levels") != string::npos);
  CHECK(refused([](auto& o) { o.featurizer.converter = megnet::GraphConverter::study(); }).find("graph") !=
        string::npos);
  CHECK(refused([](auto& o) {
          o.parent = test::data() / "models" / "band_gap_regression-mp-2018.6.1.hdf5";
        }).find("parent") != string::npos);
  CHECK(read_file(options.store) == whole); // unchanged
  test::world().barrier();
  options.read.strictness = crystal::Strictness::tolerant;
  options.overwrite = true;
  const auto anew = ingest(options);
  CHECK(anew.reused == 0);
  CHECK(anew.entries == first.entries);
  CHECK(store::Reader(options.store).history().releases.size() == 1);
  test::world().barrier();
}

TEST_CASE("a damaged structure is not reused", "[data]") {
  const auto folder = make_inputs("update_damaged");
  const auto options = example_options(folder, "a.h5");
  ingest(options);
  test::world().barrier();
  if (test::world().is_root()) {
    fs::copy_file(options.store, folder / "good.h5");
    auto file = h5::File::open_writable(options.store);
    auto v1 = file.dataset("features/CAN/V1");
    auto values = v1.read_rows<float>(v1.rows() / 2, 1);
    values[0] += 1;
    v1.write_rows(v1.rows() / 2, values);
  }
  test::world().barrier();
  CHECK(store::verify(test::world(), options.store).damaged == 1);
  const auto again = ingest(options);
  CHECK(again.release.changed == 0);
  CHECK(store::verify(test::world(), options.store).damaged == 0);
  require_same_datasets(options.store, folder / "good.h5");
  test::world().barrier();
}
