// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/megnet/parent.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/json.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include "keras.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace ionsift::megnet {

GraphConverter GraphConverter::study() {
  GraphConverter converter{.cutoff = 5.0, .centres = std::vector<double>(100), .width = 0.5};
  for (std::size_t i = 0; i < converter.centres.size(); ++i) {
    converter.centres[i] = 6.0 * static_cast<double>(i) / 99.0;
  }
  return converter;
}

GraphConverter GraphConverter::with_cutoff(double new_cutoff) const {
  GraphConverter stretched = *this;
  stretched.cutoff = new_cutoff;
  for (auto& centre : stretched.centres) {
    centre *= new_cutoff / cutoff;
  }
  return stretched;
}

namespace {

template <typename To, typename From>
Dense<To> cast_dense(const Dense<From>& layer) {
  return {layer.kernel.template cast<To>(), layer.bias.template cast<To>()};
}

template <typename To, typename From>
Mlp<To> cast_mlp(const Mlp<From>& layers) {
  Mlp<To> result;
  for (const auto& layer : layers) {
    result.push_back(cast_dense<To>(layer));
  }
  return result;
}

template <typename To, typename From>
Set2SetWeights<To> cast_set2set(const Set2SetWeights<From>& weights) {
  return {cast_dense<To>(weights.memory), weights.recurrent.template cast<To>(),
          weights.recurrent_bias.template cast<To>(), weights.steps};
}

template <typename To, typename From>
BlockWeights<To> cast_block(const BlockWeights<From>& block) {
  return {cast_mlp<To>(block.dense_v), cast_mlp<To>(block.dense_e), cast_mlp<To>(block.dense_u),
          cast_mlp<To>(block.phi_e),   cast_mlp<To>(block.phi_v),   cast_mlp<To>(block.phi_u)};
}

void validate(const GraphConverter& converter, const std::string& name) {
  const auto finite = [](double x) { return std::isfinite(x); };
  IONSIFT_VALIDATE(finite(converter.cutoff) && converter.cutoff > 0 && converter.cutoff <= 50, format,
                   fmt::format("{}: the cutoff is {}", name, converter.cutoff),
                   "a length in angstrom is expected", "Use the file that belongs to the weights.");
  IONSIFT_VALIDATE(finite(converter.width) && converter.width > 0, format,
                   fmt::format("{}: the width is {}", name, converter.width),
                   "a length in angstrom is expected", "Use the file that belongs to the weights.");
  IONSIFT_VALIDATE(std::all_of(converter.centres.begin(), converter.centres.end(), finite), format,
                   fmt::format("{}: a centre is not finite", name), "lengths in angstrom are expected",
                   "Use the file that belongs to the weights.");
}

/// Files that belong together: weights as published in 2018 and 2019, and their metadata.
struct PublishedPair {
  std::string_view weights, metadata; ///< SHA-256
};

constexpr std::array published = {
    // formation energy, mp-2019.4.1
    PublishedPair{"51de7e372f9fdbd10a519c3fd3cbf6fcd1039cc58e092c85b0f4fef49964f57b",
                  "8727d8d0ab2686c4ac1c06f9ed8bdba7e63abaeac1287cff2e3c7263bf0b4b5b"},
    // band gap, mp-2018.6.1
    PublishedPair{"e149197440863b06e819c3cc11550f7c78eee329b916112dab84d884d21306de",
                  "96285e10309b8bc4091ec5c45b784958b3626e3b0d70ace96493717341438be9"},
    // metal or not, mp-2018.6.1
    PublishedPair{"51ce69de769f5f8164bfe316d027b18d9b04cec7c06f88d451956aa3319ed9e0",
                  "e7532faf49026e7384c906c389b5e0f8ef9bf586504ef0ff65e3b42897b96190"},
};

/// Checks the bytes of both files before anything in them is used.
/// @param document document of the .json; `text` are its bytes
void require_undamaged(const std::filesystem::path& path, const std::string& weights, const std::string& text,
                       const nlohmann::json& document) {
  const auto require = [&](bool same, const std::string& file, const std::string& why) {
    IONSIFT_VALIDATE(same, data, fmt::format("{} is not the file that was written", file), why,
                     "Copy or fetch both files again.");
  };
  const auto beside = path.string() + ".json";
  const auto metadata = sha256(text);
  for (const auto& pair : published) {
    require(metadata != pair.metadata || weights == pair.weights, path.string(),
            "its SHA-256 is not that of the published weights to which the .json beside it belongs");
    require(weights != pair.weights || metadata == pair.metadata, beside,
            "its SHA-256 is not that of the file published with these weights");
  }
  const auto& notes = document.at("metadata");
  require(notes.value(weights_sum, weights) == weights, path.string(),
          "its SHA-256 differs from the one in the .json beside it");
  const auto converter = sha256(document.at("graph_converter").dump());
  require(notes.value(converter_sum, converter) == converter, beside,
          "the SHA-256 of its graph converter differs from the one that it states");
}

/// The elements that a parent of our own was trained on; none if the metadata do not list them.
std::vector<int> read_elements(const nlohmann::json& metadata, const std::string& name) {
  std::vector<int> elements;
  for (const auto& symbol : metadata.value("elements", std::vector<std::string>{})) {
    const auto number = crystal::atomic_number_of(symbol);
    IONSIFT_VALIDATE(number && *number <= 94, format, fmt::format("{}: {:?} is not an element", name, symbol),
                     "its list of elements holds symbols up to Pu",
                     "Use the .json file that belongs to the weights.");
    elements.push_back(*number);
  }
  std::sort(elements.begin(), elements.end());
  return elements;
}

/// The converter and the metadata in the .json beside the weights; the unit is empty if it gives none.
void read_metadata(const std::filesystem::path& path, Parent& parent) {
  try {
    const auto text = read_file(path.string() + ".json");
    const auto document = parse_json(text);
    require_undamaged(path, parent.sha256, text, document);
    const auto& converter = document.at("graph_converter");
    const auto& bonds = converter.at("bond_converter");
    const auto& centres = bonds.at("centers");
    parent.converter.cutoff = converter.at("cutoff").get<double>();
    parent.converter.centres =
        (centres.is_object() ? centres.at("data") : centres).get<std::vector<double>>();
    parent.converter.width = bonds.at("width").get<double>();
    const auto& metadata = document.at("metadata");
    parent.name = metadata.at("name").get<std::string>();
    const auto& unit = metadata.at("unit");
    parent.unit = unit.is_string() ? unit.get<std::string>() : "";
    parent.elements = read_elements(metadata, path.string() + ".json");
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::format, fmt::format("{}.json: the graph converter cannot be read", path.string()),
                error.what(), "Use the .json file that belongs to the weights.");
  }
  validate(parent.converter, path.string() + ".json");
}

