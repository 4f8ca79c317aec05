// SPDX-License-Identifier: BSD-3-Clause
#include "gaussian_process_classifier.hpp"

#include "ionsift/base/error.hpp"

#include "metrics/normal_distribution.hpp"
#include "model/member_file.hpp"
#include "tabular.hpp"

#include <cmath>
#include <utility>

namespace ionsift::learn {

namespace {

constexpr MemberFormat member_format = {GaussianProcessClassifier::format, 1};

bool is_fraction(const std::string& column) {
  return column.starts_with("composition.fraction.");
}

/// Columns that do not vary get the factor 0.
GaussianProcessClassifier::Scaling scaling_of(const TabularExamples& examples, double scale) {
  GaussianProcessClassifier::Scaling scaling;
  scaling.columns = examples.names;
  const auto& x = examples.values;
  for (Eigen::Index c = 0; c < x.cols(); ++c) {
    const double mean = x.col(c).mean();
    const double sd = std::sqrt((x.col(c).array() - mean).square().mean());
    scaling.centre.push_back(mean);
    scaling.factor.push_back(sd > 1e-12 * (std::abs(mean) + 1e-12) ? scale / sd : 0);
  }
  return scaling;
}

Matrix<double> coordinates(Matrix<double> table, const GaussianProcessClassifier::Scaling& scaling) {
  for (Eigen::Index c = 0; c < table.cols(); ++c) {
    const auto i = static_cast<std::size_t>(c);
    if (is_fraction(scaling.columns[i])) {
      table.col(c) = table.col(c).cwiseMax(0).cwiseSqrt();
    } else {
      table.col(c) = (table.col(c).array() - scaling.centre[i]) * scaling.factor[i];
    }
  }
  return table;
}

} // namespace

GaussianProcessClassifier::GaussianProcessClassifier(Configuration configuration, Scaling scaling,
                                                     double threshold, GaussianProcess process)
    : Classifier(std::move(configuration)), scaling_(std::move(scaling)), threshold_(threshold),
      process_(std::move(process)) {
}

std::vector<float> GaussianProcessClassifier::predict(const dataset::FeatureSet& structures,
                                                      const parallel::DeviceBinding&) const {
  const auto table = table_of(structures, configuration(), scaling_.columns);
  const double least_sd = std::get<GaussianProcessConfiguration>(configuration().model).least_sd;
  std::vector<double> chance;
  for (const auto& normal : process_.predict(coordinates(table, scaling_))) {
    chance.push_back(normal_cdf((normal.mean - threshold_) / std::max(normal.sd, least_sd)));
  }
  return probabilities(table, chance);
}

void GaussianProcessClassifier::write(const std::filesystem::path& path, std::uint64_t seed) const {
  write_member_file(path, member_format, configuration(), seed, [&](h5::File& file) {
    const auto& x = process_.x();
    const auto& y = process_.y();
    const auto& prior = process_.prior();
    file.set_attribute("/", "threshold", threshold_);
    file.set_attribute("/", "mean", prior.mean);
    file.set_attribute("/", "amplitude", prior.amplitude);
    file.set_attribute("/", "length", prior.length);
    file.set_attribute("/", "noise", prior.noise);
    file.write_text("columns", scaling_.columns);
    file.write("centre", {scaling_.centre.size()}, scaling_.centre);
    file.write("factor", {scaling_.factor.size()}, scaling_.factor);
    file.write<double>("x", {static_cast<std::uint64_t>(x.rows()), static_cast<std::uint64_t>(x.cols())},
                       {x.data(), static_cast<std::size_t>(x.size())});
    file.write<double>("y", {static_cast<std::uint64_t>(y.size())},
                       {y.data(), static_cast<std::size_t>(y.size())});
  });
}

std::unique_ptr<Classifier> GaussianProcessClassifier::read(const h5::File& file) {
  require_format(file, member_format);
  Scaling scaling;
  scaling.columns = file.dataset("columns").read_text();
  scaling.centre = file.dataset("centre").read<double>();
  scaling.factor = file.dataset("factor").read<double>();
  const auto n = scaling.columns.size();
  const auto x = file.dataset("x").read<double>();
  const auto y = file.dataset("y").read<double>();
  IONSIFT_VALIDATE(scaling.centre.size() == n && scaling.factor.size() == n && x.size() == y.size() * n,
                   format, fmt::format("{} is damaged", file.name()), "its datasets do not belong together",
                   "Train the ensemble again.");
  GaussianProcessPrior prior;
  prior.mean = file.number_attribute("/", "mean");
  prior.amplitude = file.number_attribute("/", "amplitude");
  prior.length = file.number_attribute("/", "length");
  prior.noise = file.number_attribute("/", "noise");
  GaussianProcess process(Eigen::Map<const Matrix<double>>(x.data(), static_cast<Eigen::Index>(y.size()),
                                                           static_cast<Eigen::Index>(n)),
                          Eigen::Map<const Eigen::VectorXd>(y.data(), static_cast<Eigen::Index>(y.size())),
                          prior);
  return std::make_unique<GaussianProcessClassifier>(configuration_of(file, {}), std::move(scaling),
                                                     file.number_attribute("/", "threshold"),
                                                     std::move(process));
}

Fitted fit_gaussian_process(const GaussianProcessConfiguration& settings, const Configuration& configuration,
                            const dataset::FeatureSet& train, const FitOptions& options) {
  const auto examples = tabular_examples(configuration, train, options);
  auto scaling = scaling_of(examples, settings.scale);
  auto x = coordinates(examples.values, scaling);
  Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(
      examples.conductivity.data(), static_cast<Eigen::Index>(examples.conductivity.size()));
  const auto prior = GaussianProcess::most_likely(x, y);
  GaussianProcess process(std::move(x), std::move(y), prior);
  TrainingRecord record;
  record.loss = -process.log_likelihood();
  return {std::make_unique<GaussianProcessClassifier>(configuration, std::move(scaling), examples.threshold,
                                                      std::move(process)),
          record};
}

double gaussian_process_cost(const dataset::FeatureSet& train) {
  const auto n = static_cast<double>(train.size());
  return 130 * n * n * n / 3; // factorisations in the search for the prior
}

} // namespace ionsift::learn
