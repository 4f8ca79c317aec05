// SPDX-License-Identifier: BSD-3-Clause
#include "structure_options.hpp"

namespace ionsift::cli {

void declare_pair_options(OptionTable& table, dataset::PairOptions& target) {
  auto& matcher = target.matcher;
  table.group("When two structures are the same")
      .add("length-tolerance", "SHARE", matcher.length_tolerance, "by which cell edges may differ")
      .add("angle-tolerance", "DEG", matcher.angle_tolerance, "by which cell angles may differ")
      .add("site-tolerance", "UNITS", matcher.site_tolerance,
           "by which a site may be displaced, in units of (volume per site)^(1/3)")
      .add("occupancy-tolerance", "SHARE", matcher.occupancy_tolerance,
           "by which occupancies of corresponding sites may differ")
      .add("primitive-tolerance", "A", matcher.primitive_tolerance,
           "by which sites may miss a translation that makes the cell smaller")
      .add_switch("compare-oxidation", matcher.compare_oxidation,
                  "species also differ by oxidation state where both files give it")
      .add("max-seconds", "S", matcher.max_seconds,
           "processor time for one pair, after which it counts as different and is warned of")
      .add("volume-ratio", "FACTOR", target.volume_ratio,
           "structures farther apart in volume per atom are other phases")
      .group("");
}

std::vector<crystal::Crystal> all_crystals(const store::Reader& store) {
  return store.crystals(0, store.size());
}

} // namespace ionsift::cli
