// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/run_record.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/version.hpp"

#include <fmt/chrono.h>

#include <ctime>
#include <ostream>

namespace ionsift {

RunRecord::RunRecord(std::string command) {
  document_["program"] = "ionsift";
  document_["version"] = version();
  document_["build"] = build_description();
  document_["command"] = std::move(command);
  document_["started"] = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  for (const char* part : {"input", "environment", "counts", "result"}) {
    document_[part] = nlohmann::json::object();
  }
  document_["status"] = "ok";
}

void RunRecord::fail(const std::exception& error) {
  document_["status"] = "failed";
  if (const auto* ours = dynamic_cast<const Error*>(&error)) {
    document_["exception"] = {{"code", name_of(ours->code())},
                              {"problem", ours->problem()},
                              {"why", ours->why()},
                              {"suggestion", ours->suggestion()}};
  } else {
    document_["exception"] = {{"code", name_of(ErrorCode::internal)}, {"problem", error.what()}};
  }
}

void RunRecord::interrupt(std::string go_on) {
  document_["status"] = "interrupted";
  document_["go_on"] = std::move(go_on);
}

int RunRecord::exit_status() const {
  return interrupted() ? interrupted_status : document_["status"] == "problems" ? 1 : 0;
}

nlohmann::json RunRecord::document() const {
  nlohmann::json document = document_;
  document["seconds"] = watch_.seconds();
  document["phases"] = phases_.all();
  return document;
}

void RunRecord::write(const std::filesystem::path& path) const {
  // Messages may quote bytes of broken input files: replace invalid UTF-8 instead of failing here.
  const std::string text = document().dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
  write_file_atomically(path, [&](std::ostream& out) { out << text << '\n'; });
}

} // namespace ionsift
