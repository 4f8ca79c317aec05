// SPDX-License-Identifier: BSD-3-Clause
// The size of a parent network.
#pragma once

#include <nlohmann/json.hpp>

namespace ionsift::learn {

/// Widths of a MEGNet network (METHOD: section 3). The file layout has room for the published ones; narrower
/// networks are written into it with zeros, exactly: a unit without weights is softplus(0) - ln 2 = 0.
struct ParentShape {
  int features = 32; ///< columns of v, e and u, and of V1..V3
  int hidden = 64;   ///< units of the layers in between
  int blocks = 3;    ///< without the third, V3 is zero

  bool operator==(const ParentShape&) const = default;
  static ParentShape published() { return {}; }
  static ParentShape small() { return {.features = 16, .hidden = 32, .blocks = 3}; }
  /// @throws Error usage unless it fits the published layout
  void validate() const;
  nlohmann::json to_json() const { return {{"features", features}, {"hidden", hidden}, {"blocks", blocks}}; }
};

} // namespace ionsift::learn
