// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/memory.hpp"
#include "ionsift/base/run_record.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace ionsift;

TEST_CASE("A record has the command, the time it took and the counts") {
  RunRecord record("featurize");
  record.input()["store"] = "S.h5";
  record.counts()["structures"] = 321;
  record.phases().add("reading", 1.5);
  record.phases().add("reading", 0.5);
  record.set_peak_memory(270.5);
  const auto path = test::scratch("record") / "run.json";
  record.write(path);
  const auto document = nlohmann::json::parse(read_file(path));
  CHECK(document["command"] == "featurize");
  CHECK(document["status"] == "ok");
  CHECK(document["input"]["store"] == "S.h5");
  CHECK(document["counts"]["structures"] == 321);
  CHECK(document["phases"]["reading"] == 2.0);
  CHECK(document["peak_rss_mb"] == 270.5);
  CHECK_FALSE(document.contains("exception"));
}

TEST_CASE("A failed run records its exception, whatever bytes its message quotes") {
  RunRecord record("screen");
  record.fail(Error(ErrorCode::format, "bad \xff byte", "why", "do"));
  const auto path = test::scratch("record") / "run.json";
  record.write(path);
  const auto document = nlohmann::json::parse(read_file(path));
  CHECK(document["status"] == "failed");
  CHECK(document["exception"]["code"] == "format");
  CHECK(document["exception"]["suggestion"] == "do");
}

TEST_CASE("The peak memory of this process is measured") {
  const double before = peak_memory_mb();
  CHECK(before > 1);
  {
    std::vector<char> block(64'000'000, 1);
    CHECK(block.back() == 1);
  }
  CHECK(peak_memory_mb() >= 64);
  CHECK(peak_memory_mb() >= before);
}

TEST_CASE("An interrupted run records how to resume it") {
  RunRecord record("train");
  CHECK_FALSE(record.interrupted());
  record.interrupt("again");
  CHECK(record.interrupted());
  CHECK(record.document()["status"] == "interrupted");
  CHECK(record.document()["go_on"] == "again");
}
