// SPDX-License-Identifier: BSD-3-Clause
#include "job_input.hpp"

#include "ionsift/base/sha256.hpp"
#include "ionsift/base/version.hpp"

#include "command.hpp"

namespace ionsift::cli {

std::string content_of(const store::Reader& store) {
  const auto facts = store.facts(0, store.size());
  return sha256(nlohmann::json({{"ids", facts.id},
                                {"sources", facts.source},
                                {"sha256", facts.sha256},
                                {"checksums", facts.checksum}})
                    .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::string job_input(RunRecord& record, const std::set<std::string>& besides,
                      const std::vector<std::string>& contents) {
  OptionTable common;
  CommonOptions common_options;
  common_options.declare(common);
  nlohmann::json options;
  for (const auto& [name, value] : record.input().items()) {
    if (common.find(name) == nullptr && !besides.contains(name)) {
      options[name] = value;
    }
  }
  return sha256(nlohmann::json({{"program_version", version()}, {"options", options}, {"contents", contents}})
                    .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

} // namespace ionsift::cli
