// SPDX-License-Identifier: BSD-3-Clause
// One value of each record.
#pragma once

#include <span>
#include <vector>

namespace ionsift::store {

template <typename T, typename Record, typename Get>
std::vector<T> collect(std::span<const Record> records, const Get& get) {
  std::vector<T> values;
  values.reserve(records.size());
  for (const auto& record : records) {
    values.push_back(static_cast<T>(get(record)));
  }
  return values;
}

} // namespace ionsift::store
