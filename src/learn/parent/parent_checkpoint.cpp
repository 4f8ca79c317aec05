// SPDX-License-Identifier: BSD-3-Clause
#include "parent_checkpoint.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/hdf5.hpp"
#include "ionsift/base/log.hpp"

#include "tensor/tensor_file.hpp"

#include <nlohmann/json.hpp>

namespace ionsift::learn {

namespace {

constexpr const char* format_name = "ionsift parent training";
constexpr std::int64_t schema = 2; // 1 had no checksum

nlohmann::json to_json(const std::vector<ParentEpoch>& epochs) {
  auto list = nlohmann::json::array();
  for (const auto& e : epochs) {
    list.push_back({e.number, e.loss, e.validation_loss, e.validation_error, e.seconds});
  }
  return list;
}

std::vector<ParentEpoch> epochs_from_json(const nlohmann::json& list) {
  std::vector<ParentEpoch> epochs;
  for (const auto& e : list) {
    epochs.push_back({e.at(0), e.at(1), e.at(2), e.at(3), e.at(4)});
  }
  return epochs;
}

std::uint64_t sum_of(const ParentState& state, const Adam& adam, const at::Tensor& weights) {
  Checksum sum;
  sum.add(state.epoch).add(state.begin).add(state.loss).add(state.best).add(state.best_loss);
  sum.add_text(to_json(state.epochs).dump()).add(adam.steps);
  sum.add(checksum_of(weights)).add(checksum_of(state.best_weights));
  sum.add(checksum_of(adam.first_moment)).add(checksum_of(adam.second_moment));
  return sum.value();
}

bool read(const Checkpoint& checkpoint, const at::Tensor& weights, Adam& adam, ParentState& state) {
  const auto file = h5::File::open(checkpoint.file);
  if (file.text_attribute("/", "format") != format_name || file.integer_attribute("/", "schema") != schema ||
      file.text_attribute("/", "job") != checkpoint.job) {
    log::warning("{} belongs to another training; this one starts from scratch", checkpoint.file.string());
    return false;
  }
  ParentState found;
  found.epoch = static_cast<int>(file.integer_attribute("/", "epoch"));
  found.begin = file.integer_attribute("/", "begin");
  found.loss = file.number_attribute("/", "loss");
  found.best = static_cast<int>(file.integer_attribute("/", "best"));
  found.best_loss = file.number_attribute("/", "best_loss");
  found.epochs = epochs_from_json(nlohmann::json::parse(file.text_attribute("/", "epochs")));
  found.best_weights = read_tensor(file, "best_weights", weights);
  Adam kept = adam;
  kept.first_moment = read_tensor(file, "first_moment", weights);
  kept.second_moment = read_tensor(file, "second_moment", weights);
  kept.steps = file.integer_attribute("/", "steps");
  const auto own = read_tensor(file, "weights", weights);
  IONSIFT_VALIDATE(static_cast<std::uint64_t>(file.integer_attribute("/", "checksum")) ==
                       sum_of(found, kept, own),
                   data, fmt::format("{} is damaged", checkpoint.file.string()),
                   "its content differs from its checksum", "Nothing needs to be done.");
  weights.copy_(own);
  adam.first_moment.copy_(kept.first_moment);
  adam.second_moment.copy_(kept.second_moment);
  adam.steps = kept.steps;
  state = std::move(found);
  return true;
}

} // namespace

bool read_parent_state(const Checkpoint& checkpoint, const at::Tensor& weights, Adam& adam,
                       ParentState& state) {
  if (!std::filesystem::exists(checkpoint.file)) {
    return false;
  }
  try {
    return read(checkpoint, weights, adam, state);
  } catch (const Error& error) {
    log::warning("the training starts again: {}", error.what());
  } catch (const nlohmann::json::exception& error) {
    log::warning("the training starts again: {}: {}", checkpoint.file.string(), error.what());
  }
  return false;
}

void write_parent_state(const Checkpoint& checkpoint, const at::Tensor& weights, const Adam& adam,
                        const ParentState& state) {
  auto partial = checkpoint.file;
  partial += ".partial";
  {
    auto file = h5::File::create(partial);
    file.set_attribute("/", "format", format_name);
    file.set_attribute("/", "schema", schema);
    file.set_attribute("/", "job", checkpoint.job);
    file.set_attribute("/", "epoch", state.epoch);
    file.set_attribute("/", "begin", state.begin);
    file.set_attribute("/", "loss", state.loss);
    file.set_attribute("/", "best", state.best);
    file.set_attribute("/", "best_loss", state.best_loss);
    file.set_attribute("/", "epochs", to_json(state.epochs).dump());
    file.set_attribute("/", "steps", adam.steps);
    write_tensor(file, "weights", weights);
    write_tensor(file, "best_weights", state.best_weights);
    write_tensor(file, "first_moment", adam.first_moment);
    write_tensor(file, "second_moment", adam.second_moment);
    file.set_attribute("/", "checksum", static_cast<std::int64_t>(sum_of(state, adam, weights)));
    file.close();
  }
  put_in_place(partial, checkpoint.file);
}

} // namespace ionsift::learn
