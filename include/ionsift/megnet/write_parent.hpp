// SPDX-License-Identifier: BSD-3-Clause
// Writing of our own parents in the layout of the published ones.
#pragma once

#include "ionsift/megnet/parent.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace ionsift::megnet {

/// Writes KERAS.hdf5 (weights in float, configuration of the layers) and KERAS.hdf5.json beside it (graph
/// converter, name, unit, elements, SHA-256 of the weights and of the converter), as Parent::load reads them;
/// both under temporary names and renamed. The weights are not checked: a shape outside METHOD's section 3
/// is detected by Parent::load.
/// @param notes further entries of the metadata: what the network was trained on, by whom and how
/// @throws Error io
void write_parent(const Parent& parent, const std::filesystem::path& path,
                  const nlohmann::json& notes = nlohmann::json::object());

/// The configuration of the layers, as Keras stores it in the attribute model_config.
nlohmann::json keras_configuration(const Parent& parent);
/// The document beside the weights.
nlohmann::json keras_metadata(const Parent& parent);

} // namespace ionsift::megnet
