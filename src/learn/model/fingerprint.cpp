// SPDX-License-Identifier: BSD-3-Clause
#include "fingerprint.hpp"

#include "ionsift/base/sha256.hpp"

#include <string>
#include <vector>

namespace ionsift::learn {

namespace {

template <typename T>
std::string hash_of(const T* data, std::size_t n) {
  return sha256({reinterpret_cast<const char*>(data), n * sizeof(T)});
}

template <typename T>
std::string hash_of(const std::vector<T>& values) {
  return hash_of(values.data(), values.size());
}

} // namespace

nlohmann::json content_of(const dataset::FeatureSet& structures) {
  auto views = nlohmann::json::array();
  for (std::size_t v = 0; v < structures.views.size(); ++v) {
    const auto& rows = structures.rows[v];
    views.push_back({dataset::name_of(structures.views[v]), hash_of(rows.first), hash_of(rows.weight),
                     hash_of(rows.values.data(), static_cast<std::size_t>(rows.values.size()))});
  }
  const auto& descriptors = structures.descriptors;
  return {{"ids", structures.id},
          {"labels", structures.label},
          {"conductivities", hash_of(structures.conductivity)},
          {"bounds", hash_of(structures.upper_bound)},
          {"views", std::move(views)},
          {"descriptors",
           {descriptors.name,
            hash_of(descriptors.values.data(), static_cast<std::size_t>(descriptors.values.size()))}}};
}

} // namespace ionsift::learn
