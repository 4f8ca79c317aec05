// SPDX-License-Identifier: BSD-3-Clause
// The AtomSets classifier with an explicit backward pass.
#pragma once

#include "ionsift/base/random.hpp"

#include "set2set_layer.hpp"

#include <optional>

namespace ionsift::learn {

/// Rows -> n dense layers (ReLU, dropout) -> weighted set2set -> n dense layers (ReLU, dropout) -> dense 1,
/// sigmoid (METHOD: section 4). Single precision for use, double for checks.
///
/// The backward pass is written out instead of recorded: a step of a small network takes less time than
/// recording it does. Tests hold it to libtorch's own gradients.
class AtomSets {
public:
  /// All weights are zero. @param columns of the feature rows
  AtomSets(const AtomSetsConfiguration& configuration, std::int64_t columns,
           const at::TensorOptions& options);
  AtomSets(const AtomSets&) = delete;
  AtomSets& operator=(const AtomSets&) = delete;
  AtomSets(AtomSets&&) = default;

  /// Glorot-uniform kernels, an orthogonal recurrent kernel, zero biases. The numbers depend on the seed
  /// alone.
  void initialise(std::uint64_t seed);

  /// Takes over all weights of a network of the same shape.
  /// @throws Error conflict naming the first tensor that differs
  void copy_weights(const AtomSets& other);

  /// Before the sigmoid, without dropout. @return [structures]
  at::Tensor logits(const Batch& batch) const;

  /// The same network on another device or in another precision.
  AtomSets to(const at::TensorOptions& options) const;

  /// One training pass: fills `gradients` of mean binary cross-entropy + L2.
  /// @param dropout generator of the masks
  /// @return the loss, a tensor without dimensions
  at::Tensor loss_and_gradients(const Batch& batch, RandomStream& dropout);

  const AtomSetsConfiguration& configuration() const { return configuration_; }
  std::int64_t columns() const { return weights_.phi.front().kernel.size(0); }
  Parameters& weights() { return weights_; }
  const Parameters& weights() const { return weights_; }
  /// Made with the first call; a network that only predicts has none.
  Parameters& gradients();
  Forget& forget() { return forget_; }
  const Forget& forget() const { return forget_; }
  const Kernels& kernels() const { return *kernels_; }
  /// Replaces the kernels of the device; for tests.
  void use(const Kernels& kernels) { kernels_ = &kernels; }

private:
  struct LayerTape {
    at::Tensor input, output;
  };
  at::Tensor dense_forward(const std::vector<Dense>& layers, at::Tensor x, double dropout,
                           RandomStream& random, std::vector<LayerTape>& tape) const;
  at::Tensor dense_backward(const std::vector<Dense>& layers, std::vector<Dense>& gradients, double dropout,
                            const std::vector<LayerTape>& tape, at::Tensor output_gradient,
                            bool input_needed) const;
  at::Tensor add_penalty(const std::vector<Dense>& layers, std::vector<Dense>& gradients,
                         double factor) const;

  AtomSetsConfiguration configuration_;
  Parameters weights_;
  std::optional<Parameters> gradients_;
  Forget forget_;
  const Kernels* kernels_;
};

} // namespace ionsift::learn
