// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"

#include "build_facts.hpp"
#include "shell_texts.hpp"

#include <catch2/catch.hpp>
#include <fmt/ranges.h>

using namespace ionsift;
using Catch::Matchers::Contains;

namespace {

std::string escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('-', at)) != std::string::npos; at += 2) {
    text.replace(at, 1, "\\-");
  }
  return text;
}

} // namespace

TEST_CASE("The manual page has every command, option and exit status") {
  const auto page = cli::man_page();
  for (const auto& entry : cli::commands()) {
    INFO(entry.name);
    const auto at = page.find("\n.SS " + std::string(entry.name) + '\n');
    REQUIRE(at != std::string::npos);
    const auto section = page.substr(at, page.find("\n.S", at + 1) - at);
    for (const auto& option : cli::own_options(entry)) {
      CHECK_THAT(section, Contains("\\fB\\-\\-" + escaped(option.name) + "\\fR"));
    }
  }
  for (const auto& option : cli::common_options()) {
    CHECK_THAT(page, Contains("\\fB\\-\\-" + escaped(option.name) + "\\fR"));
  }
  for (const auto& status : cli::exit_statuses()) {
    CHECK_THAT(page, Contains(".B " + std::to_string(status.status) + '\n'));
  }
}

TEST_CASE("Completions have every command, option and choice") {
  const std::string bash = cli::completion_script("bash");
  const std::string zsh = cli::completion_script("zsh");
  const std::string fish = cli::completion_script("fish");
  for (const auto& entry : cli::commands()) {
    const std::string name(entry.name);
    INFO(name);
    CHECK_THAT(fish, Contains("__fish_use_subcommand -a " + name + " "));
    CHECK_THAT(zsh, Contains("    '" + name + ":"));
    const auto at = bash.find("  " + name + ") options=\"");
    REQUIRE(at != std::string::npos);
    const auto line = bash.substr(at, bash.find('\n', at) - at);
    const auto from = zsh.find("  " + name + ")\n    _arguments");
    REQUIRE(from != std::string::npos);
    const auto arguments = zsh.substr(from, zsh.find(";;", from) - from);
    for (const auto& option : cli::own_options(entry)) {
      CHECK_THAT(line, Contains("--" + option.name));
      CHECK_THAT(arguments, Contains("--" + option.name + "["));
      CHECK_THAT(fish, Contains("from " + name + "' -l " + option.name));
      if (const auto choices = option.choices(); !choices.empty()) {
        const auto words = fmt::format("{}", fmt::join(choices, " "));
        CHECK_THAT(bash, Contains(fmt::format("\"{} --{}\") words=\"{}\"", name, option.name, words)));
        CHECK_THAT(arguments, Contains("(" + words + ")"));
        CHECK_THAT(fish, Contains(option.name + " -x -a '" + words + "'"));
      }
    }
  }
  CHECK_THROWS_WITH(cli::completion_script("bsh"), Contains("Did you mean 'bash'?"));
  CHECK_THROWS_WITH(cli::completion_script(""), Contains("bash, zsh or fish"));
}

TEST_CASE("Misspelt choices are refused with the nearest choice") {
  std::string device = "auto";
  cli::OptionTable table;
  table.add("device", "auto|cpu|cuda", device, "where");
  CHECK_THROWS_WITH(table.parse({"--device", "cudda"}), Contains("auto, cpu, cuda") && Contains("'cuda'?"));
  table.parse({"--device", "CUDA"}); // left to the command
  CHECK(device == "CUDA");
  table.parse({"--device", "rocket"});
  CHECK(device == "rocket");
}

TEST_CASE("The documented exit statuses are the real ones") {
  const auto text = read_file(IONSIFT_SOURCE_FOLDER "/docs/terminal.md");
  for (const auto& [status, meaning] : cli::exit_statuses()) {
    CHECK_THAT(text, Contains(fmt::format("| {} | {} |", status, meaning)));
  }
}

TEST_CASE("The version lists the libraries of the build") {
  const auto text = cli::version_text();
  CHECK_FALSE(cli::commit().empty());
  for (const char* fact : {"commit ", "compiler ", "MPI ", "HDF5 ", "libtorch ", "BLAS "}) {
    CHECK_THAT(text, Contains(fact));
  }
}
