// SPDX-License-Identifier: BSD-3-Clause
#include "weights_file.hpp"

#include "model/member_file.hpp"
#include "tensor/tensor_file.hpp"

#include <ATen/ops/empty.h>

namespace ionsift::learn {

namespace {

constexpr MemberFormat member_format = {"ionsift AtomSets member", 1};

const std::string recurrent = "set2set.recurrent";

Dense empty_recurrent(const AtomSets& network) {
  const std::int64_t hidden = network.configuration().readout_hidden;
  const auto options = network.weights().flat().options();
  return {at::empty({2 * hidden, 4 * hidden}, options), at::empty({4 * hidden}, options)};
}

bool is_recurrent(const std::string& name) {
  return name.starts_with(recurrent);
}

} // namespace

void write_member(const std::filesystem::path& path, const AtomSets& network,
                  const Configuration& configuration, std::uint64_t seed) {
  write_member_file(path, member_format, configuration, seed, [&](h5::File& file) {
    file.set_attribute("/", "columns", network.columns());
    const auto& weights = network.weights();
    for (std::size_t i = 0; i < weights.names().size(); ++i) {
      if (!is_recurrent(weights.names()[i])) {
        write_tensor(file, weights.names()[i], weights.tensors()[i]);
      }
    }
    const auto four_gates = with_forget_gate(weights, network.forget());
    write_tensor(file, recurrent + ".kernel", four_gates.kernel);
    write_tensor(file, recurrent + ".bias", four_gates.bias);
  });
}

void read_weights(const h5::File& file, const std::string& group, AtomSets& network) {
  auto& weights = network.weights();
  for (std::size_t i = 0; i < weights.names().size(); ++i) {
    if (!is_recurrent(weights.names()[i])) {
      weights.tensors()[i].copy_(read_tensor(file, group + weights.names()[i], weights.tensors()[i]));
    }
  }
  const auto like = empty_recurrent(network);
  network.forget() = take_forget_gate({read_tensor(file, group + recurrent + ".kernel", like.kernel),
                                       read_tensor(file, group + recurrent + ".bias", like.bias)},
                                      weights);
}

AtomSets read_member(const h5::File& file, const at::TensorOptions& options) {
  require_format(file, member_format);
  const auto configuration = configuration_of(file, {});
  const auto* settings = std::get_if<AtomSetsConfiguration>(&configuration.model);
  IONSIFT_VALIDATE(settings != nullptr, format, fmt::format("{} is damaged", file.name()),
                   "its configuration is of another model", "Train the ensemble again.");
  AtomSets network(*settings, file.integer_attribute("/", "columns"), options);
  read_weights(file, "/", network);
  return network;
}

} // namespace ionsift::learn
