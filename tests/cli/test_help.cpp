// SPDX-License-Identifier: BSD-3-Clause
// The help texts are checked in, so that a reviewer and users see a change of an option in the
// diff. After an intended change: IONSIFT_UPDATE_HELP=1 ctest -R cli.help
#include "ionsift/base/file.hpp"
#include "ionsift/cli/program.hpp"

#include "command.hpp"
#include "shell_texts.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <sstream>

using namespace ionsift;

namespace {

void compare_file(const std::filesystem::path& path, const std::string& text) {
  if (std::getenv("IONSIFT_UPDATE_HELP") != nullptr) {
    write_file_atomically(path, [&](std::ostream& out) { out << text; });
  }
  INFO("compare with " << path);
  CHECK(text == read_file(path));
}

void compare(const std::string& name, const std::string& text) {
  compare_file(std::filesystem::path(IONSIFT_HELP_FOLDER) / (name + ".txt"), text);
}

int run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "ionsift");
  std::vector<char*> argv;
  for (auto& argument : arguments) {
    argv.push_back(argument.data());
  }
  return cli::run(static_cast<int>(argv.size()), argv.data());
}

} // namespace

TEST_CASE("Help texts are the ones checked in") {
  compare("ionsift", cli::program_help());
  for (const auto& entry : cli::commands()) {
    compare(std::string(entry.name), cli::command_help(entry));
  }
}

TEST_CASE("The reference of commands is the one checked in") {
  compare_file(IONSIFT_COMMAND_REFERENCE, cli::command_reference());
}

TEST_CASE("No line of help is wider than 100 columns") {
  std::string text = cli::program_help();
  for (const auto& entry : cli::commands()) {
    text += cli::command_help(entry);
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(line.size() <= 100);
  }
}

TEST_CASE("Exit statuses: help is 0, wrong usage is 2") {
  CHECK(run({"--help"}) == 0);
  CHECK(run({"man", "markdown"}) == 0);
  CHECK(run({"man", "screen"}) == 2);
  CHECK(run({"featurize", "--help"}) == 0);
  CHECK(run({"train", "--dump-default"}) == 0);
  CHECK(run({"parent", "train", "--help"}) == 0);
  CHECK(run({"parent-distill", "--dump-default"}) == 0);
  CHECK(run({}) == 2);
  CHECK(run({"parent"}) == 2);
  CHECK(run({"parent", "tran"}) == 2);
  CHECK(run({"scren"}) == 2);
  CHECK(run({"screen", "--stoer", "x"}) == 2);
}
