// SPDX-License-Identifier: BSD-3-Clause
// Everything that the results of a command depend on, for runs that resume another.
#pragma once

#include "ionsift/base/run_record.hpp"
#include "ionsift/store/read/reader.hpp"

#include <set>
#include <string>
#include <vector>

namespace ionsift::cli {

/// SHA-256 of ids and contents of all structures of a store.
std::string content_of(const store::Reader& store);

/// SHA-256 of the version of the program, the options of a run and what its inputs hold.
/// @param besides options that change nothing about the results, or name what `contents` are of
std::string job_input(RunRecord& record, const std::set<std::string>& besides,
                      const std::vector<std::string>& contents);

} // namespace ionsift::cli