Weights<double> read_weights(const KerasFile& file, int centres) {
  Weights<double> weights;
  weights.embedding = file.embedding();
  weights.first_v = file.dense_pair(1, 16);
  weights.first_e = file.dense_pair(3, centres);
  weights.first_u = file.dense_pair(5, 2);
  for (int k = 0; k < 3; ++k) {
    auto& block = weights.block[k];
    if (k > 0) {
      block.dense_v = file.dense_pair(1 + 6 * k, 32);
      block.dense_e = file.dense_pair(3 + 6 * k, 32);
      block.dense_u = file.dense_pair(5 + 6 * k, 32);
    }
    block.phi_e = file.phi(k + 1, 'e', 128);
    block.phi_v = file.phi(k + 1, 'v', 96);
    block.phi_u = file.phi(k + 1, 'u', 96);
  }
  weights.readout_v = file.set2set(1);
  weights.readout_e = file.set2set(2);
  weights.readout = {file.dense(19, 96, 32), file.dense(20, 32, 16), file.dense(21, 16, 1)};
  return weights;
}

} // namespace

template <typename Scalar>
template <typename Other>
Weights<Other> Weights<Scalar>::cast() const {
  Weights<Other> other;
  other.embedding = embedding.template cast<Other>();
  other.first_v = cast_mlp<Other>(first_v);
  other.first_e = cast_mlp<Other>(first_e);
  other.first_u = cast_mlp<Other>(first_u);
  for (std::size_t k = 0; k < block.size(); ++k) {
    other.block[k] = cast_block<Other>(block[k]);
  }
  other.readout_v = cast_set2set<Other>(readout_v);
  other.readout_e = cast_set2set<Other>(readout_e);
  other.readout = cast_mlp<Other>(readout);
  return other;
}

template Weights<float> Weights<double>::cast<float>() const;
template Weights<double> Weights<double>::cast<double>() const;

Parent Parent::load(const std::filesystem::path& path) {
  Parent parent;
  parent.sha256 = sha256_of_file(path);
  read_metadata(path, parent);
  const KerasFile file(path);
  file.validate_architecture();
  parent.sigmoid = file.has_sigmoid();
  if (parent.unit.empty()) {
    parent.unit = parent.sigmoid ? "probability" : "eV";
  }
  parent.weights = read_weights(file, static_cast<int>(parent.converter.centres.size()));
  return parent;
}

} // namespace ionsift::megnet
