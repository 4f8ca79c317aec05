// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/dataset/labels/arrhenius.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <vector>

using namespace ionsift;
using namespace ionsift::dataset;

namespace {

double on_line(double temperature, double energy, double prefactor) {
  return prefactor / temperature * std::exp(-energy / (boltzmann * temperature));
}

} // namespace

TEST_CASE("a fit of points on a line returns its activation energy and prefactor") {
  const std::vector<double> temperatures = {300, 330, 365, 410};
  std::vector<double> conductivities;
  for (const double temperature : temperatures) {
    conductivities.push_back(on_line(temperature, 0.31, 2500));
  }
  const auto line = fit_arrhenius(temperatures, conductivities);
  CHECK(line.activation_energy == Approx(0.31).epsilon(1e-12));
  CHECK(std::exp(line.log_prefactor) == Approx(2500).epsilon(1e-9));
  CHECK(line.conductivity(298.15) == Approx(on_line(298.15, 0.31, 2500)).epsilon(1e-10));
  CHECK(line.residual < 1e-12);
  CHECK(line.activation_energy_error < 1e-12);
  CHECK(line.points == 4);
}

TEST_CASE("scattered points give the errors of a least-squares line") {
  // Expected figures: numpy's linalg.lstsq on ln(sigma T) against 1/T, with the usual covariance of its
  // result.
  const std::vector<double> temperatures = {303.15, 323.15, 343.15, 363.15, 383.15};
  const std::vector<double> conductivities = {4.2e-5, 1.31e-4, 2.9e-4, 7.4e-4, 1.33e-3};
  const auto line = fit_arrhenius(temperatures, conductivities);
  CHECK(line.activation_energy == Approx(0.463386756765609).epsilon(1e-9));
  CHECK(line.activation_energy_error == Approx(0.012066047302275227).epsilon(1e-8));
  CHECK(line.log_prefactor == Approx(13.41405780054895).epsilon(1e-9));
  CHECK(line.residual == Approx(0.07626894756666279).epsilon(1e-8));
  CHECK(line.conductivity(298.15) == Approx(3.2988225437556586e-05).epsilon(1e-9));
  CHECK(line.log_conductivity_error(298.15) == Approx(0.06796100720215373).epsilon(1e-8));
}

TEST_CASE("two points make a line without an error") {
  const auto line = fit_arrhenius(std::vector{300.0, 350.0}, std::vector{1e-6, 1e-5});
  CHECK(line.conductivity(300) == Approx(1e-6));
  CHECK(line.conductivity(350) == Approx(1e-5));
  CHECK(std::isnan(line.activation_energy_error));
  CHECK(std::isnan(line.log_conductivity_error(298.15)));
}

TEST_CASE("a known activation energy extrapolates a value along the same line") {
  CHECK(extrapolated(on_line(373.15, 0.364, 1e4), 373.15, 298.15, 0.364) ==
        Approx(on_line(298.15, 0.364, 1e4)).epsilon(1e-12));
  CHECK(extrapolated(3e-4, 298.15, 298.15, 0.5) == 3e-4);
}

TEST_CASE("points that do not define a line are refused") {
  CHECK_THROWS_AS(fit_arrhenius(std::vector{300.0}, std::vector{1e-6}), Error);
  CHECK_THROWS_AS(fit_arrhenius(std::vector{300.0, 300.0}, std::vector{1e-6, 2e-6}), Error);
  CHECK_THROWS_AS(fit_arrhenius(std::vector{300.0, 350.0}, std::vector{1e-6, 0.0}), Error);
  CHECK_THROWS_AS(fit_arrhenius(std::vector{-10.0, 350.0}, std::vector{1e-6, 1e-5}), Error);
}

TEST_CASE("the reference line is reproduced", "[data]") {
  const auto reference =
      nlohmann::json::parse(read_file(test::data() / "reference/learning.json")).at("arrhenius");
  const auto line = fit_arrhenius(reference.at("temperature_K").get<std::vector<double>>(),
                                  reference.at("sigma_S_per_cm").get<std::vector<double>>());
  CHECK(line.activation_energy == Approx(reference.at("Ea_eV").get<double>()).epsilon(1e-9));
  CHECK(line.conductivity(room_temperature) ==
        Approx(reference.at("sigma_298.15K").get<double>()).epsilon(1e-9));
}
