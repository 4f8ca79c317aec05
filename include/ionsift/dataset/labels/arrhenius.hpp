// SPDX-License-Identifier: BSD-3-Clause
// Arrhenius fits: the line of ln(sigma T) against 1/T.
#pragma once

#include <cstddef>
#include <span>

namespace ionsift::dataset {

inline constexpr double boltzmann = 8.617333262e-5; ///< eV/K (CODATA 2018)
inline constexpr double room_temperature = 298.15;  ///< K
inline constexpr double celsius_zero = 273.15;      ///< K

/// sigma T = A exp(-Ea / kT), fitted as a straight line by least squares of ln(sigma T) (METHOD: section 1).
struct ArrheniusLine {
  double activation_energy = 0; ///< eV; minus the slope times Boltzmann's constant
  double activation_energy_error =
      0;                    ///< standard error, eV; NaN for two points, which leave nothing to judge by
  double log_prefactor = 0; ///< ln A, A in S K / cm
  double residual = 0;      ///< standard deviation of ln(sigma T) about the line; NaN for two points
  std::size_t points = 0;
  double mean_inverse_temperature = 0;   ///< 1/K
  double spread_inverse_temperature = 0; ///< sum of (1/T - mean)^2, 1/K^2

  /// Conductivity in S/cm. @param temperature K
  double conductivity(double temperature) const;
  /// Standard error of ln(sigma) from the fit; NaN for two points.
  double log_conductivity_error(double temperature) const;
};

/// @param temperatures   temperatures in K, at least two different ones
/// @param conductivities conductivities in S/cm, of the same length
/// @throws Error data for fewer different temperatures or values that are not positive and finite
ArrheniusLine fit_arrhenius(std::span<const double> temperatures, std::span<const double> conductivities);

/// Converts a conductivity to another temperature with a known activation energy.
/// @param activation_energy eV, of ln(sigma T)
double extrapolated(double conductivity, double from, double to, double activation_energy);

} // namespace ionsift::dataset
