// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"

#include "option_table.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <ostream>

using namespace ionsift;
using Catch::Matchers::Contains;
using ionsift::cli::OptionTable;

namespace {

struct Example {
  std::string store, name = "CAMNS", config;
  std::vector<std::string> inputs;
  double threshold = 1e-4;
  std::uint64_t batch = 2048;
  bool overwrite = false;
  OptionTable table;

  Example() {
    table.required_list("input", "PATH", inputs, "what to read")
        .required("store", "FILE", store, "where to write")
        .add("representation", "NAME", name, "which one")
        .add("threshold", "S/CM", threshold, "class border")
        .add("batch", "N", batch, "how many")
        .add_switch("overwrite", overwrite, "replace")
        .add("config", "FILE", config, "options from a file");
  }
};

std::string write_config(const std::string& text) {
  const auto path = test::scratch("config") / "x.ini";
  write_file_atomically(path, [&](std::ostream& out) { out << text; });
  return path.string();
}

} // namespace

TEST_CASE("Arguments are read, other options have defaults, and run.json gets both") {
  Example example;
  example.table.parse({"--input", "a.cif", "b.cif", "--store=S.h5", "--threshold", "1e-5", "--overwrite"});
  CHECK(example.inputs == std::vector<std::string>{"a.cif", "b.cif"});
  CHECK(example.store == "S.h5");
  CHECK(example.threshold == 1e-5);
  CHECK(example.batch == 2048);
  CHECK(example.overwrite);
  CHECK(example.table.echo()["threshold"] == "1e-5");
  CHECK(example.table.echo()["representation"] == "CAMNS");
  CHECK(example.table.echo()["input"].size() == 2);
}

TEST_CASE("A configuration file may set any option, and the command line takes precedence") {
  Example example;
  const auto path = write_config("input = a.cif\ninput = b.cif\nstore = F.h5\nbatch = 7\noverwrite = true\n");
  example.table.parse({"--config", path, "--store", "C.h5"});
  CHECK(example.inputs.size() == 2);
  CHECK(example.store == "C.h5");
  CHECK(example.batch == 7);
  CHECK(example.overwrite);
}

TEST_CASE("The printed default configuration can be read") {
  Example example;
  const auto text = example.table.default_configuration("featurize");
  CHECK_THAT(text, Contains("threshold = 0.0001") && Contains("#store = FILE   # required"));
  Example read;
  read.table.parse({"--config", write_config(text), "--store", "S.h5", "--input", "a.cif"});
  CHECK(read.threshold == example.threshold);
  CHECK(read.batch == example.batch);
  CHECK_FALSE(read.overwrite);
}

TEST_CASE("Errors in options are reported with the valid choice") {
  const auto parse = [](const std::vector<std::string>& arguments) { Example().table.parse(arguments); };
  CHECK_THROWS_WITH(parse({"--stroe", "S.h5"}), Contains("Did you mean --store?"));
  CHECK_THROWS_WITH(parse({"--input", "a.cif"}), Contains("--store is missing"));
  CHECK_THROWS_WITH(parse({}),
                    Contains("--input, --store are missing") && Contains("Give --input PATH --store FILE"));
  CHECK_THROWS_WITH(parse({"--input", "a", "--store", "S", "--batch", "many"}),
                    Contains("--batch cannot be 'many'") && Contains("whole number"));
  CHECK_THROWS_WITH(parse({"--input", "a", "--store", "S", "--batch", "-1"}), Contains("not negative"));
  CHECK_THROWS_WITH(parse({"--input", "a", "--store", "S", "--store", "T"}), Contains("given 2 times"));
  CHECK_THROWS_WITH(parse({"--config", "no such file"}), Contains("cannot be read"));
  CHECK_THROWS_WITH(parse({"--config", write_config("colour = red\n")}), Contains("colour"));
  try {
    parse({"--bogus"});
    FAIL("an unknown option was accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
  }
}

TEST_CASE("An option that has no effect without another is reported") {
  const auto remarks = [](const std::vector<std::string>& arguments) {
    std::string gaps, column, source;
    cli::OptionTable table;
    table.add("gaps", "FILE", gaps, "gaps")
        .add("gap-column", "NAME", column, "their column")
        .add("source", "NAME", source, "where from")
        .only_with({"gaps", "source"}, {"gap-column"});
    table.parse(arguments);
    return table.without_effect();
  };
  CHECK(remarks({}).empty());
  CHECK(remarks({"--gaps", "x.csv", "--gap-column", "Eg"}).empty());
  CHECK(remarks({"--source", "x", "--gap-column", "Eg"}).empty());
  CHECK(remarks({"--gap-column", "Eg"}) ==
        std::vector<std::string>{"--gap-column has no effect without --gaps or --source"});
  CHECK(remarks({"--gaps", "", "--gap-column", "Eg"}).size() == 1);
}

TEST_CASE("Help has required options first, then groups") {
  std::string a, b, c;
  cli::OptionTable table;
  table.group("Later")
      .add("c", "C", c, "third")
      .group("")
      .add("b", "B", b, "second")
      .required("a", "A", a, "first");
  const auto help = table.help();
  CHECK(help.find("Required:") < help.find("--a A"));
  CHECK(help.find("--a A") < help.find("Options:"));
  CHECK(help.find("Options:") < help.find("--b B"));
  CHECK(help.find("--b B") < help.find("Later:"));
  CHECK(help.find("Later:") < help.find("--c C"));
}
