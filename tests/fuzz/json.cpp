// SPDX-License-Identifier: BSD-3-Clause
// JSON: structures in pymatgen's format, documents of several, plans of members, search spaces, ensembles.
#include "ionsift/base/json.hpp"

#include "ionsift/learn/model/configuration.hpp"
#include "ionsift/learn/search/search_space.hpp"

#include "ensemble/manifest.hpp"
#include "harness.hpp"

using namespace ionsift;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static fuzz::MemoryFile file({"fuzz.json"});
  const auto path = file.path("fuzz.json");
  file.write(fuzz::text_of(bytes, size));
  fuzz::expect_error_or_success(
      [&] { fuzz::expect_sound_entries(crystal::EntryStream({path}), size % 16 == 0); });
  fuzz::expect_error_or_success([&] {
    const auto plan = learn::MemberPlan::read(path);
    // Structures that were read can be written, and are then read the same.
    if (learn::MemberPlan::from_json(plan.to_json()).to_json() != plan.to_json()) {
      fuzz::finding("a plan that reads back as another one");
    }
  });
  fuzz::expect_error_or_success([&] {
    const auto space = learn::SearchSpace::read(path);
    learn::SearchSpace::from_json(space.to_json());
  });
  fuzz::expect_error_or_success(
      [&] { learn::read_manifest(parse_json_or_discard(fuzz::text_of(bytes, size)), "fuzz.json"); });
  return 0;
}
