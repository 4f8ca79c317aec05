// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/text.hpp"
#include "ionsift/base/version.hpp"

#include "shell_texts.hpp"

#include <fmt/format.h>

namespace ionsift::cli {

namespace {

/// Text as roff wants it: hyphens that can be copied, nothing that looks like a request.
std::string roff(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else {
      escaped += c;
    }
  }
  return escaped.starts_with('.') || escaped.starts_with('\'') ? "\\&" + escaped : escaped;
}

std::string entry_of(const Option& option) {
  std::string text = fmt::format(".TP\n\\fB\\-\\-{}\\fR", roff(option.name));
  if (!option.is_switch()) {
    text += fmt::format(" \\fI{}\\fR", roff(option.value_name));
  }
  if (option.repeated) {
    text += " ...";
  }
  text += '\n' + roff(option.help);
  if (option.required) {
    text += " (required)";
  } else if (!option.is_switch() && !option.default_text.empty()) {
    text += fmt::format(" [{}]", roff(option.default_text));
  }
  return text + '\n';
}

} // namespace

std::string man_page() {
  std::string text = fmt::format(".TH IONSIFT 1 \"\" \"ionsift {}\" \"User Commands\"\n", version());
  text +=
      ".SH NAME\nionsift \\- screen databases of crystals for superionic lithium conductors\n"
      ".SH SYNOPSIS\n.B ionsift\n.I COMMAND\n[options]\n.br\n.B mpirun \\-n\n.I N\n.B ionsift\n.I COMMAND\n"
      "[options]\n.SH DESCRIPTION\n"
      "Structures go in (CIF files, folders, archives), a ranked and audited table of candidates comes out. "
      "Every command gives the same result on one rank and on many. Each writes a record, run.json, beside "
      "its output.\n"
      ".SH COMMANDS\n";
  for (const auto& entry : commands()) {
    text += fmt::format(".SS {}\n{}\n", entry.name, roff(entry.summary));
    for (const auto& option : own_options(entry)) {
      text += entry_of(option);
    }
  }
  for (const auto& utterance : utterances()) {
    text += fmt::format(".SS {}{}{}\n{}\n", utterance.name, utterance.argument.empty() ? "" : " ",
                        utterance.argument, roff(utterance.summary));
  }
  text += ".SH OPTIONS OF EVERY COMMAND\n";
  for (const auto& option : common_options()) {
    text += entry_of(option);
  }
  text += ".SH EXIT STATUS\n";
  for (const auto& [status, meaning] : exit_statuses()) {
    text += fmt::format(".TP\n.B {}\n{}\n", status, roff(meaning));
  }
  text += ".SH ENVIRONMENT\n";
  for (const auto& [name, meaning] : environment_variables()) {
    text += fmt::format(".TP\n.B {}\n{}\n", name, roff(meaning));
  }
  return text;
}

} // namespace ionsift::cli
