// SPDX-License-Identifier: BSD-3-Clause
#include "state_file.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"

#include "tensor_file.hpp"

#include <algorithm>

namespace ionsift::learn {

namespace {

constexpr const char* format_name = "ionsift state of a training";
constexpr std::int64_t schema = 1;
constexpr double least_share = 100; ///< smallest ratio of training time to writing time

std::int64_t sum_of(const SavedState& state) {
  Checksum sum;
  sum.add_text(state.values.dump());
  for (const auto& [name, tensor] : state.tensors) {
    sum.add_text(name).add(checksum_of(tensor));
  }
  return static_cast<std::int64_t>(sum.value());
}

} // namespace

SavedState StateFile::read_existing(const at::Tensor& like) const {
  const auto file = h5::File::open(checkpoint_.file);
  const auto require = [&](bool fits, ErrorCode code, const char* what, const char* why) {
    if (!fits) {
      throw Error(code, fmt::format("{} {}", checkpoint_.file.string(), what), why,
                  "Nothing needs to be done.");
    }
  };
  require(file.text_attribute("/", "format") == format_name &&
              file.integer_attribute("/", "schema") == schema,
          ErrorCode::format, "was written by another version", "its format is another");
  require(file.text_attribute("/", "job") == job_, ErrorCode::conflict, "belongs to another training",
          "its input, options, seed or program version differ");
  SavedState state;
  state.values = nlohmann::json::parse(file.dataset("values").read_text().at(0));
  for (const auto& name : file.list("tensors")) {
    state.tensors[name] = read_tensor(file, "tensors/" + name, like);
  }
  require(file.integer_attribute("/", "checksum") == sum_of(state), ErrorCode::data, "is damaged",
          "its content differs from its checksum");
  return state;
}

std::optional<SavedState> StateFile::read(const at::Tensor& like) const {
  if (!std::filesystem::exists(checkpoint_.file)) {
    return std::nullopt;
  }
  try {
    return read_existing(like);
  } catch (const std::exception& error) {
    log::warning("the training starts again: {}", error.what());
    return std::nullopt;
  }
}

bool StateFile::due(bool epoch_ended) const {
  const bool asked = checkpoint_.asked && checkpoint_.asked();
  return asked || (checkpoint_.every == 0
                       ? epoch_ended
                       : since_.seconds() >= std::max(checkpoint_.every, least_share * last_seconds_));
}

void StateFile::write(const SavedState& state) {
  const Stopwatch watch;
  auto partial = checkpoint_.file;
  partial += ".partial";
  {
    auto file = h5::File::create(partial);
    file.set_attribute("/", "format", format_name);
    file.set_attribute("/", "schema", schema);
    file.set_attribute("/", "job", job_);
    const std::string values = state.values.dump();
    file.write_text("values", {&values, 1});
    for (const auto& [name, tensor] : state.tensors) {
      write_tensor(file, "tensors/" + name, tensor);
    }
    file.set_attribute("/", "checksum", sum_of(state));
    file.close();
  }
  put_in_place(partial, checkpoint_.file);
  last_seconds_ = watch.seconds();
  log::debug("{} saved in {:.1f} ms", checkpoint_.file.string(), 1e3 * last_seconds_);
  since_.restart();
}

} // namespace ionsift::learn
