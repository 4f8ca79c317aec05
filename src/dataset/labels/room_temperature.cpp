// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/enum_names.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/dataset/labels/measurements.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <ostream>
#include <unordered_map>

namespace ionsift::dataset {

namespace {

/// Temperatures nearer than this are one temperature: they give no slope.
constexpr double same_temperature = 1.0; // K

struct Point {
  double temperature;
  double conductivity;
};

double geometric_mean(const std::vector<Point>& points) {
  if (points.size() == 1) {
    return points.front().conductivity; // exactly as the source gives it
  }
  double sum = 0;
  for (const auto& point : points) {
    sum += std::log(point.conductivity);
  }
  return std::exp(sum / static_cast<double>(points.size()));
}

std::optional<double> unless_nan(double value) {
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

/// Makes the label of one structure from its measurements.
class Labeller {
public:
  Labeller(const std::string& id, const std::vector<const Measurement*>& measurements,
           const RoomTemperatureOptions& options)
      : measurements_(measurements), options_(options) {
    label_.id = id;
    for (const auto* measurement : measurements) {
      note(*measurement);
    }
  }

  RoomTemperatureLabel label() && {
    if (has_slope()) {
      fit();
    } else {
      label_.activation_energy = given_energy_;
    }
    if (!take_measured() && !take_line() && !take_given_energy() && !take_bound()) {
      label_.reason = reason();
    } else if (!std::isfinite(label_.conductivity.value_or(0))) {
      label_.reason = fmt::format("the activation energy {:g} eV leads beyond all numbers",
                                  label_.activation_energy.value_or(0));
      label_.origin = LabelOrigin::none;
      label_.conductivity.reset();
      label_.log10_error.reset();
      label_.points = 0;
    }
    return std::move(label_);
  }

private:
  void note(const Measurement& measurement) {
    if (measurement.temperature) {
      label_.lowest_temperature =
          std::min(*measurement.temperature, label_.lowest_temperature.value_or(*measurement.temperature));
      if (!measurement.upper_bound) {
        points_.push_back({*measurement.temperature, measurement.conductivity});
      }
    }
    if (!given_energy_) {
      given_energy_ = measurement.activation_energy;
    }
  }

  double lowest() const { return std::ranges::min(points_, {}, &Point::temperature).temperature; }
  double highest() const { return std::ranges::max(points_, {}, &Point::temperature).temperature; }
  bool has_slope() const { return points_.size() > 1 && highest() - lowest() > same_temperature; }

  void fit() {
    std::vector<double> temperatures;
    std::vector<double> conductivities;
    for (const auto& point : points_) {
      temperatures.push_back(point.temperature);
      conductivities.push_back(point.conductivity);
    }
    line_ = fit_arrhenius(temperatures, conductivities);
    label_.activation_energy = line_->activation_energy;
    label_.activation_energy_error = unless_nan(line_->activation_energy_error);
  }

  void set(LabelOrigin origin, double conductivity, std::size_t points) {
    label_.origin = origin;
    label_.conductivity = conductivity;
    label_.points = points;
  }

  bool take_measured() {
    const auto distance = [this](const Point& point) {
      return std::abs(point.temperature - options_.temperature);
    };
    if (points_.empty()) {
      return false;
    }
    const double smallest = distance(std::ranges::min(points_, {}, distance));
    if (smallest > options_.tolerance) {
      return false;
    }
    std::vector<Point> nearest;
    std::ranges::copy_if(points_, std::back_inserter(nearest),
                         [&](const Point& point) { return distance(point) <= smallest + 1e-6; });
    set(LabelOrigin::measured, geometric_mean(nearest), nearest.size());
    return true;
  }

  bool take_line() {
    if (!line_) {
      return false;
    }
    const bool inside = lowest() <= options_.temperature && options_.temperature <= highest();
    if (!inside && line_->activation_energy <= 0) {
      return false;
    }
    set(inside ? LabelOrigin::interpolated : LabelOrigin::extrapolated,
        line_->conductivity(options_.temperature), points_.size());
    const auto error = unless_nan(line_->log_conductivity_error(options_.temperature));
    label_.log10_error = error ? std::optional(*error / std::numbers::ln10) : std::nullopt;
    return true;
  }

  bool take_given_energy() {
    if (points_.empty() || line_ || !given_energy_) {
      return false;
    }
    const double from = points_.front().temperature;
    set(LabelOrigin::extrapolated,
        extrapolated(geometric_mean(points_), from, options_.temperature, *given_energy_), points_.size());
    return true;
  }

  /// A bound holds at lower temperatures too, because conductivity rises with temperature.
  bool take_bound() {
    std::optional<double> lowest_bound;
    std::size_t bounds = 0;
    for (const auto* measurement : measurements_) {
      if (measurement->upper_bound && measurement->temperature &&
          *measurement->temperature >= options_.temperature - options_.tolerance) {
        lowest_bound = std::min(measurement->conductivity, lowest_bound.value_or(measurement->conductivity));
        ++bounds;
      }
    }
    if (lowest_bound) {
      set(LabelOrigin::bound, *lowest_bound, bounds);
    }
    return lowest_bound.has_value();
  }

  std::string reason() const {
    if (line_) {
      return fmt::format(
          "the conductivity falls with temperature (activation energy {:.3f} eV between {:.2f} and "
          "{:.2f} K), so the line is not extrapolated",
          line_->activation_energy, lowest(), highest());
    }
    if (!points_.empty()) {
      return fmt::format("measured at {:.2f} K only, and no activation energy is given", lowest());
    }
    if (label_.lowest_temperature) {
      return fmt::format("only upper bounds, at {:.2f} K, below room temperature",
                         *label_.lowest_temperature);
    }
    return "the temperature of the measurement is not known";
  }

  const std::vector<const Measurement*>& measurements_;
  const RoomTemperatureOptions& options_;
  RoomTemperatureLabel label_;
  std::vector<Point> points_; ///< values with a temperature
  std::optional<double> given_energy_;
  std::optional<ArrheniusLine> line_;
};

std::string text_of(const std::optional<double>& value) {
  return value ? fmt::format("{:.10g}", *value) : "";
}

constexpr auto label_origin_names = enum_names<LabelOrigin>({{LabelOrigin::measured, "measured"},
                                                             {LabelOrigin::interpolated, "interpolated"},
                                                             {LabelOrigin::extrapolated, "extrapolated"},
                                                             {LabelOrigin::bound, "bound"},
                                                             {LabelOrigin::none, "none"}});

} // namespace

std::string_view name_of(LabelOrigin origin) {
  return label_origin_names.name(origin);
}

std::vector<RoomTemperatureLabel> room_temperature_labels(const std::vector<Measurement>& measurements,
                                                          const RoomTemperatureOptions& options) {
  IONSIFT_VALIDATE(
      options.temperature > 0 && options.tolerance >= 0, usage,
      fmt::format("room temperature cannot be {} K within {} K", options.temperature, options.tolerance),
      "the temperature must be positive and the tolerance not negative", "Give other values.");
  std::vector<std::string> ids;
  std::unordered_map<std::string, std::vector<const Measurement*>> by_id;
  for (const auto& measurement : measurements) {
    auto& group = by_id[measurement.id];
    if (group.empty()) {
      ids.push_back(measurement.id);
    }
    group.push_back(&measurement);
  }
  std::vector<RoomTemperatureLabel> labels;
  labels.reserve(ids.size());
  for (const auto& id : ids) {
    labels.push_back(Labeller(id, by_id.at(id), options).label());
  }
  return labels;
}

void write_labels(const std::filesystem::path& path, const std::vector<RoomTemperatureLabel>& labels) {
  write_file_atomically(path, [&](std::ostream& out) {
    write_csv_row(out,
                  {"id", "conductivity_S_per_cm", "log10_error", "origin", "reason", "activation_energy_eV",
                   "activation_energy_error_eV", "lowest_temperature_K", "points"});
    for (const auto& label : labels) {
      const std::string bound = label.origin == LabelOrigin::bound ? "<" : "";
      write_csv_row(out, {label.id, bound + text_of(label.conductivity), text_of(label.log10_error),
                          std::string(name_of(label.origin)), label.reason, text_of(label.activation_energy),
                          text_of(label.activation_energy_error), text_of(label.lowest_temperature),
                          fmt::format("{}", label.points)});
    }
  });
}

} // namespace ionsift::dataset
