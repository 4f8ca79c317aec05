// SPDX-License-Identifier: BSD-3-Clause
#include "checkpoint_file.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"

#include "tensor/tensor_file.hpp"

namespace ionsift::learn {

namespace {

constexpr const char* format_name = "ionsift training checkpoint";
constexpr std::int64_t schema = 2;  // 1 had no checksum
constexpr double least_share = 100; ///< smallest ratio of training time to saving time

std::uint64_t sum_of(const TrainingState& state) {
  const auto& optimiser = state.optimiser;
  Checksum sum;
  sum.add(state.epochs).add(state.loss).add(optimiser.steps).add(checksum_of(state.weights));
  sum.add(checksum_of(optimiser.first_moment)).add(checksum_of(optimiser.second_moment));
  return sum.add(checksum_of(optimiser.slow)).value();
}

} // namespace

std::optional<TrainingState> CheckpointFile::read_existing(const AtomSets& network) const {
  const auto file = h5::File::open(checkpoint_.file);
  const auto& weights = network.weights().flat();
  if (file.text_attribute("/", "format") != format_name || file.integer_attribute("/", "schema") != schema ||
      file.text_attribute("/", "job") != checkpoint_.job ||
      file.integer_attribute("/", "seed") != static_cast<std::int64_t>(seed_)) {
    return std::nullopt;
  }
  TrainingState state;
  state.epochs = static_cast<int>(file.integer_attribute("/", "epochs"));
  state.loss = file.number_attribute("/", "loss");
  state.weights = read_tensor(file, "weights", weights);
  state.optimiser.steps = file.integer_attribute("/", "steps");
  state.optimiser.first_moment = read_tensor(file, "first_moment", weights);
  state.optimiser.second_moment = read_tensor(file, "second_moment", weights);
  state.optimiser.slow = read_tensor(file, "slow", weights);
  IONSIFT_VALIDATE(static_cast<std::uint64_t>(file.integer_attribute("/", "checksum")) == sum_of(state), data,
                   fmt::format("{} is damaged", checkpoint_.file.string()),
                   "its content differs from its checksum", "Nothing needs to be done.");
  return state;
}

std::optional<TrainingState> CheckpointFile::read(const AtomSets& network) const {
  if (!std::filesystem::exists(checkpoint_.file)) {
    return std::nullopt;
  }
  try {
    return read_existing(network);
  } catch (const Error& error) {
    log::warning("the training starts again: {}", error.what());
    return std::nullopt;
  }
}

bool CheckpointFile::due() const {
  const bool asked = checkpoint_.asked && checkpoint_.asked();
  return asked || checkpoint_.every == 0 ||
         since_.seconds() >= std::max(checkpoint_.every, least_share * last_seconds_);
}

void CheckpointFile::write(const TrainingState& state) {
  const Stopwatch watch;
  auto partial = checkpoint_.file;
  partial += ".partial";
  {
    auto file = h5::File::create(partial);
    file.set_attribute("/", "format", format_name);
    file.set_attribute("/", "schema", schema);
    file.set_attribute("/", "job", checkpoint_.job);
    file.set_attribute("/", "seed", static_cast<std::int64_t>(seed_));
    file.set_attribute("/", "epochs", state.epochs);
    file.set_attribute("/", "loss", state.loss);
    file.set_attribute("/", "steps", state.optimiser.steps);
    write_tensor(file, "weights", state.weights);
    write_tensor(file, "first_moment", state.optimiser.first_moment);
    write_tensor(file, "second_moment", state.optimiser.second_moment);
    write_tensor(file, "slow", state.optimiser.slow);
    file.set_attribute("/", "checksum", static_cast<std::int64_t>(sum_of(state)));
    file.close();
  }
  put_in_place(partial, checkpoint_.file);
  last_seconds_ = watch.seconds();
  log::debug("{} saved after epoch {} in {:.1f} ms", checkpoint_.file.string(), state.epochs,
             1e3 * last_seconds_);
  since_.restart();
}

} // namespace ionsift::learn
