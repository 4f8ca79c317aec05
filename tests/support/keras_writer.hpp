// SPDX-License-Identifier: BSD-3-Clause
// A parent's file that can be damaged before it is written, so that reading such files can be tested.
#pragma once

#include "ionsift/base/hdf5.hpp"
#include "ionsift/megnet/write_parent.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace ionsift::test {

/// Writes a parent in Keras' layout; configuration and metadata can be altered before writing.
class KerasWriter {
  using json = nlohmann::json;

public:
  explicit KerasWriter(const megnet::Parent& parent)
      : metadata(megnet::keras_metadata(parent)), parent_(parent),
        configuration_(megnet::keras_configuration(parent)) {
    metadata["metadata"]["unit"] = 1; // as in the published models of 2018
  }

  json& layer(const std::string& name) {
    for (auto& one : configuration_["config"]["layers"]) {
      if (one["config"]["name"] == name) {
        return one["config"];
      }
    }
    throw std::out_of_range(name);
  }

  void write(const std::filesystem::path& path, const std::string& left_out = "") {
    megnet::write_parent(parent_, path);
    auto file = h5::File::open_writable(path);
    file.set_attribute("/", "model_config", configuration_.dump());
    if (!left_out.empty()) {
      file.remove("/model_weights/" + left_out);
    }
    file.close();
    std::ofstream(path.string() + ".json") << metadata.dump();
  }

  json metadata;

private:
  const megnet::Parent& parent_;
  json configuration_;
};

} // namespace ionsift::test
