// SPDX-License-Identifier: BSD-3-Clause
#include "option_table.hpp"

#include "ionsift/base/text.hpp"

#include <boost/program_options.hpp>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

namespace ionsift::cli {

namespace po = boost::program_options;

namespace {

constexpr std::size_t help_width = 100;

Error wrong_value(const std::string& option, const std::string& text, const std::string& expected) {
  return {ErrorCode::usage, fmt::format("--{} cannot be '{}'", option, text), "expected " + expected,
          "Give another value."};
}

using Values = std::map<std::string, std::vector<std::string>>;

/// What Boost parsed, by option name; an option that is not a switch has at least one value.
Values collect(const std::vector<po::option>& parsed) {
  Values values;
  for (const auto& option : parsed) {
    auto& target = values[option.string_key];
    target.insert(target.end(), option.value.begin(), option.value.end());
  }
  return values;
}

Error unknown_option(const std::string& shown, const std::string& name, const std::vector<Option>& options) {
  std::vector<std::string> names;
  std::transform(options.begin(), options.end(), std::back_inserter(names),
                 [](const Option& o) { return o.name; });
  const auto near = nearest_word(name, names);
  return {ErrorCode::usage, shown + " is not known", "this command has no such option",
          near ? fmt::format("Did you mean {}{}?", shown.starts_with('-') ? "--" : "", *near)
               : "See --help for the list."};
}

std::string strip_dashes(const std::string& name) {
  return name.substr(std::min(name.find_first_not_of('-'), name.size()));
}

/// Breaks text at blanks so that no line is longer than `width`.
std::vector<std::string> wrap(const std::string& text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (const auto& word : split(text, ' ')) {
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width) {
      lines.emplace_back();
    }
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

} // namespace

template <>
std::string convert(const std::string&, const std::string& text) {
  return text;
}

template <>
double convert(const std::string& option, const std::string& text) {
  const auto value = parse_number(text);
  if (!value) {
    throw wrong_value(option, text, "a number");
  }
  return *value;
}

template <>
int convert(const std::string& option, const std::string& text) {
  const auto value = parse_integer(text);
  if (!value || *value < INT32_MIN || *value > INT32_MAX) {
    throw wrong_value(option, text, "a whole number");
  }
  return static_cast<int>(*value);
}

template <>
std::uint64_t convert(const std::string& option, const std::string& text) {
  const auto value = parse_integer(text);
  if (!value || *value < 0) {
    throw wrong_value(option, text, "a whole number that is not negative");
  }
  return static_cast<std::uint64_t>(*value);
}

std::vector<std::string> Option::choices() const {
  return value_name.find('|') == std::string::npos ? std::vector<std::string>() : split(value_name, '|');
}

namespace {

/// Misspelled choices are rejected here, with a suggestion. Others are passed to the command,
/// which may accept more spellings (of units) and rejects the rest.
void refuse_near_miss(const Option& option, const std::vector<std::string>& values) {
  const auto choices = option.choices();
  for (const auto& value : values) {
    if (value.empty()) {
      continue; // for some options this means that they are not set
    }
    const auto near = nearest_word(value, choices);
    if (near && !equal_ignoring_case(*near, value)) {
      throw Error(ErrorCode::usage, fmt::format("--{} cannot be '{}'", option.name, value),
                  fmt::format("expected {}", fmt::join(choices, ", ")),
                  fmt::format("Did you mean '{}'?", *near));
    }
  }
}

void require_none(const std::vector<const Option*>& missing) {
  if (missing.empty()) {
    return;
  }
  std::vector<std::string> names, how;
  for (const auto* option : missing) {
    names.push_back("--" + option->name);
    how.push_back(fmt::format("--{} {}", option->name, option->value_name));
  }
  throw Error(ErrorCode::usage,
              fmt::format("{} {} missing", fmt::join(names, ", "), missing.size() == 1 ? "is" : "are"),
              missing.size() == 1 ? missing.front()->help : "this command cannot do without them",
              fmt::format("Give {}.", fmt::join(how, " ")));
}

} // namespace

OptionTable& OptionTable::append(Option option) {
  option.group = group_;
  options_.push_back(std::move(option));
  return *this;
}

OptionTable& OptionTable::required(const std::string& name, const std::string& value_name,
                                   std::string& target, const std::string& help) {
  return append({name, value_name, help, "", false, true, {}, [&target](const auto& values) {
                   target = values.front();
                 }});
}

OptionTable& OptionTable::required_list(const std::string& name, const std::string& value_name,
                                        std::vector<std::string>& target, const std::string& help) {
  return append(
      {name, value_name, help, "", true, true, {}, [&target](const auto& values) { target = values; }});
}

OptionTable& OptionTable::list(const std::string& name, const std::string& value_name,
                               std::vector<std::string>& target, const std::string& help) {
  return append(
      {name, value_name, help, "", true, false, {}, [&target](const auto& values) { target = values; }});
}

OptionTable& OptionTable::add_switch(const std::string& name, bool& target, const std::string& help) {
  return append({name, "", help, "false", false, false, {}, [name, &target](const auto& values) {
                   const std::string text = values.empty() ? "true" : to_lower(values.front());
                   if (text != "true" && text != "false") {
                     throw wrong_value(name, text, "true or false");
                   }
                   target = text == "true";
                 }});
}

OptionTable& OptionTable::group(std::string heading) {
  group_ = std::move(heading);
  return *this;
}

OptionTable& OptionTable::only_with(std::vector<std::string> needed, std::vector<std::string> names) {
  dependences_.push_back({std::move(needed), std::move(names)});
  return *this;
}

OptionTable& OptionTable::positional(const std::string& name) {
  positional_ = name;
  return *this;
}

const Option* OptionTable::find(const std::string& name) const {
  const auto found =
      std::find_if(options_.begin(), options_.end(), [&](const Option& o) { return o.name == name; });
  return found == options_.end() ? nullptr : &*found;
}

void OptionTable::assign(const Option& option, const std::vector<std::string>& values) {
  IONSIFT_VALIDATE(option.repeated || values.size() <= 1, usage,
                   fmt::format("--{} is given {} times", option.name, values.size()), "it takes one value",
                   "Keep one of them.");
  refuse_near_miss(option, values);
  option.assign(values);
  if (option.repeated) {
    echo_[option.name] = values;
  } else {
    echo_[option.name] = values.empty() ? "true" : values.front();
  }
}

void OptionTable::parse(const std::vector<std::string>& arguments) {
  po::options_description description;
  for (const auto& option : options_) {
    const auto value = po::value<std::vector<std::string>>();
    if (option.is_switch()) {
      value->zero_tokens();
    } else if (option.repeated) {
      value->multitoken();
    }
    description.add_options()(option.name.c_str(), value, option.help.c_str());
  }
  po::positional_options_description positional;
  if (!positional_.empty()) {
    positional.add(positional_.c_str(), -1);
  }

  Values values;
  try {
    const auto style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    values = collect(po::command_line_parser(arguments)
                         .options(description)
                         .positional(positional)
                         .style(style)
                         .run()
                         .options);
    if (const auto config = values.find("config"); config != values.end()) {
      std::ifstream in(config->second.front());
      IONSIFT_VALIDATE(in, usage, fmt::format("configuration {} cannot be read", config->second.front()),
                       "it does not exist or is protected", "Check the path given to --config.");
      auto from_file = collect(po::parse_config_file(in, description).options);
      values.merge(from_file); // the command line takes precedence
    }
  } catch (const po::unknown_option& error) {
    throw unknown_option(error.get_option_name(), strip_dashes(error.get_option_name()), options_);
  } catch (const po::too_many_positional_options_error&) {
    throw Error(ErrorCode::usage, "a value was given without an option", "this command takes none",
                "See --help.");
  } catch (const po::error& error) {
    throw Error(ErrorCode::usage, error.what(), "the options cannot be read", "See --help.");
  }

  const bool informs = values.contains("help") || values.contains("dump-default");
  std::vector<const Option*> missing;
  for (const auto& option : options_) {
    if (const auto found = values.find(option.name); found != values.end()) {
      assign(option, found->second);
    } else {
      if (option.required && !informs) {
        missing.push_back(&option);
      }
      echo_[option.name] = option.default_text;
    }
  }
  require_none(missing);
  const auto is_given = [&](const std::string& name) {
    const auto found = values.find(name);
    return found != values.end() && (found->second.empty() || !found->second.front().empty());
  };
  for (const auto& [needed, names] : dependences_) {
    if (std::ranges::any_of(needed, is_given)) {
      continue;
    }
    for (const auto& name : names) {
      if (is_given(name)) {
        without_effect_.push_back(
            fmt::format("--{} has no effect without --{}", name, fmt::join(needed, " or --")));
      }
    }
  }
}

std::string OptionTable::default_configuration(const std::string& command) const {
  std::string text =
      fmt::format("# ionsift {} --config FILE reads this; every line is optional unless marked.\n", command);
  const std::set<std::string> not_in_files = {"help", "config", "dump-default"};
  for (const auto& option : options_) {
    if (not_in_files.contains(option.name)) {
      continue;
    }
    for (const auto& line : wrap(option.help, help_width - 2)) {
      text += "\n# " + line;
    }
    // What has no default stays a comment, so that the file can be used as it is.
    const bool commented = option.default_text.empty();
    text += fmt::format("\n{}{} = {}{}\n", commented ? "#" : "", option.name,
                        commented ? option.value_name : option.default_text,
                        option.required ? "   # required" : "");
  }
  return text;
}

namespace {

std::string help_of(const Option& option) {
  constexpr std::size_t column = 30;
  std::string text;
  std::string left = "  --" + option.name + (option.is_switch() ? "" : " " + option.value_name) +
                     (option.repeated ? " ..." : "");
  std::string explanation = option.help;
  if (!option.required && !option.is_switch() && !option.default_text.empty()) {
    explanation += fmt::format(" [{}]", option.default_text);
  }
  const auto lines = wrap(explanation, help_width - column);
  if (left.size() + 1 > column) {
    text += left + '\n';
    left.clear();
  }
  for (const auto& line : lines) {
    text += fmt::format("{:<{}}{}\n", left, column, line);
    left.clear();
  }
  return text;
}

} // namespace

std::string OptionTable::help() const {
  // What must be given, then the groups as they come.
  std::vector<std::pair<std::string, std::string>> groups = {{"Required", ""}, {"Options", ""}};
  for (const auto& option : options_) {
    const std::string& name = option.required        ? groups[0].first
                              : option.group.empty() ? groups[1].first
                                                     : option.group;
    auto group = std::ranges::find(groups, name, &std::pair<std::string, std::string>::first);
    if (group == groups.end()) {
      group = groups.insert(group, {name, ""});
    }
    group->second += help_of(option);
  }
  std::string text;
  for (const auto& [name, options] : groups) {
    if (!options.empty()) {
      text += fmt::format("{}{}:\n{}", text.empty() ? "" : "\n", name, options);
    }
  }
  return text;
}

} // namespace ionsift::cli
