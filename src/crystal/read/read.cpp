// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/read/read.hpp"

#include "ionsift/base/sha256.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/read/cif.hpp"

#include "entry_kind.hpp"
#include "poscar.hpp"
#include "structure_json.hpp"
#include "xyz.hpp"

#include <exception>

namespace ionsift::crystal {

namespace {

std::vector<ReadResult> read_content(std::string_view bytes, const EntryName& name,
                                     const ReadOptions& options) {
  // No CIF begins with a bracket, and no JSON with anything else.
  const std::string_view text = trim(bytes.substr(0, 1024));
  if (text.starts_with('{') || text.starts_with('[')) {
    return read_structure_json(bytes, name, options);
  }
  const EntryKind kind = kind_of(without_compression(name.source));
  if (kind == EntryKind::poscar || (kind != EntryKind::cif && looks_like_poscar(bytes))) {
    return read_poscar(bytes, name, options);
  }
  if (kind == EntryKind::xyz || (kind != EntryKind::cif && looks_like_xyz(bytes))) {
    return read_xyz(bytes, name, options);
  }
  return read_cif(bytes, name, options);
}

/// Files may hold any bytes; tables, HDF5 and JSON documents require UTF-8.
void mend_texts(Crystal& crystal) {
  for (std::string* text : {&crystal.id, &crystal.source, &crystal.block}) {
    *text = valid_utf8(*text);
  }
  for (Orbit& orbit : crystal.orbits) {
    orbit.label = valid_utf8(orbit.label);
  }
  for (std::string& warning : crystal.warnings) {
    warning = valid_utf8(warning);
  }
}

void mend_texts(Failure& failure) {
  for (std::string* text : {&failure.source, &failure.block, &failure.message}) {
    *text = valid_utf8(*text);
  }
}

} // namespace

std::vector<ReadResult> read_entry(std::string_view bytes, const EntryName& name,
                                   const ReadOptions& options) {
  std::vector<ReadResult> results;
  try {
    results = read_content(bytes, name, options);
  } catch (const std::exception& error) {
    // Content must never stop a batch, whatever exception a library throws.
    const Error problem(ErrorCode::internal, "reading the entry failed", error.what(), "Report this file.");
    results = {Failure{name.source, "", problem.code(), problem.what(), 0}};
  }
  const std::string hash = sha256(bytes);
  for (ReadResult& result : results) {
    if (auto* crystal = std::get_if<Crystal>(&result)) {
      crystal->sha256 = hash;
      mend_texts(*crystal);
    } else {
      mend_texts(std::get<Failure>(result));
    }
  }
  return results;
}

} // namespace ionsift::crystal
