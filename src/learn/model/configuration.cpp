// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/model/configuration.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/learn/model/member_kinds.hpp"

#include "json_keys.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ionsift::learn {

namespace {

constexpr double any = std::numeric_limits<double>::infinity();

void declare(JsonKeys& keys, AtomSetsConfiguration& c) {
  keys.integer("layers", c.layers, 1, 64);
  keys.integer("width", c.width, 1, 65536);
  keys.integer("readout_hidden", c.readout_hidden, 1, 16384);
  keys.integer("readout_steps", c.readout_steps, 1, 64);
  keys.other("readout_cell", [&](const nlohmann::json& value) {
    IONSIFT_VALIDATE(value == "published" || value == "lstm", usage,
                     fmt::format("\"readout_cell\" is {}", value.dump()), "it must be published or lstm",
                     "Choose one of these, in quotes.");
    c.readout_cell = value == "lstm" ? ReadoutCell::lstm : ReadoutCell::published;
  });
  keys.number("dropout_before", c.dropout_before, 0, 1);
  keys.number("dropout_after", c.dropout_after, 0, 1);
  keys.number("l2_before", c.l2_before, 0, any);
  keys.number("l2_after", c.l2_after, 0, any);
  keys.number("init_lr", c.init_lr, 0, any, true);
  keys.number("max_lr", c.max_lr, 0, any, true);
  keys.integer("batch", c.batch, 1);
  keys.integer("epochs", c.epochs, 1);
}

void require_sense(const AtomSetsConfiguration& c, const std::string& name) {
  IONSIFT_VALIDATE(
      c.max_lr >= c.init_lr, usage,
      fmt::format("configuration \"{}\": \"max_lr\" {} is below \"init_lr\" {}", name, c.max_lr, c.init_lr),
      "the learning rate cycles from init_lr up to max_lr and back", "Exchange or correct them.");
}

nlohmann::json to_json(const AtomSetsConfiguration& c) {
  return {{"model", "atomsets"},
          {"layers", c.layers},
          {"width", c.width},
          {"readout_hidden", c.readout_hidden},
          {"readout_steps", c.readout_steps},
          {"readout_cell", c.readout_cell == ReadoutCell::lstm ? "lstm" : "published"},
          {"dropout_before", c.dropout_before},
          {"dropout_after", c.dropout_after},
          {"l2_before", c.l2_before},
          {"l2_after", c.l2_after},
          {"init_lr", c.init_lr},
          {"max_lr", c.max_lr},
          {"batch", c.batch},
          {"epochs", c.epochs}};
}

nlohmann::json to_json(const TreesConfiguration& c) {
  nlohmann::json json = {{"model", "trees"},
                         {"trees", c.trees},
                         {"feature_share", c.feature_share},
                         {"min_leaf", c.min_leaf},
                         {"label_noise", c.label_noise},
                         {"balanced", c.balanced}};
  if (c.unlabelled_weight > 0) { // plans without it stay what they were
    json["unlabelled_weight"] = c.unlabelled_weight;
  }
  return json;
}

nlohmann::json to_json(const GaussianProcessConfiguration& c) {
  return {{"model", "gaussian_process"}, {"scale", c.scale}, {"least_sd", c.least_sd}};
}

void declare(JsonKeys& keys, TreesConfiguration& c) {
  keys.integer("trees", c.trees, 1, 1'000'000);
  keys.number("feature_share", c.feature_share, 0, std::nextafter(1.0, 2.0));
  keys.integer("min_leaf", c.min_leaf, 1);
  keys.number("label_noise", c.label_noise, 0, any);
  keys.flag("balanced", c.balanced);
  keys.number("unlabelled_weight", c.unlabelled_weight, 0, any);
}

void declare(JsonKeys& keys, GaussianProcessConfiguration& c) {
  keys.number("scale", c.scale, 0, any);
  keys.number("least_sd", c.least_sd, 0, any);
}

/// Reads the input of AtomSets: one view.
void declare_view(JsonKeys& keys, Configuration& c, const dataset::View& view) {
  c.views = {view};
  keys.other("representation", [&](const nlohmann::json& value) {
    c.views.front().representation = representation_from_json(value);
  });
  keys.integer("level", c.views.front().level, 0, 3);
}

/// A list of distinct names.
template <typename Item, typename Parse>
void declare_list(JsonKeys& keys, const std::string& key, std::vector<Item>& items, Parse parse) {
  keys.other(key, [&items, &keys, key, parse](const nlohmann::json& value) {
    IONSIFT_VALIDATE(value.is_array(), usage, keys.problem(key, value), "it must be a list of names",
                     "Put them in brackets.");
    items.clear();
    for (const auto& name : value) {
      IONSIFT_VALIDATE(name.is_string(), usage, keys.problem(key, value), "its entries must be text",
                       "Put them in quotes.");
      items.push_back(parse(name.get<std::string>()));
      IONSIFT_VALIDATE(std::count(items.begin(), items.end(), items.back()) == 1, usage,
                       keys.problem(key, value), "an entry occurs twice", "Remove one.");
    }
  });
}

/// Reads the input of table models: moments of views, and descriptors.
void declare_table(JsonKeys& keys, Configuration& c) {
  c.views.clear();
  c.blocks = {dataset::DescriptorBlock::composition};
  declare_list(keys, "views", c.views, dataset::view_of);
  declare_list(keys, "blocks", c.blocks, dataset::descriptor_block_of);
}

std::string model_of(const nlohmann::json& json) {
  const bool given = json.is_object() && json.contains("model");
  const auto model = given ? json["model"] : nlohmann::json("atomsets");
  IONSIFT_VALIDATE(model == "atomsets" || model == "trees" || model == "gaussian_process", usage,
                   fmt::format("\"model\" is {}", model.dump()),
                   "the models are atomsets, trees and gaussian_process", "Choose one of them.");
  return model.get<std::string>();
}

} // namespace

