// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/append_log.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/text.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>

using Catch::Matchers::Contains;
using namespace ionsift;
namespace fs = std::filesystem;

namespace {

using Records = std::vector<std::pair<std::uint64_t, std::string>>;

const std::string header = R"({"format":"a log"})";
const Records written = {
    {4, R"({"a":1})"}, {std::uint64_t(-1), ""}, {4, std::string("\0]\n[\"", 5)}, {0, "[]"}};

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// The records that are complete, one by one.
Records read(const fs::path& path) {
  const RandomFile file(path);
  const auto contents = scan_log(file);
  Records records;
  for (std::size_t i = 1; i < contents.places.size(); ++i) {
    if (const auto text = read_log(file, contents.places[i])) {
      records.emplace_back(contents.places[i].key, *text);
    }
  }
  return records;
}

fs::path example(const std::string& name) {
  const auto path = test::scratch(name) / "log";
  AppendLog log(path, header);
  for (const auto& [key, content] : written) {
    log.add(key, content);
  }
  log.flush();
  return path;
}

} // namespace

TEST_CASE("a log returns the records that were added, with any bytes") {
  const auto path = example("log");
  CHECK(scan_log(RandomFile(path)).header == header);
  CHECK(read(path) == written);
}

TEST_CASE("records are written by flush, and can be read before and after it") {
  const auto path = test::scratch("lazy") / "log";
  AppendLog log(path, header);
  CHECK(log.unflushed() == 0);
  const auto first = log.add(1, "first");
  CHECK(log.unflushed() > 0);
  CHECK(log.read(first.offset, first.length) == "first");
  CHECK_FALSE(fs::exists(path));
  log.flush();
  const auto second = log.add(2, "second");
  CHECK(log.read(first.offset, first.length) == "first");
  CHECK(log.read(second.offset + 1, 3) == "eco");
  CHECK(read(path) == Records{{1, "first"}});
  log.flush();
  CHECK(read(path) == Records{{1, "first"}, {2, "second"}});
}

TEST_CASE("each line of a log with JSON records is valid JSON") {
  const auto path = test::scratch("json") / "log";
  AppendLog log(path, header);
  log.add(7, R"({"a":[1,"]"]})");
  log.flush();
  std::vector<nlohmann::json> lines;
  for (const auto& line : split(read_file(path), '\n')) {
    if (!line.empty()) {
      lines.push_back(nlohmann::json::parse(line));
    }
  }
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].at(1).at("format") == "a log");
  CHECK(lines[1].at(1).at("a").at(1) == "]");
}

TEST_CASE("a log may be truncated anywhere: the records before the cut are read, new ones follow them") {
  const auto path = example("cut");
  const auto text = read_file(path);
  std::size_t most = 0;
  for (std::size_t length = 0; length <= text.size(); ++length) {
    write(path, text.substr(0, length));
    const auto contents = scan_log(RandomFile(path));
    CHECK((contents.header.has_value() || !contents.begun));
    const auto before = read(path);
    REQUIRE(before.size() <= written.size());
    CHECK(std::equal(before.begin(), before.end(), written.begin()));
    most = std::max(most, before.size());
    if (contents.header) {
      AppendLog log(path, contents.places.back().end());
      log.add(9, "more");
      log.flush();
      auto expected = before;
      expected.emplace_back(9, "more");
      CHECK(read(path) == expected);
    }
  }
  CHECK(most == written.size());
}

TEST_CASE("every flipped bit of a log is detected") {
  const auto path = example("flipped");
  const auto text = read_file(path);
  for (std::size_t at = 0; at < text.size(); ++at) {
    INFO("byte " << at);
    auto changed = text;
    changed[at] = static_cast<char>(changed[at] ^ 4);
    write(path, changed);
    const auto found = scan_log(RandomFile(path)).header;
    CHECK((!found || *found == header));
    const auto records = read(path);
    CHECK((records.size() < written.size() || !found));
    for (const auto& record : records) {
      CHECK(std::find(written.begin(), written.end(), record) != written.end());
    }
  }
}

TEST_CASE("a file of another program has no header") {
  const auto path = test::scratch("foreign") / "log";
  write(path, "{\"format\":\"a journal of lines\"}\n{}\n");
  const auto contents = scan_log(RandomFile(path));
  CHECK(contents.begun);
  CHECK_FALSE(contents.header);
  write(path, "");
  CHECK_FALSE(scan_log(RandomFile(path)).begun);
}

TEST_CASE("a log that cannot be written is an error that names the file") {
  AppendLog log(test::scratch("unwritable") / "missing" / "log", header);
  log.add(1, "x");
  CHECK_THROWS_WITH(log.flush(), Contains("cannot write") && Contains("missing"));
}
