// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include "shell_texts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ionsift::cli {

namespace {

/// Own options first.
std::vector<Option> all_options(const CommandEntry& entry) {
  auto options = own_options(entry);
  const auto common = common_options();
  options.insert(options.end(), common.begin(), common.end());
  return options;
}

std::string replaced(const std::string& text, char what, std::string_view by) {
  std::string result;
  for (const char c : text) {
    if (c == what) {
      result += by;
    } else {
      result += c;
    }
  }
  return result;
}

/// The possible arguments of a command that only prints.
std::string words_behind(const Utterance& utterance) {
  std::string words;
  if (utterance.argument == "[COMMAND]") {
    for (const auto& entry : commands()) {
      words += fmt::format("{}{}", words.empty() ? "" : " ", entry.name);
    }
    return words;
  }
  auto argument = utterance.argument;
  if (argument.starts_with('[')) {
    argument = argument.substr(1, argument.size() - 2); // may be left out
  }
  return replaced(std::string(argument), '|', " ");
}

std::string bash_script() {
  std::string words;
  std::string options;
  std::string choices;
  for (const auto& entry : commands()) {
    words += fmt::format("{} ", entry.name);
    options += fmt::format("  {}) options=\"", entry.name);
    for (const auto& option : all_options(entry)) {
      options += fmt::format("--{} ", option.name);
      if (const auto values = option.choices(); !values.empty()) {
        choices +=
            fmt::format("  \"{} --{}\") words=\"{}\" ;;\n", entry.name, option.name, fmt::join(values, " "));
      }
    }
    options.back() = '"';
    options += " ;;\n";
  }
  for (const auto& utterance : utterances()) {
    words += fmt::format("{} ", utterance.name);
    options += fmt::format("  {}) words=\"{}\" ;;\n", utterance.name, words_behind(utterance));
  }
  return fmt::format(R"(# bash completion of ionsift, made by: ionsift completion bash
_ionsift() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command="" options="" words=""
  ((COMP_CWORD < 2)) || command=${{COMP_WORDS[1]}}
  case $command in
  "") words="{}--help --version" ;;
{}  esac
  case "$command $previous" in
{}  esac
  if [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  elif [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}}
complete -o filenames -F _ionsift ionsift
)",
                     words, options, choices);
}

/// Inside single quotes, where zsh's descriptions end at a colon or a bracket.
std::string zsh_text(std::string_view text) {
  std::string escaped(text);
  escaped = replaced(escaped, '\\', "\\\\");
  escaped = replaced(escaped, ':', "\\:");
  escaped = replaced(escaped, '[', "\\[");
  escaped = replaced(escaped, ']', "\\]");
  return replaced(escaped, '\'', "'\\''");
}

std::string zsh_option(const Option& option) {
  std::string spec =
      fmt::format("'{}--{}[{}]", option.repeated ? "*" : "", option.name, zsh_text(option.help));
  if (const auto values = option.choices(); !values.empty()) {
    spec += fmt::format(":value:({})", fmt::join(values, " "));
  } else if (!option.is_switch()) {
    spec += fmt::format(":{}:_files", zsh_text(option.value_name));
  }
  return spec + "'";
}

std::string zsh_script() {
  std::string described;
  std::string cases;
  for (const auto& entry : commands()) {
    described += fmt::format("    '{}:{}'\n", entry.name, zsh_text(entry.summary));
    cases += fmt::format("  {})\n    _arguments", entry.name);
    for (const auto& option : all_options(entry)) {
      cases += fmt::format(" \\\n      {}", zsh_option(option));
    }
    cases += " \\\n      '*:file:_files'\n    ;;\n";
  }
  for (const auto& utterance : utterances()) {
    described += fmt::format("    '{}:{}'\n", utterance.name, zsh_text(utterance.summary));
    if (const auto words = words_behind(utterance); !words.empty()) {
      cases += fmt::format("  {}) _values word {} ;;\n", utterance.name, words);
    }
  }
  return fmt::format(R"(#compdef ionsift
# zsh completion of ionsift, made by: ionsift completion zsh
_ionsift() {{
  local -a described
  described=(
{}  )
  if ((CURRENT == 2)); then
    _describe command described
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
{}  esac
}}
if [[ $funcstack[1] == _ionsift ]]; then
  _ionsift "$@"
else
  compdef _ionsift ionsift
fi
)",
                     described, cases);
}

std::string fish_text(std::string_view text) {
  return "'" + replaced(replaced(std::string(text), '\\', "\\\\"), '\'', "\\'") + "'";
}

std::string fish_script() {
  std::string text =
      "# fish completion of ionsift, made by: ionsift completion fish\ncomplete -c ionsift -f\n";
  const auto offer = [&](std::string_view name, std::string_view summary) {
    text +=
        fmt::format("complete -c ionsift -n __fish_use_subcommand -a {} -d {}\n", name, fish_text(summary));
  };
  for (const auto& entry : commands()) {
    offer(entry.name, entry.summary);
    for (const auto& option : all_options(entry)) {
      std::string value = option.is_switch() ? "" : " -r -F";
      if (const auto values = option.choices(); !values.empty()) {
        value = fmt::format(" -x -a '{}'", fmt::join(values, " "));
      }
      text += fmt::format("complete -c ionsift -n '__fish_seen_subcommand_from {}' -l {}{} -d {}\n",
                          entry.name, option.name, value, fish_text(option.help));
    }
  }
  for (const auto& utterance : utterances()) {
    offer(utterance.name, utterance.summary);
    if (const auto words = words_behind(utterance); !words.empty()) {
      text += fmt::format("complete -c ionsift -n '__fish_seen_subcommand_from {}' -a '{}'\n", utterance.name,
                          words);
    }
  }
  return text;
}

} // namespace

std::string completion_script(const std::string& shell) {
  if (shell == "bash") {
    return bash_script();
  }
  if (shell == "zsh") {
    return zsh_script();
  }
  if (shell == "fish") {
    return fish_script();
  }
  const auto near = nearest_word(shell, {"bash", "zsh", "fish"});
  throw Error(ErrorCode::usage, fmt::format("there is no completion for '{}'", shell),
              "expected bash, zsh or fish",
              near ? fmt::format("Did you mean '{}'?", *near) : "Give one of these.");
}

} // namespace ionsift::cli
