// SPDX-License-Identifier: BSD-3-Clause
// The options that decide what a structure becomes, in words.
#pragma once

#include "ionsift/store/format/schema.hpp"
#include "ionsift/store/ingest/ingest.hpp"

#include <string>
#include <vector>

namespace ionsift::store {

/// "NAME=VALUE", in a fixed order. Limits of time are not among them: they decide only which structures fail,
/// and failures are tried again.
std::vector<std::string> content_options(const IngestOptions& options, const Provenance& provenance);

} // namespace ionsift::store
