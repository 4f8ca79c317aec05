// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/labels/arrhenius.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace ionsift::dataset {

namespace {

void validate(std::span<const double> temperatures, std::span<const double> conductivities) {
  IONSIFT_ASSERT(
      temperatures.size() == conductivities.size(),
      fmt::format("{} temperatures for {} conductivities", temperatures.size(), conductivities.size()));
  for (std::size_t i = 0; i < temperatures.size(); ++i) {
    IONSIFT_VALIDATE(std::isfinite(temperatures[i]) && temperatures[i] > 0, data,
                     fmt::format("{} K is not a temperature", temperatures[i]), "it must be positive",
                     "Check the unit of the temperatures.");
    IONSIFT_VALIDATE(std::isfinite(conductivities[i]) && conductivities[i] > 0, data,
                     fmt::format("{} S/cm cannot be a point of an Arrhenius line", conductivities[i]),
                     "its logarithm is needed", "Leave the measurement out, or write it as an upper bound.");
  }
}

} // namespace

double ArrheniusLine::conductivity(double temperature) const {
  return std::exp(log_prefactor - activation_energy / (boltzmann * temperature)) / temperature;
}

double ArrheniusLine::log_conductivity_error(double temperature) const {
  const double distance = 1 / temperature - mean_inverse_temperature;
  return residual *
         std::sqrt(1 / static_cast<double>(points) + distance * distance / spread_inverse_temperature);
}

ArrheniusLine fit_arrhenius(std::span<const double> temperatures, std::span<const double> conductivities) {
  validate(temperatures, conductivities);
  ArrheniusLine line;
  line.points = temperatures.size();
  const auto n = static_cast<double>(line.points);
  double mean_log = 0;
  std::vector<double> logs;
  for (std::size_t i = 0; i < line.points; ++i) {
    logs.push_back(std::log(conductivities[i] * temperatures[i]));
    mean_log += logs.back() / n;
    line.mean_inverse_temperature += 1 / temperatures[i] / n;
  }
  double product = 0;
  for (std::size_t i = 0; i < line.points; ++i) {
    const double x = 1 / temperatures[i] - line.mean_inverse_temperature;
    line.spread_inverse_temperature += x * x;
    product += x * (logs[i] - mean_log);
  }
  // 1e-3 K apart at room temperature; nearer ones are one temperature written twice.
  IONSIFT_VALIDATE(line.spread_inverse_temperature > 1e-16, data,
                   fmt::format("no Arrhenius line goes through {} points", line.points),
                   "it needs at least two different temperatures", "Measure at another temperature.");
  const double slope = product / line.spread_inverse_temperature;
  line.activation_energy = -slope * boltzmann;
  line.log_prefactor = mean_log - slope * line.mean_inverse_temperature;
  if (line.points < 3) {
    line.residual = line.activation_energy_error = std::numeric_limits<double>::quiet_NaN();
    return line;
  }
  double squares = 0;
  for (std::size_t i = 0; i < line.points; ++i) {
    const double deviation = logs[i] - line.log_prefactor - slope / temperatures[i];
    squares += deviation * deviation;
  }
  line.residual = std::sqrt(squares / (n - 2));
  line.activation_energy_error = boltzmann * line.residual / std::sqrt(line.spread_inverse_temperature);
  return line;
}

double extrapolated(double conductivity, double from, double to, double activation_energy) {
  return conductivity * from / to * std::exp(-activation_energy / boltzmann * (1 / to - 1 / from));
}

} // namespace ionsift::dataset
