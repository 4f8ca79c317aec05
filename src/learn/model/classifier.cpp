// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/model/classifier.hpp"

#include "ionsift/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ionsift::learn {

void require_trainable(const dataset::FeatureSet& train, const dataset::Content& content) {
  const auto positive = std::count(train.label.begin(), train.label.end(), 1);
  IONSIFT_VALIDATE(
      train.label.size() == train.size() && positive > 0 &&
          positive < static_cast<std::ptrdiff_t>(train.size()),
      data, fmt::format("{} structures, {} labelled 1, cannot train a classifier", train.size(), positive),
      "every one needs a label, and both classes must occur", "Check labels and split.");
  for (const auto& view : content.views) {
    IONSIFT_VALIDATE(train.of(view).values.allFinite(), numeric,
                     fmt::format("a training feature in {} is not finite", name_of(view)),
                     "it would make every member diverge", "Featurize again.");
  }
  if (!content.blocks.empty()) {
    IONSIFT_VALIDATE(train.descriptors.of(content.blocks).values.allFinite(), numeric,
                     "a training descriptor is not finite", "it would spoil every member",
                     "Featurize again.");
  }
}

} // namespace ionsift::learn
