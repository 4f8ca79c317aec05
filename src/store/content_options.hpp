// The options that decide what a structure becomes, in words.
#pragma once

#include "ionsift/store/ingest.hpp"
#include "ionsift/store/schema.hpp"

#include <string>
#include <vector>

namespace ionsift::store {

/// "NAME=VALUE", in a fixed order. Limits of time are not among them: they decide only which structures fail,
/// and failures are tried anew.
std::vector<std::string> content_options(const IngestOptions& options, const Provenance& provenance);

/// @throws Error conflict naming the first option that differs, with both values
void require_same_options(const std::vector<std::string>& before, const std::vector<std::string>& now,
                          const std::string& what);

} // namespace ionsift::store
