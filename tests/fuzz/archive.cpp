// SPDX-License-Identifier: BSD-3-Clause
// Archives and compressed files -> structures -> features.
#include "harness.hpp"

using namespace ionsift;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static fuzz::MemoryFile file({"fuzz.tar.gz", "fuzz.cif.gz"});
  constexpr std::size_t most_entries = 64;
  file.write(fuzz::text_of(bytes, size));
  crystal::SourceOptions options;
  options.max_bytes = std::size_t{1} << 18;
  fuzz::expect_sound_entries(
      crystal::EntryStream({file.path("fuzz.tar.gz"), file.path("fuzz.cif.gz")}, options), false,
      most_entries);
  return 0;
}
