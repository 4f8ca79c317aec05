// SPDX-License-Identifier: BSD-3-Clause
#include "merged_notes.hpp"

#include "format/bytes.hpp"

namespace ionsift::store {

namespace {

using Kind = crystal::SourceNotes::Kind;

void put(ByteWriter& out, const Kind& kind) {
  out.put(kind.count);
  out.put(kind.example);
}

Kind get_kind(ByteReader& in) {
  Kind kind;
  kind.count = in.get<std::uint64_t>();
  kind.example = in.get_text();
  return kind;
}

void put(ByteWriter& out, const crystal::SourceNotes& notes) {
  out.put(std::uint64_t(notes.passed_over.size()));
  for (const auto& [name, kind] : notes.passed_over) {
    out.put(name);
    put(out, kind);
  }
  put(out, notes.numbered);
  out.put(std::uint64_t(notes.by_input.size()));
  for (const auto& [input, count] : notes.by_input) {
    out.put(input);
    out.put(count);
  }
  out.put(notes.used_id_column);
}

crystal::SourceNotes get_notes(ByteReader& in) {
  crystal::SourceNotes notes;
  for (auto n = in.get<std::uint64_t>(); n > 0; --n) {
    const auto name = in.get_text();
    notes.passed_over[name] = get_kind(in);
  }
  notes.numbered = get_kind(in);
  for (auto n = in.get<std::uint64_t>(); n > 0; --n) {
    const auto input = in.get<std::uint64_t>();
    notes.by_input[input] = in.get<std::uint64_t>();
  }
  notes.used_id_column = in.get<bool>();
  return notes;
}

} // namespace

crystal::SourceNotes merge_notes(const parallel::Communicator& comm, const crystal::SourceNotes& mine) {
  ByteWriter out;
  put(out, mine);
  const auto bytes = comm.all_gather(out.bytes());
  crystal::SourceNotes all;
  for (ByteReader in(bytes); !in.empty();) {
    all.merge(get_notes(in));
  }
  return all;
}

} // namespace ionsift::store
