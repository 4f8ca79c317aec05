// SPDX-License-Identifier: BSD-3-Clause
// Limits that keep one structure from holding up all others.
#include "ionsift/crystal/match/matcher.hpp"

#include "cif_text.hpp"
#include "hand_made.hpp"
#include "symmetry/environments.hpp"

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

CifText salt() {
  CifText cif;
  cif.symmetry = operators({"x,y,z"});
  cif.atoms = "Na1 Na 0 0 0 1\nNa2 Na 0 .5 .5 1\nCl1 Cl .5 .5 .5 1\nCl2 Cl .5 0 0 1";
  return cif;
}

template <typename Body>
ErrorCode code_of(const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    CHECK_FALSE(error.suggestion().empty());
    return error.code();
  }
  FAIL("no error");
  return ErrorCode::internal;
}

} // namespace

TEST_CASE("A structure that takes too long is a failure of code limit, and names the remedy") {
  ReadOptions options;
  options.max_seconds = 1e-9;
  const Failure failure = read_failure(salt(), options);
  CHECK(failure.code == ErrorCode::limit);
  CHECK(failure.block == "test");
  CHECK(failure.message.find("1e-09 seconds") != std::string::npos);
  CHECK(failure.message.find("Raise the limit of seconds") != std::string::npos);
  CHECK(read_one(salt()).sites.size() == 4);
}

TEST_CASE("Each of several blocks has its own time") {
  CifText second = salt();
  second.name = "second";
  ReadOptions options;
  options.max_seconds = 1e-9;
  const auto results = read_all(salt().text() + second.text(), options);
  REQUIRE(results.size() == 2);
  CHECK(std::get<Failure>(results[1]).block == "second");
}

TEST_CASE("The search for orbits and the comparison of structures end when the time limit is reached") {
  const Crystal crystal = rocksalt(11, 17);
  CHECK(code_of([&] { equal_environments(crystal, std::vector<int>(8, 0), TimeBudget(1e-9)); }) ==
        ErrorCode::limit);
  MatcherOptions options;
  CHECK(match(crystal, crystal, options).has_value());
  options.max_seconds = 1e-9;
  CHECK(code_of([&] { match(crystal, crystal, options); }) == ErrorCode::limit);
}

TEST_CASE("Sites are counted before they are generated, and the error has the remedy") {
  CifText cif = salt();
  cif.symmetry = "_symmetry_space_group_name_H-M 'F m -3 m'";
  cif.atoms = "Li1 Li 0.11 0.07 0.03 0.01";
  ReadOptions options;
  options.max_sites = 191;
  const Failure failure = read_failure(cif, options);
  CHECK(failure.code == ErrorCode::limit);
  CHECK(failure.message.find("191 sites") != std::string::npos);
  CHECK(failure.message.find("Raise the limit") != std::string::npos);
  options.max_sites = 192;
  CHECK(read_one(cif, options).sites.size() == 192);
}

TEST_CASE("Cells of JSON documents are checked like those of CIFs") {
  const auto with_lattice = [](const std::string& lattice) {
    return "{\"lattice\": " + lattice +
           R"(, "sites": [{"species": [{"element": "Li", "occu": 1}], "abc": [0, 0, 0]}]})";
  };
  CHECK(read_one(with_lattice(R"({"matrix": [[3, 0, 0], [0, 3, 0], [0, 0, 3]]})")).sites.size() == 1);
  CHECK(read_failure(with_lattice(R"({"matrix": [[3, 0, 0], [0, 3, 0], [3, 3, 0]]})")).message.find("flat") !=
        std::string::npos);
  CHECK(read_failure(with_lattice(R"({"matrix": [[3, 0, 0], [0, 3, 0], [0, 0, 0]]})")).code ==
        ErrorCode::data);
  CHECK(read_failure(with_lattice(R"({"matrix": [[3, 0, 0], [0, 3, 0], [0, 0, NaN]]})")).code ==
        ErrorCode::data);
  CHECK(read_failure(with_lattice(R"({"matrix": [[3, 0, 0], [0, 3, 0], [0, 0, 1e9]]})")).code ==
        ErrorCode::limit);
  CHECK(
      read_failure(with_lattice(R"({"matrix": [[3, 0, 0], [0, 3, 0], [0, 0, 0.1]]})")).message.find("high") !=
      std::string::npos);
  CHECK(
      read_failure(with_lattice(R"({"a": 3, "b": 3, "c": -3, "alpha": 90, "beta": 90, "gamma": 90})")).code ==
      ErrorCode::data);
}
