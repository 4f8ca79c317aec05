// SPDX-License-Identifier: BSD-3-Clause
// Shared by the harnesses. Each checks: any bytes give a sound result, or an error that a user can
// act on.
#pragma once

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/read/read.hpp"
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/megnet/featurizer.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// One execution; libFuzzer and replay.cpp call it. Defined once in each harness.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace ionsift::fuzz {

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

/// Ends the process with this text, so that the fuzzer keeps the input.
[[noreturn]] void finding(const std::string& what);

/// Errors without a remedy are findings; other exceptions end the process by themselves.
template <typename Body>
void expect_error_or_success(const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::internal || error.suggestion().empty()) {
      finding(error.what());
    }
  }
}

/// Small limits: the aim is bugs, not load.
crystal::ReadOptions small_read_options();

/// Every result is a sound failure, or a sound crystal whose features are finite or
/// an error.
/// @param thorough all representations, levels and the prediction instead of one view
void expect_sound(const std::vector<crystal::ReadResult>& results, bool thorough);

/// The same for the entries of a stream, and for failures among them.
/// @param most largest number of entries
void expect_sound_entries(crystal::EntryStream stream, bool thorough,
                          std::size_t most = std::numeric_limits<std::size_t>::max());

/// A file without a place on disk, with any number of names in a folder of this process.
class MemoryFile {
public:
  explicit MemoryFile(const std::vector<std::string>& names);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  void write(std::string_view bytes);
  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

private:
  std::filesystem::path folder_;
  int descriptor_ = -1;
};

} // namespace ionsift::fuzz
