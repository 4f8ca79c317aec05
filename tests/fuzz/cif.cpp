// SPDX-License-Identifier: BSD-3-Clause
// CIF text -> crystal -> representations -> graph -> features.
#include "ionsift/crystal/read/cif.hpp"

#include "harness.hpp"

using namespace ionsift;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  // Options are derived from the length, so that seeds are plain CIFs.
  auto options = fuzz::small_read_options();
  options.strictness = static_cast<crystal::Strictness>(size % 3);
  options.orbit_search = size % 7 == 0 ? crystal::OrbitSearch::spglib : crystal::OrbitSearch::environments;
  const auto text = fuzz::text_of(bytes, size);
  fuzz::expect_sound(crystal::read_entry(text, {"fuzz.cif", "fuzz"}, options), size % 16 == 0);
  return 0;
}
