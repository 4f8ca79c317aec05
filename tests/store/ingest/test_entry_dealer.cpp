// SPDX-License-Identifier: BSD-3-Clause
// Every entry of the input goes to one rank, and has its place in the whole input.
#include "ionsift/base/file.hpp"

#include "error_of.hpp"
#include "ingest/entry_dealer.hpp"
#include "support.hpp"

#include <cstdlib>
#include <fstream>
#include <numeric>

using namespace ionsift;
namespace fs = std::filesystem;

namespace {

void put(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

std::string text_of(const std::string& name) {
  return "data_" + name + "\n" + std::string(3000, '#') + "\n";
}

/// A folder of small files, compressed archives, a truncated one, one that is not compressed, and
/// a table.
fs::path make_inputs(const std::string& name) {
  const auto folder = test::scratch(name);
  if (test::world().is_root()) {
    for (int i = 0; i < 300; ++i) {
      put(folder / "files" / fmt::format("f{:03}.cif", i), text_of(fmt::format("f{:03}", i)));
    }
    for (const char* archive : {"a", "b", "c"}) {
      for (int i = 0; i < 200; ++i) {
        put(folder / archive / fmt::format("{}{:03}.cif", archive, i),
            text_of(fmt::format("{}{}", archive, i)));
      }
      const auto command =
          fmt::format("tar -C {0} --sort=name -czf {0}/{1}.tar.gz {1}", folder.string(), archive);
      REQUIRE(std::system(command.c_str()) == 0); // NOLINT(cert-env33-c): has only this test's names
    }
    // An archive that all ranks can read at once; one member is replaced by a later one of its name.
    const auto plain = fmt::format("cd {} && tar --sort=name -cf plain.tar b && cp a/a001.cif b/b100.cif && "
                                   "tar -rf plain.tar b/b100.cif",
                                   folder.string());
    REQUIRE(std::system(plain.c_str()) == 0); // NOLINT(cert-env33-c)
    fs::resize_file(folder / "c.tar.gz", fs::file_size(folder / "c.tar.gz") / 2);
    std::string table = "id,cif\n";
    for (int i = 0; i < 100; ++i) {
      table += fmt::format("t{:03},\"{}\"\n", i, text_of(fmt::format("t{}", i)));
    }
    put(folder / "table.csv", table);
  }
  test::world().barrier();
  return folder;
}

std::vector<fs::path> inputs_in(const fs::path& folder) {
  return {folder / "a.tar.gz",  folder / "files",     folder / "c.tar.gz",
          folder / "table.csv", folder / "plain.tar", folder / "b.tar.gz"};
}

std::string name_of(const std::variant<crystal::Entry, crystal::Failure>& item) {
  const auto* entry = std::get_if<crystal::Entry>(&item);
  return entry != nullptr ? entry->name.source + " " + entry->bytes.substr(0, 10)
                          : std::get<crystal::Failure>(item).source + " failed";
}

} // namespace

TEST_CASE("each entry is dealt once, and has the place that a single stream gives it") {
  const auto folder = make_inputs("dealer_once");
  std::vector<std::string> expected;
  crystal::EntryStream stream(inputs_in(folder));
  while (const auto item = stream.next()) {
    expected.push_back(name_of(*item));
  }
  REQUIRE(expected.size() > 800);

  const store::InputIndex index(test::world(), inputs_in(folder));
  CHECK(index.units().size() > 10); // the plain archive is divided
  store::EntryDealer dealer(test::world(), index, {});
  std::vector<std::string> mine;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  while (const auto dealt = dealer.next()) {
    mine.push_back(name_of(dealt->item));
    places.emplace_back(dealt->unit, dealt->number);
  }
  auto first = dealer.counts();
  CHECK(std::accumulate(first.begin(), first.end(), std::uint64_t(0)) == expected.size());
  std::exclusive_scan(first.begin(), first.end(), first.begin(), std::uint64_t(0));
  std::vector<std::uint64_t> met(expected.size(), 0);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    const auto place = first.at(places[i].first) + places[i].second;
    REQUIRE(place < expected.size());
    CHECK(mine[i] == expected[place]);
    ++met[place];
  }
  test::world().all_reduce(std::span<std::uint64_t>(met), parallel::Reduction::sum);
  CHECK(met == std::vector<std::uint64_t>(expected.size(), 1));
}

TEST_CASE("a rank that gives up does not block the others") {
  const auto folder = make_inputs("dealer_abandon");
  for (int who = 0; who < test::world().size(); ++who) {
    const store::InputIndex index(test::world(), inputs_in(folder));
    store::EntryDealer dealer(test::world(), index, {});
    std::size_t taken = 0;
    while (dealer.next()) {
      if (++taken == 3 && test::world().rank() == who) {
        dealer.abandon();
        break;
      }
    }
    test::world().barrier();
    CHECK(taken <= 1000);
  }
}

TEST_CASE("nothing to deal") {
  const auto folder = test::scratch("dealer_nothing");
  const store::InputIndex index(test::world(), {folder});
  store::EntryDealer dealer(test::world(), index, {});
  CHECK_FALSE(dealer.next().has_value());
  CHECK(dealer.counts().empty());
}

TEST_CASE("inputs that do not exist stop all ranks") {
  const auto folder = test::scratch("dealer_missing");
  const auto error =
      test::error_of([&] { const store::InputIndex index(test::world(), {folder / "nothing"}); });
  CHECK(error.code() == ErrorCode::missing);
}
