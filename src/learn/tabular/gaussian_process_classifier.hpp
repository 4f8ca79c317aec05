// SPDX-License-Identifier: BSD-3-Clause
// Gaussian processes of log10 conductivity as members of an ensemble.
#pragma once

#include "ionsift/learn/model/classifier.hpp"

#include "gaussian_process.hpp"

namespace ionsift::h5 {
class File;
}

namespace ionsift::learn {

/// P = Phi((mean - log10 threshold) / sd) of the conductivity that one more measurement would give. Its input
/// are square roots of atomic fractions, in which compositions lie on a sphere, and all other columns
/// standardised over the training set and scaled down.
class GaussianProcessClassifier : public Classifier {
public:
  static constexpr std::string_view format = "ionsift Gaussian process member";

  /// The scaling of columns of the table to coordinates.
  struct Scaling {
    std::vector<std::string> columns;
    std::vector<double> centre, factor; ///< [columns]; those of atomic fractions are not used
  };

  GaussianProcessClassifier(Configuration configuration, Scaling scaling, double threshold,
                            GaussianProcess process);
  /// @throws Error format
  static std::unique_ptr<Classifier> read(const h5::File& file);

  std::vector<float> predict(const dataset::FeatureSet& structures,
                             const parallel::DeviceBinding& device) const override;
  void write(const std::filesystem::path& path, std::uint64_t seed) const override;

private:
  Scaling scaling_;
  double threshold_; ///< log10 of the threshold in S/cm
  GaussianProcess process_;
};

Fitted fit_gaussian_process(const GaussianProcessConfiguration& settings, const Configuration& configuration,
                            const dataset::FeatureSet& train, const FitOptions& options);
double gaussian_process_cost(const dataset::FeatureSet& train);

} // namespace ionsift::learn
