// SPDX-License-Identifier: BSD-3-Clause
// The options of a command, declared once: for parsing, help, default configuration files and the echo of
// the input in run.json.
#pragma once

#include "ionsift/base/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <vector>

namespace ionsift::cli {

/// One option. Every value travels as text and is converted by its `assign`, so that the command line and
/// configuration files share one path.
struct Option {
  std::string name;       ///< without dashes
  std::string value_name; ///< "FILE", "N"; empty for a switch
  std::string help;
  std::string default_text; ///< as written in a configuration file; empty for none
  bool repeated = false;    ///< takes several values
  bool required = false;
  std::string group; ///< heading in the help; empty before the first
  std::function<void(const std::vector<std::string>&)> assign;

  bool is_switch() const { return value_name.empty(); }
  /// The words allowed as its value, from a value name like "auto|cpu|cuda"; empty where any value is
  /// allowed.
  std::vector<std::string> choices() const;
};

/// Converts one value. @throws Error usage naming the option
template <typename T>
T convert(const std::string& option, const std::string& text);

class OptionTable {
public:
  /// An option bound to a variable, whose present value is its default.
  template <typename T>
  OptionTable& add(const std::string& name, const std::string& value_name, T& target,
                   const std::string& help) {
    return append({name,
                   value_name,
                   help,
                   fmt::format("{}", target),
                   false,
                   false,
                   {},
                   [name, &target](const auto& values) { target = convert<T>(name, values.front()); }});
  }
  /// A text that must be given.
  OptionTable& required(const std::string& name, const std::string& value_name, std::string& target,
                        const std::string& help);
  /// One or more texts that must be given.
  OptionTable& required_list(const std::string& name, const std::string& value_name,
                             std::vector<std::string>& target, const std::string& help);
  /// Any number of texts; none is the default.
  OptionTable& list(const std::string& name, const std::string& value_name, std::vector<std::string>& target,
                    const std::string& help);
  OptionTable& add_switch(const std::string& name, bool& target, const std::string& help);
  /// The heading of the options that follow, in the help.
  OptionTable& group(std::string heading);
  /// Options that do nothing unless one of some others is given.
  OptionTable& only_with(std::vector<std::string> needed, std::vector<std::string> names);
  /// The option that values without a name belong to.
  OptionTable& positional(const std::string& name);

  const std::vector<Option>& options() const { return options_; }
  /// Nothing (nullptr) where there is no such option.
  const Option* find(const std::string& name) const;

  /// Reads arguments, then the file that --config names; arguments win.
  /// @throws Error usage for an unknown or malformed option, with the nearest name that exists, and for all
  /// that are missing
  void parse(const std::vector<std::string>& arguments);

  /// What was given but does nothing: "--gap-column has no effect without --gaps".
  const std::vector<std::string>& without_effect() const { return without_effect_; }
  /// Every option as it was understood, for run.json.
  const nlohmann::json& echo() const { return echo_; }
  /// A configuration file with every option's default.
  std::string default_configuration(const std::string& command) const;
  /// The list of options, aligned, 100 columns.
  std::string help() const;

private:
  OptionTable& append(Option option);
  void assign(const Option& option, const std::vector<std::string>& values);

  struct Dependence {
    std::vector<std::string> needed, names;
  };

  std::vector<Option> options_;
  std::vector<Dependence> dependences_;
  std::vector<std::string> without_effect_;
  std::string positional_, group_;
  nlohmann::json echo_ = nlohmann::json::object();
};

} // namespace ionsift::cli
