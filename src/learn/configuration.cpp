#include "ionsift/learn/configuration.hpp"

#include "ionsift/base/error.hpp"

#include "json_keys.hpp"

#include <limits>

namespace ionsift::learn {

namespace {

constexpr double any = std::numeric_limits<double>::infinity();

void declare(JsonKeys& keys, AtomSetsConfiguration& c) {
  keys.integer("layers", c.layers, 1, 64);
  keys.integer("width", c.width, 1, 65536);
  keys.integer("readout_hidden", c.readout_hidden, 1, 16384);
  keys.integer("readout_steps", c.readout_steps, 1, 64);
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
          {"dropout_before", c.dropout_before},
          {"dropout_after", c.dropout_after},
          {"l2_before", c.l2_before},
          {"l2_after", c.l2_after},
          {"init_lr", c.init_lr},
          {"max_lr", c.max_lr},
          {"batch", c.batch},
          {"epochs", c.epochs}};
}

} // namespace

Configuration configuration_from_json(const nlohmann::json& json, const dataset::View& view) {
  Configuration c;
  c.views = {view};
  const bool named = json.is_object() && json.contains("name") && json["name"].is_string();
  JsonKeys keys(named ? fmt::format("configuration \"{}\"", json["name"].get<std::string>())
                      : "a configuration");
  keys.text("name", c.name);
  keys.other("model", [&](const nlohmann::json& value) {
    IONSIFT_VALIDATE(value == "atomsets", usage, keys.problem("model", value), "the models are atomsets",
                     "Choose one of them.");
  });
  keys.number("weight", c.weight, 0, any, true);
  keys.other("representation", [&](const nlohmann::json& value) {
    c.views.front().representation = representation_from_json(value);
  });
  keys.integer("level", c.views.front().level, 0, 3);
  AtomSetsConfiguration atomsets;
  declare(keys, atomsets);
  keys.read(json);
  require_sense(atomsets, c.name);
  c.model = atomsets;
  return c;
}

nlohmann::json to_json(const Configuration& c) {
  auto json = std::visit([](const auto& model) { return to_json(model); }, c.model);
  json["name"] = c.name;
  json["weight"] = c.weight;
  json["representation"] = crystal::name_of(c.views.front().representation);
  json["level"] = c.views.front().level;
  return json;
}

} // namespace ionsift::learn
