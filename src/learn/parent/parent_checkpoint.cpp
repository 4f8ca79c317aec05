// SPDX-License-Identifier: BSD-3-Clause
#include "parent_checkpoint.hpp"

namespace ionsift::learn {

SavedState saved_state(const at::Tensor& weights, const Adam& adam, const ParentState& state) {
  auto epochs = nlohmann::json::array();
  for (const auto& e : state.epochs) {
    epochs.push_back({e.number, e.loss, e.validation_loss, e.validation_error, e.seconds});
  }
  return {{{"epoch", state.epoch},
           {"begin", state.begin},
           {"loss", state.loss},
           {"best", state.best},
           {"best_loss", state.best_loss},
           {"epochs", std::move(epochs)},
           {"steps", adam.steps}},
          {{"weights", weights},
           {"best_weights", state.best_weights},
           {"first_moment", adam.first_moment},
           {"second_moment", adam.second_moment}}};
}

void restore(const SavedState& saved, const at::Tensor& weights, Adam& adam, ParentState& state) {
  const auto& values = saved.values;
  values.at("epoch").get_to(state.epoch);
  values.at("begin").get_to(state.begin);
  values.at("loss").get_to(state.loss);
  values.at("best").get_to(state.best);
  values.at("best_loss").get_to(state.best_loss);
  for (const auto& e : values.at("epochs")) {
    state.epochs.push_back({e.at(0), e.at(1), e.at(2), e.at(3), e.at(4)});
  }
  values.at("steps").get_to(adam.steps);
  weights.copy_(saved.tensors.at("weights"));
  state.best_weights = saved.tensors.at("best_weights");
  adam.first_moment.copy_(saved.tensors.at("first_moment"));
  adam.second_moment.copy_(saved.tensors.at("second_moment"));
}

} // namespace ionsift::learn