Configuration configuration_from_json(const nlohmann::json& json, const dataset::View& view) {
  Configuration c;
  const bool named = json.is_object() && json.contains("name") && json["name"].is_string();
  JsonKeys keys(named ? fmt::format("configuration \"{}\"", json["name"].get<std::string>())
                      : "a configuration");
  keys.text("name", c.name);
  keys.other("model", [](const nlohmann::json&) {}); // see model_of
  keys.number("weight", c.weight, 0, any, true);
  keys.integer("seeds", c.seeds, 0, 100'000);
  const auto model = model_of(json);
  if (model == "atomsets") {
    declare_view(keys, c, view);
    declare(keys, c.model.emplace<AtomSetsConfiguration>());
  } else if (model == "trees") {
    declare_table(keys, c);
    declare(keys, c.model.emplace<TreesConfiguration>());
  } else {
    declare_table(keys, c);
    declare(keys, c.model.emplace<GaussianProcessConfiguration>());
  }
  keys.read(json);
  if (const auto* atomsets = std::get_if<AtomSetsConfiguration>(&c.model)) {
    require_sense(*atomsets, c.name);
  }
  if (const auto* trees = std::get_if<TreesConfiguration>(&c.model)) {
    IONSIFT_VALIDATE(trees->unlabelled_weight == 0 || looks_at_composition_alone(c), usage,
                     fmt::format("configuration \"{}\" has \"unlabelled_weight\"", c.name),
                     "unlabelled entries are compositions, and it does not look at compositions alone",
                     "Remove it, or give the block \"composition\" and no views.");
  }
  IONSIFT_VALIDATE(!c.views.empty() || !c.blocks.empty(), usage,
                   fmt::format("configuration \"{}\" looks at nothing", c.name),
                   "\"views\" and \"blocks\" are both empty", "Name a view or a block of descriptors.");
  return c;
}

nlohmann::json to_json(const Configuration& c) {
  auto json = std::visit([](const auto& model) { return to_json(model); }, c.model);
  json["name"] = c.name;
  json["weight"] = c.weight;
  json["seeds"] = c.seeds;
  if (std::holds_alternative<AtomSetsConfiguration>(c.model)) {
    json["representation"] = crystal::name_of(c.views.front().representation);
    json["level"] = c.views.front().level;
    return json;
  }
  auto views = nlohmann::json::array();
  for (const auto& view : c.views) {
    views.push_back(name_of(view));
  }
  auto blocks = nlohmann::json::array();
  for (const auto block : c.blocks) {
    blocks.push_back(name_of(block));
  }
  json["views"] = std::move(views);
  json["blocks"] = std::move(blocks);
  return json;
}

} // namespace ionsift::learn
