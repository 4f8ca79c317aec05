// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"

#include "shell_texts.hpp"

#include <fmt/format.h>

namespace ionsift::cli {

namespace {

/// Text in a table of Markdown, where a bar ends the cell and stars and angles are markup.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '<' || c == '_') {
      escaped += '\\';
    }
    escaped += c;
  }
  return escaped;
}

/// Words as they are typed; a bar ends the cell even here.
std::string code(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  }
  return text.empty() ? "" : '`' + escaped + '`';
}

std::string row_of(const Option& option) {
  const auto value = option.value_name + (option.repeated ? " ..." : "");
  const auto standard = option.required      ? std::string("required")
                        : option.is_switch() ? std::string()
                                             : code(option.default_text);
  return fmt::format("| {} | {} | {} | {} |\n", code("--" + option.name), code(value), standard,
                     cell(option.help));
}

std::string table_of(const std::vector<Option>& options) {
  std::string text = "| option | value | default | |\n|---|---|---|---|\n";
  for (const auto& option : options) {
    text += row_of(option);
  }
  return text;
}

std::string synopsis(const CommandEntry& entry, const std::vector<Option>& options) {
  std::string text = fmt::format("[mpirun -n N] ionsift {}", entry.name);
  for (const auto& option : options) {
    if (option.required) {
      text += fmt::format(" --{} {}{}", option.name, option.value_name, option.repeated ? " ..." : "");
    }
  }
  return text + " [options]";
}

} // namespace

std::string command_reference() {
  std::string text =
      "# Commands\n\nMade by `ionsift man markdown` from the option table that reads the command line; a "
      "test compares the two. The same is in `ionsift COMMAND --help` and `man ionsift`.\n\n"
      "| command | |\n|---|---|\n";
  for (const auto& entry : commands()) {
    text += fmt::format("| [`{0}`](#{0}) | {1} |\n", entry.name, cell(entry.summary));
  }
  for (const auto& utterance : utterances()) {
    const auto words =
        fmt::format("{}{}{}", utterance.name, utterance.argument.empty() ? "" : " ", utterance.argument);
    text += fmt::format("| {} | {} |\n", code(words), cell(utterance.summary));
  }
  text += "\n`parent-train` may be written `parent train`, and so may every name with a hyphen.\n";
  for (const auto& entry : commands()) {
    const auto options = own_options(entry);
    text += fmt::format("\n## {}\n\n{}\n\n```\n{}\n```\n\n{}", entry.name, cell(entry.summary),
                        synopsis(entry, options), table_of(options));
  }
  text += "\n## Options of every command\n\n" + table_of(common_options());
  text += "\n## Exit status\n\n| status | meaning |\n|---|---|\n";
  for (const auto& [status, meaning] : exit_statuses()) {
    text += fmt::format("| {} | {} |\n", status, cell(meaning));
  }
  text += "\n## Environment\n\n| variable | meaning |\n|---|---|\n";
  for (const auto& [name, meaning] : environment_variables()) {
    text += fmt::format("| {} | {} |\n", code(name), cell(meaning));
  }
  return text;
}

} // namespace ionsift::cli
