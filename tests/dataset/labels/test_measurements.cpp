// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/dataset/labels/measurements.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cmath>
#include <fstream>

using namespace ionsift;
using namespace ionsift::dataset;
using Catch::Matchers::Contains;

namespace {

std::filesystem::path write(const std::string& text) {
  const auto path = test::scratch("measurements") / "measurements.csv";
  std::ofstream(path) << text;
  return path;
}

std::vector<Measurement> read(const std::string& text, const MeasurementOptions& options = {}) {
  return read_measurements(write(text), options).measurements;
}

/// The label of a table about one structure.
RoomTemperatureLabel label(const std::string& text, const RoomTemperatureOptions& options = {}) {
  const auto labels = room_temperature_labels(read(text), options);
  REQUIRE(labels.size() == 1);
  return labels.front();
}

ErrorCode code_of(const std::string& text, const MeasurementOptions& options = {}) {
  try {
    read(text, options);
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("no error for: " << text);
  return ErrorCode::internal;
}

const std::string header = "id,temperature_K,conductivity_S_per_cm\n";

} // namespace

TEST_CASE("units come from the names of the columns") {
  const auto conductivity = [](const std::string& name) {
    return read(fmt::format("id,T (K),{}\na,300,2\n", name)).front().conductivity;
  };
  for (const char* name :
       {"conductivity S/cm", "Ionic conductivity (S cm-1)", "conductivity_S_per_cm", "sigma [S cm^-1]",
        "conductivity (ohm^-1 cm^-1)", "conductivity / (Ω cm)^-1", "conductivity (Ω−1 cm−1)"}) {
    CHECK(conductivity(name) == Approx(2));
  }
  CHECK(conductivity("conductivity (mS/cm)") == Approx(2e-3));
  CHECK(conductivity("conductivity_mS_per_cm") == Approx(2e-3));
  CHECK(conductivity("sigma (µS cm⁻¹)") == Approx(2e-6));
  CHECK(conductivity("conductivity (S/m)") == Approx(2e-2));
  CHECK(conductivity("conductivity (ohm-1 m-1)") == Approx(2e-2));
  CHECK(conductivity("conductivity mS m-1") == Approx(2e-5));
  CHECK(conductivity("log10 conductivity (S/cm)") == Approx(100));

  const auto temperature = [](const std::string& name) {
    return read(fmt::format("id,{},conductivity S/cm\na,100,2\n", name)).front().temperature;
  };
  for (const char* name : {"temperature_C", "T / °C", "Temperature (degC)", "T [C]"}) {
    CHECK(*temperature(name) == Approx(373.15));
  }
  for (const char* name : {"temperature_K", "T / K", "Temperature in K"}) {
    CHECK(*temperature(name) == Approx(100));
  }

  const auto energy = [](const std::string& name) {
    return read(fmt::format("id,T_K,conductivity S/cm,{}\na,100,2,30\n", name)).front().activation_energy;
  };
  CHECK(*energy("Ea_eV") == Approx(30));
  CHECK(*energy("activation energy (meV)") == Approx(0.030));
  CHECK(*energy("Activation energy / kJ/mol") == Approx(0.310928).epsilon(1e-5));
}

TEST_CASE("units come from the options where the names have none") {
  CHECK(code_of("id,temperature,conductivity S/cm\na,300,1\n") == ErrorCode::missing);
  CHECK(code_of("id,temperature_K,conductivity\na,300,1\n") == ErrorCode::missing);
  CHECK_THROWS_WITH(read("id,temperature_K,conductivity\na,300,1\n"), Contains("--conductivity-unit"));
  MeasurementOptions options;
  options.temperature_unit = "C";
  options.conductivity_unit = "mS cm^-1";
  const auto rows = read("id,temperature,conductivity\na,25,1\n", options);
  CHECK(*rows.front().temperature == Approx(298.15));
  CHECK(rows.front().conductivity == Approx(1e-3));
  options.conductivity_unit = "parsec";
  CHECK(code_of("id,temperature,conductivity\na,25,1\n", options) == ErrorCode::usage);
}

TEST_CASE("ambiguous columns are refused unless one is requested") {
  CHECK(code_of("id,T_K,bulk conductivity S/cm,total conductivity S/cm\na,300,1,1\n") == ErrorCode::missing);
  MeasurementOptions options;
  options.conductivity_column = "total conductivity S/cm";
  CHECK(read("id,T_K,bulk conductivity S/cm,total conductivity S/cm\na,300,1,3\n", options)
            .front()
            .conductivity == 3);
  CHECK(read("id,T_K,conductivity S/cm,conductivity error S/cm,Ea source\na,300,1,3,x\n")
            .front()
            .conductivity == 1);
  CHECK(code_of("id,T_K,resistance\na,300,1\n") == ErrorCode::missing);
}

TEST_CASE("invalid values are refused with their line") {
  CHECK_THROWS_WITH(read(header + "a,300,1e-5\nb,300,fast\n"), Contains("row 3") && Contains("structure b"));
  CHECK(code_of(header + "a,warm,1e-5\n") == ErrorCode::data);
  CHECK(code_of(header + "a,300,-4.5\n") == ErrorCode::data);
  CHECK(code_of(header + "a,300,0\n") == ErrorCode::data);
  CHECK(code_of("id,temperature_C,conductivity S/cm\na,-300,1\n") == ErrorCode::data);
  const auto table = read_measurements(write(header + "a,300,\n,300,1\nb,300,2\n"));
  CHECK(table.measurements.size() == 1);
  CHECK(table.skipped == 2);
}

TEST_CASE("the study's Li9B19S33 is reproduced from measurements at higher temperatures") {
  // 0.41 mS/cm at room temperature, 364 meV.
  std::string text = header;
  for (const double temperature : {313.15, 333.15, 353.15, 373.15}) {
    text += fmt::format("Li9B19S33,{},{}\n", temperature, extrapolated(4.1e-4, 298.15, temperature, 0.364));
  }
  const auto found = label(text);
  CHECK(found.origin == LabelOrigin::extrapolated);
  CHECK(*found.conductivity == Approx(4.1e-4).epsilon(1e-9));
  CHECK(*found.activation_energy == Approx(0.364).epsilon(1e-9));
  CHECK(*found.activation_energy_error < 1e-9);
  CHECK(*found.lowest_temperature == 313.15);
  CHECK(found.points == 4);
}

TEST_CASE("a value at room temperature is taken as it is") {
  auto found = label(header + "a,298.15,3.3e-4\n");
  CHECK(found.origin == LabelOrigin::measured);
  CHECK(*found.conductivity == 3.3e-4);
  CHECK_FALSE(found.activation_energy);
  CHECK(found.points == 1);

  // Also beside other values, which then give the activation energy.
  found = label(header + "a,373.15,2e-3\na,295,3.3e-4\na,302,3.6e-4\n");
  CHECK(found.origin == LabelOrigin::measured);
  CHECK(*found.conductivity == 3.3e-4);
  CHECK(*found.activation_energy > 0.1);
  CHECK(*found.lowest_temperature == 295);

  CHECK(*label(header + "a,RT,3.3e-4\n").conductivity == 3.3e-4);
  CHECK(*label(header + "a,298.15,1e-4\na,298.15,1e-6\n").conductivity == Approx(1e-5));
  CHECK(label(header + "a,303.15,1e-4\n").origin == LabelOrigin::measured);
  CHECK(label(header + "a,303.16,1e-4\n").origin == LabelOrigin::none);
  CHECK(label(header + "a,373.15,1e-4\n", {373.15, 1}).origin == LabelOrigin::measured);
}

TEST_CASE("between measured temperatures the line interpolates") {
  const auto found =
      label(header + fmt::format("a,280,{}\na,340,{}\na,360,{}\n", extrapolated(1e-4, 298.15, 280, .4),
                                 extrapolated(1e-4, 298.15, 340, .4), extrapolated(1e-4, 298.15, 360, .4)));
  CHECK(found.origin == LabelOrigin::interpolated);
  CHECK(*found.conductivity == Approx(1e-4));
  REQUIRE(found.log10_error);
  CHECK(*found.log10_error < 1e-9);
}

TEST_CASE("a single value elsewhere needs an activation energy") {
  auto found = label(header + "a,373.15,1e-3\n");
  CHECK(found.origin == LabelOrigin::none);
  CHECK_FALSE(found.conductivity);
  CHECK_THAT(found.reason, Contains("373.15 K only"));
  CHECK(*found.lowest_temperature == 373.15);

  found = label("id,temperature_K,conductivity_S_per_cm,Ea_eV\na,373.15,1e-3,0.35\n");
  CHECK(found.origin == LabelOrigin::extrapolated);
  CHECK(*found.conductivity == Approx(extrapolated(1e-3, 373.15, 298.15, 0.35)));
  CHECK(*found.activation_energy == 0.35);
  CHECK_FALSE(found.activation_energy_error);

  // Two samples at one temperature do not define a line.
  CHECK(label(header + "a,373.15,1e-3\na,373.5,2e-3\n").origin == LabelOrigin::none);
}

TEST_CASE("upper bounds hold at lower temperatures, not at higher ones") {
  auto found = label(header + "a,298.15,<1E-10\n");
  CHECK(found.origin == LabelOrigin::bound);
  CHECK(*found.conductivity == 1e-10);
  CHECK(*label(header + "a,298.15,<1E-10\na,400,< 1E-12\n").conductivity == 1e-12);
  found = label(header + "a,250,<1E-10\n");
  CHECK(found.origin == LabelOrigin::none);
  CHECK_THAT(found.reason, Contains("below room temperature"));
  // A value takes precedence over a bound.
  CHECK(label(header + "a,298.15,<1E-10\na,297,1e-11\n").origin == LabelOrigin::measured);
}

TEST_CASE("entries without a label have a reason") {
  CHECK_THAT(label("id,conductivity S/cm\na,1e-4\n").reason, Contains("not known"));
  CHECK_THAT(label(header + "a,,1e-4\n").reason, Contains("not known"));
  CHECK_THAT(label(header + "a,350,1e-4\na,400,1e-5\n").reason, Contains("falls with temperature"));
  MeasurementOptions options;
  options.default_temperature = 298.15;
  const auto labels = room_temperature_labels(read("id,conductivity S/cm\na,1e-4\n", options));
  CHECK(labels.front().origin == LabelOrigin::measured);
  CHECK_THROWS_AS(room_temperature_labels({}, {-1, 5}), Error);
}

TEST_CASE("numbers out of range never give a label that is not finite") {
  CHECK(code_of("id,temperature_K,log10 conductivity (S/cm)\na,298.15,400\n") == ErrorCode::data);
  CHECK(code_of(header + "a,298.15,1e300\n") == ErrorCode::data);
  const auto far = label("id,temperature_K,conductivity_S_per_cm,Ea (eV)\na,350,1e-4,-1e300\n");
  CHECK(far.origin == LabelOrigin::none);
  CHECK_FALSE(far.conductivity);
  CHECK_THAT(far.reason, Contains("beyond all numbers"));
}

TEST_CASE("a name of a million letters is quickly searched for a unit") {
  CHECK(code_of("id,conductivity " + std::string(1'000'000, ' ') + ",T_K\na,1,300\n") == ErrorCode::missing);
  CHECK_THROWS_WITH(read("id,T_K,conductivity " + std::string(1'000'000, '(') + "S/cm)\na,300,1\n"),
                    Contains("is not known"));
}

TEST_CASE("the written table is read as a table of labels") {
  const auto measured = read(header + "b,298.15,2e-3\na,298.15,<1E-10\nc,400,1e-3\nb,320,3e-3\n");
  const auto labels = room_temperature_labels(measured);
  REQUIRE(labels.size() == 3);
  CHECK(labels[0].id == "b");
  const auto path = test::scratch("written") / "labels.csv";
  write_labels(path, labels);
  const auto again = Labels::read(path);
  REQUIRE(again.all().size() == 2);
  CHECK(again.skipped() == 1);
  CHECK(again.find("b")->conductivity == 2e-3);
  CHECK(again.find("b")->positive == 1);
  CHECK(again.find("a")->upper_bound);
  CHECK(again.find("c") == nullptr);
}
