#include "support.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/run_record.hpp"

#include <catch2/catch.hpp>

using namespace ionsift;

TEST_CASE("A record tells what was asked, how long it took and what was counted") {
  RunRecord record("featurize");
  record.input()["store"] = "S.h5";
  record.counts()["structures"] = 321;
  record.phases().add("reading", 1.5);
  record.phases().add("reading", 0.5);
  const auto path = test::scratch("record") / "run.json";
  record.write(path);
  const auto document = nlohmann::json::parse(read_file(path));
  CHECK(document["command"] == "featurize");
  CHECK(document["status"] == "ok");
  CHECK(document["input"]["store"] == "S.h5");
  CHECK(document["counts"]["structures"] == 321);
  CHECK(document["phases"]["reading"] == 2.0);
  CHECK_FALSE(document.contains("exception"));
}

TEST_CASE("A failed run keeps its exception, whatever bytes its message quotes") {
  RunRecord record("screen");
  record.fail(Error(ErrorCode::format, "bad \xff byte", "why", "do"));
  const auto path = test::scratch("record") / "run.json";
  record.write(path);
  const auto document = nlohmann::json::parse(read_file(path));
  CHECK(document["status"] == "failed");
  CHECK(document["exception"]["code"] == "format");
  CHECK(document["exception"]["suggestion"] == "do");
}
