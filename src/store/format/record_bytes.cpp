// SPDX-License-Identifier: BSD-3-Clause
#include "record_bytes.hpp"

namespace ionsift::store {

namespace {

void put_crystal(ByteWriter& out, const crystal::Crystal& crystal) {
  out.put(crystal.id);
  out.put(crystal.source);
  out.put(crystal.block);
  out.put(crystal.sha256);
  out.put_array(crystal.lattice.data(), 9);
  out.put(std::uint64_t(crystal.sites.size()));
  for (const auto& site : crystal.sites) {
    out.put_array(site.fractional.data(), 3);
    out.put(site.orbit);
  }
  out.put(std::uint64_t(crystal.orbits.size()));
  for (const auto& orbit : crystal.orbits) {
    out.put(orbit.label);
    out.put(orbit.species);
    out.put(orbit.representative);
    out.put(orbit.multiplicity);
  }
  out.put(crystal.oxidation_source);
  out.put(crystal.residual_charge);
  out.put(crystal.orbit_source);
  out.put(crystal.warnings);
}

crystal::Crystal get_crystal(ByteReader& in) {
  crystal::Crystal crystal;
  crystal.id = in.get_text();
  crystal.source = in.get_text();
  crystal.block = in.get_text();
  crystal.sha256 = in.get_text();
  in.get_array(crystal.lattice.data());
  crystal.sites.resize(in.get<std::uint64_t>());
  for (auto& site : crystal.sites) {
    in.get_array(site.fractional.data());
    site.orbit = in.get<int>();
  }
  crystal.orbits.resize(in.get<std::uint64_t>());
  for (auto& orbit : crystal.orbits) {
    orbit.label = in.get_text();
    orbit.species = in.get_vector<crystal::Species>();
    orbit.representative = in.get<int>();
    orbit.multiplicity = in.get<int>();
  }
  crystal.oxidation_source = in.get<crystal::OxidationSource>();
  crystal.residual_charge = in.get<double>();
  crystal.orbit_source = in.get<crystal::OrbitSource>();
  crystal.warnings = in.get_texts();
  return crystal;
}

void put_features(ByteWriter& out, const megnet::RepresentationFeatures& features) {
  out.put(features.orbit);
  out.put(features.multiplicity);
  for (const auto& level : features.levels) {
    out.put(std::int64_t(level.rows()));
    out.put(std::int64_t(level.cols()));
    out.put_array(level.data(), static_cast<std::size_t>(level.size()));
  }
  out.put(features.prediction.has_value());
  out.put(features.prediction.value_or(0));
  out.put(features.cutoff);
  out.put(std::uint64_t(features.edges));
  out.put(features.neighbours_per_site);
}

megnet::RepresentationFeatures get_features(ByteReader& in) {
  megnet::RepresentationFeatures features;
  features.orbit = in.get_vector<int>();
  features.multiplicity = in.get_vector<int>();
  for (auto& level : features.levels) {
    const auto rows = in.get<std::int64_t>();
    const auto columns = in.get<std::int64_t>();
    level.resize(rows, columns);
    in.get_array(level.data());
  }
  const bool predicted = in.get<bool>();
  const auto prediction = in.get<double>();
  if (predicted) {
    features.prediction = prediction;
  }
  features.cutoff = in.get<double>();
  features.edges = in.get<std::uint64_t>();
  features.neighbours_per_site = in.get<double>();
  return features;
}

} // namespace

void put_record(ByteWriter& out, const StructureRecord& record) {
  out.put(record.index);
  out.put(record.entry);
  out.put(record.release);
  put_crystal(out, record.crystal);
  out.put(std::uint64_t(record.features.representations.size()));
  for (const auto& features : record.features.representations) {
    put_features(out, features);
  }
  out.put(record.features.warnings);
}

void put_failure(ByteWriter& out, const crystal::Failure& failure) {
  out.put(failure.source);
  out.put(failure.block);
  out.put(failure.code);
  out.put(failure.message);
  out.put(failure.line);
}

void put_record(ByteWriter& out, const FailureRecord& record) {
  out.put(record.index);
  put_failure(out, record.failure);
}

void get_record(ByteReader& in, StructureRecord& record) {
  record.index = in.get<std::uint64_t>();
  record.entry = in.get<std::uint64_t>();
  record.release = in.get<std::int64_t>();
  record.crystal = get_crystal(in);
  record.features.representations.resize(in.get<std::uint64_t>());
  for (auto& features : record.features.representations) {
    features = get_features(in);
  }
  record.features.warnings = in.get_texts();
}

crystal::Failure get_failure(ByteReader& in) {
  crystal::Failure failure;
  failure.source = in.get_text();
  failure.block = in.get_text();
  failure.code = in.get<ErrorCode>();
  failure.message = in.get_text();
  failure.line = in.get<long>();
  return failure;
}

void get_record(ByteReader& in, FailureRecord& record) {
  record.index = in.get<std::uint64_t>();
  record.failure = get_failure(in);
}

} // namespace ionsift::store
