// SPDX-License-Identifier: BSD-3-Clause
#include "labels/units.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>

using namespace ionsift::dataset;

namespace {

/// The value 2 in a column of this name, in S/cm; NaN if the name has no unit.
double two_in(const std::string& name) {
  const auto found = unit_in_name(name, &conductivity_unit);
  return found.unit ? found.unit->convert(2) : std::nan("");
}

} // namespace

TEST_CASE("one unit of conductivity has many spellings") {
  for (const char* name : {"conductivity (S/cm)",
                           "conductivity S cm-1",
                           "sigma [S cm^-1]",
                           "conductivity_S_per_cm",
                           "σ / S cm⁻¹",
                           "σ(RT)(S cm-1)",
                           "conductivity (S·cm⁻¹)",
                           "conductivity (S.cm-1)",
                           "conductivity (S cm^{-1})",
                           "conductivity (Ω⁻¹ cm⁻¹)",
                           "conductivity (Ω−1cm−1)",
                           "conductivity / (Ω cm)^-1",
                           "conductivity 1/(ohm cm)",
                           "conductivity (1/ohm/cm)",
                           "conductivity, ohm^-1 cm^-1",
                           "conductivity (mho/cm)",
                           "conductivity_siemens_per_cm",
                           "Conductivity in Siemens per centimeter",
                           "CONDUCTIVITY (S/CM)",
                           "conductivity (s/cm)",
                           "conductivity (S/cm, 298 K)",
                           "conductivity_S_cm",
                           "conductivity\xC2\xA0(S\xE2\x80\x89"
                           "cm\xE2\x88\x92"
                           "1)"}) {
    INFO(name);
    CHECK(two_in(name) == Approx(2));
  }
  for (const char* name :
       {"conductivity (mS/cm)", "conductivity mS cm-1", "conductivity_mS_per_cm", "conductivity (10^-3 S/cm)",
        "conductivity (×10⁻³ S cm⁻¹)", "σ (x10-3 S/cm)", "conductivity (x 10^-3 S cm^-1)",
        "conductivity / 10−3 S cm−1", "conductivity (1e-3 S/cm)", "conductivity (1E-03 S/cm)",
        "conductivity (10**-3 S/cm)", "conductivity (10^{-3} S/cm)", "millisiemens per cm, conductivity"}) {
    INFO(name);
    CHECK(two_in(name) == Approx(2e-3));
  }
  CHECK(two_in("conductivity (µS/cm)") == Approx(2e-6)); // micro sign
  CHECK(two_in("conductivity (μS/cm)") == Approx(2e-6)); // Greek mu
  CHECK(two_in("conductivity (uS/cm)") == Approx(2e-6));
  CHECK(two_in("conductivity (nS/cm)") == Approx(2e-9));
  CHECK(two_in("conductivity (S/m)") == Approx(2e-2));
  CHECK(two_in("conductivity (S m-1)") == Approx(2e-2));
  CHECK(two_in("conductivity (mS/m)") == Approx(2e-5));
  CHECK(two_in("conductivity (10^-4 S/m)") == Approx(2e-6));
}

TEST_CASE("logarithms are recognised by the name") {
  for (const char* name :
       {"log10 conductivity (S/cm)", "log10(sigma / S cm-1)", "log σ (S/cm)", "lg sigma, S/cm",
        "log10_conductivity_S_per_cm", "log₁₀(σ) [S cm⁻¹]", "conductivity (log10 S/cm)",
        "logarithm of conductivity (S/cm)", "logsigma (S/cm)"}) {
    INFO(name);
    CHECK(two_in(name) == Approx(100));
  }
  for (const char* name : {"-log10 conductivity (S/cm)", "−log σ (S/cm)", "conductivity (-log10 S/cm)",
                           "minus log10 conductivity (S/cm)", "negative log10 of conductivity (S/cm)"}) {
    INFO(name);
    CHECK(two_in(name) == Approx(0.01));
  }
  CHECK(two_in("ln conductivity (S/cm)") == Approx(std::exp(2)));
  CHECK(two_in("log10 conductivity (mS/cm)") == Approx(0.1));
}

TEST_CASE("names that are not understood have no unit") {
  for (const char* name :
       {"conductivity", "σ × 10^3 (S/cm)", "conductivity (S/cm x 10^-3)", "1000 x conductivity (S/cm)",
        "conductivity (MS/cm)", "conductivity (S K/cm)", "σT (S K cm-1)", "sigma*T (S/cm)",
        "log10 (sigma T) (S cm-1 K)", "conductivity (S cm2/mol)", "molar conductivity (S cm² mol⁻¹)",
        "resistivity conductivity (ohm cm)", "conductivity (S/cm) (mS/cm)", "conductivity (% of S/cm)",
        "conductivity - log10 (S/cm)", "Sm conductivity", "conductivity (W/m K)", "conductivity (S/cm/g)"}) {
    INFO(name);
    CHECK(std::isnan(two_in(name)));
  }
  CHECK(std::isnan(two_in(std::string(100000, 'S') + "/cm")));
}

TEST_CASE("temperatures are read from names") {
  const auto temperature = [](const std::string& name) {
    return unit_in_name(name, &conductivity_unit).temperature.value_or(0);
  };
  CHECK(temperature("conductivity (S/cm) at 300 C") == Approx(573.15));
  CHECK(temperature("σ(25 °C) / S cm-1") == Approx(298.15));
  CHECK(temperature("sigma_298K_S_per_cm") == Approx(298));
  CHECK(temperature("conductivity (S/cm, 600 ℃)") == Approx(873.15));
  CHECK(temperature("conductivity at RT (S/cm)") == Approx(298.15));
  CHECK(temperature("conductivity at room temperature (S/cm)") == Approx(298.15));
  CHECK(temperature("conductivity (S cm-1)") == 0);
  CHECK(temperature("conductivity (10^-3 S/cm)") == 0);
}
