#include "ionsift/learn/configuration.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/text.hpp"

#include <functional>
#include <limits>

namespace ionsift::learn {

namespace {

/// The keys of one JSON object, each with what reads it into a structure.
class Keys {
public:
  explicit Keys(std::string where) : where_(std::move(where)) {}

  void text(const std::string& key, std::string& value) {
    add(key, [&value, key, this](const nlohmann::json& json) {
      IONSIFT_VALIDATE(json.is_string(), usage, problem(key, json), "it must be text", "Put it in quotes.");
      value = json.get<std::string>();
    });
  }

  void integer(const std::string& key, int& value, int low, int high = std::numeric_limits<int>::max()) {
    add(key, [&value, key, low, high, this](const nlohmann::json& json) {
      const bool fits = json.is_number_integer() &&
                        !(json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t(high)) &&
                        json.get<std::int64_t>() >= low && json.get<std::int64_t>() <= high;
      IONSIFT_VALIDATE(fits, usage, problem(key, json),
                       high == std::numeric_limits<int>::max()
                           ? fmt::format("it must be a whole number, at least {}", low)
                           : fmt::format("it must be a whole number, {} to {}", low, high),
                       "Correct it.");
      value = json.get<int>();
    });
  }

  /// A finite number in [low, high), or (low, high) where `open`.
  void number(const std::string& key, double& value, double low, double high, bool open = false) {
    add(key, [&value, key, low, high, open, this](const nlohmann::json& json) {
      const double x = json.is_number() ? json.get<double>() : std::numeric_limits<double>::quiet_NaN();
      IONSIFT_VALIDATE(
          (open ? x > low : x >= low) && x < high, usage, problem(key, json),
          fmt::format("it must be a number {} {} and below {}", open ? "above" : "of at least", low, high),
          "Correct it.");
      value = x;
    });
  }

  void other(const std::string& key, std::function<void(const nlohmann::json&)> read) {
    add(key, std::move(read));
  }

  /// Reads all keys of an object.
  void read(const nlohmann::json& json) const {
    IONSIFT_VALIDATE(json.is_object(), usage, fmt::format("{} is not an object", where_),
                     "settings are given as {\"key\": value, ...}", "Put it in braces.");
    for (const auto& [key, value] : json.items()) {
      const auto known = std::find(names_.begin(), names_.end(), key);
      if (known == names_.end()) {
        const auto nearest = nearest_word(key, names_);
        throw Error(ErrorCode::usage, fmt::format("{} has an unknown key \"{}\"", where_, key),
                    fmt::format("the keys are {}", fmt::join(names_, ", ")),
                    nearest ? fmt::format("Did you mean \"{}\"?", *nearest) : "Remove it.");
      }
      readers_[static_cast<std::size_t>(known - names_.begin())](value);
    }
  }

private:
  void add(const std::string& key, std::function<void(const nlohmann::json&)> read) {
    names_.push_back(key);
    readers_.push_back(std::move(read));
  }
  std::string problem(const std::string& key, const nlohmann::json& json) const {
    return fmt::format("{}: \"{}\" is {}", where_, key, json.dump());
  }

  std::string where_;
  std::vector<std::string> names_;
  std::vector<std::function<void(const nlohmann::json&)>> readers_;
};

} // namespace

Configuration configuration_from_json(const nlohmann::json& json) {
  Configuration c;
  const bool named = json.is_object() && json.contains("name") && json["name"].is_string();
  Keys keys(named ? fmt::format("configuration \"{}\"", json["name"].get<std::string>()) : "a configuration");
  constexpr double any = std::numeric_limits<double>::infinity();
  keys.text("name", c.name);
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
  keys.read(json);
  IONSIFT_VALIDATE(
      c.max_lr >= c.init_lr, usage,
      fmt::format("configuration \"{}\": \"max_lr\" {} is below \"init_lr\" {}", c.name, c.max_lr, c.init_lr),
      "the learning rate cycles from init_lr up to max_lr and back", "Exchange or correct them.");
  return c;
}

nlohmann::json to_json(const Configuration& c) {
  return {{"name", c.name},
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

MemberPlan MemberPlan::from_json(const nlohmann::json& json) {
  MemberPlan plan;
  Keys keys("the plan of members");
  keys.other("representation", [&](const nlohmann::json& value) {
    IONSIFT_VALIDATE(value.is_string(), usage, fmt::format("\"representation\" is {}", value.dump()),
                     "it must be CAMN, CAN, CAMNS or CANS", "Put it in quotes.");
    plan.representation = crystal::representation_of(value.get<std::string>());
  });
  keys.integer("level", plan.level, 0, 3);
  keys.integer("seeds", plan.seeds, 1, 100'000);
  keys.other("configurations", [&](const nlohmann::json& value) {
    IONSIFT_VALIDATE(value.is_array(), usage, "\"configurations\" is not a list",
                     "every entry is one point of the hyperparameter space", "Put it in brackets.");
    for (const auto& entry : value) {
      plan.configurations.push_back(configuration_from_json(entry));
    }
  });
  keys.read(json);
  IONSIFT_VALIDATE(!plan.configurations.empty(), usage, "the plan of members has no configuration",
                   "an ensemble needs at least one", "List one or more under \"configurations\".");
  return plan;
}

MemberPlan MemberPlan::read(const std::filesystem::path& path) {
  const auto text = read_file(path);
  try {
    return from_json(nlohmann::json::parse(text));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::format, fmt::format("{} is not JSON", path.string()), error.what(),
                "Correct it, or start from inputs/members.json.");
  } catch (const Error& error) {
    throw error.at(path.string());
  }
}

nlohmann::json MemberPlan::to_json() const {
  auto list = nlohmann::json::array();
  for (const auto& configuration : configurations) {
    list.push_back(learn::to_json(configuration));
  }
  return {{"representation", crystal::name_of(representation)},
          {"level", level},
          {"seeds", seeds},
          {"configurations", std::move(list)}};
}

} // namespace ionsift::learn
