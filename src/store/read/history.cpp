// SPDX-License-Identifier: BSD-3-Clause
// releases/ and gone/: written at the end of a run, read whole.
#include "ionsift/store/format/history.hpp"

#include "ionsift/store/read/reader.hpp"

#include "format/checksums.hpp"
#include "format/collect.hpp"
#include "write/tables.hpp"

#include <array>
#include <utility>

namespace ionsift::store {

namespace {

using Count = std::int64_t Release::*;
constexpr std::array<std::pair<const char*, Count>, 7> counts = {{{"entries", &Release::entries},
                                                                  {"structures", &Release::structures},
                                                                  {"failures", &Release::failures},
                                                                  {"new", &Release::added},
                                                                  {"changed", &Release::changed},
                                                                  {"unchanged", &Release::unchanged},
                                                                  {"gone", &Release::gone}}};

std::string count_path(const char* name) {
  return std::string("releases/") + name;
}

/// All rows of a column at once, those of rank 0.
template <typename T>
void write_numbers(FinalFile& out, const std::string& path, const std::vector<T>& values) {
  const auto rows = out.comm.all_reduce(std::uint64_t(values.size()), parallel::Reduction::sum);
  FinalColumn<T>(out, path, rows, {}, false).write({0, {values.size()}}, values);
}

void write_texts(FinalFile& out, const std::string& path, std::vector<std::string> values) {
  const auto rows = out.comm.all_reduce(std::uint64_t(values.size()), parallel::Reduction::sum);
  TextLengths lengths;
  for (const auto& value : values) {
    lengths.add(value);
  }
  lengths.sum(out.comm);
  const Piece piece{0, {values.size()}};
  FinalText(out, path, rows, lengths, false).write(piece, std::move(values));
}

} // namespace

void write_history(FinalFile& out, const History& history) {
  const bool root = out.comm.is_root();
  const std::span<const Release> releases(history.releases.data(), root ? history.releases.size() : 0);
  const std::span<const GoneStructure> gone(history.gone.data(), root ? history.gone.size() : 0);
  write_texts(out, "releases/name", collect<std::string>(releases, [](const auto& r) { return r.name; }));
  write_texts(out, "releases/time", collect<std::string>(releases, [](const auto& r) { return r.time; }));
  for (const auto& [name, member] : counts) {
    write_numbers(out, count_path(name),
                  collect<std::int64_t>(releases, [member = member](const auto& r) { return r.*member; }));
  }
  write_numbers(out, "releases/checksum",
                collect<std::uint64_t>(releases, [](const auto& r) { return checksum_of(r); }));
  write_texts(out, "gone/id", collect<std::string>(gone, [](const auto& g) { return g.id; }));
  write_texts(out, "gone/source", collect<std::string>(gone, [](const auto& g) { return g.source; }));
  write_texts(out, "gone/block", collect<std::string>(gone, [](const auto& g) { return g.block; }));
  write_texts(out, "gone/sha256", collect<std::string>(gone, [](const auto& g) { return g.sha256; }));
  write_numbers(out, "gone/release", collect<std::int64_t>(gone, [](const auto& g) { return g.release; }));
  write_numbers(out, "gone/checksum",
                collect<std::uint64_t>(gone, [](const auto& g) { return checksum_of(g); }));
}

History Reader::history() const {
  History history;
  if (provenance_.schema == 1) {
    return history;
  }
  const auto names = text("releases/name");
  const auto times = text("releases/time");
  history.releases.resize(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    history.releases[i].name = names[i];
    history.releases[i].time = times.at(i);
  }
  for (const auto& [name, member] : counts) {
    const auto values = dataset(count_path(name)).read_rows<std::int64_t>(0, names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      history.releases[i].*member = values[i];
    }
  }
  const auto id = text("gone/id");
  const auto source = text("gone/source");
  const auto block = text("gone/block");
  const auto sha256 = text("gone/sha256");
  const auto release = dataset("gone/release").read<std::int64_t>();
  for (std::size_t i = 0; i < id.size(); ++i) {
    history.gone.push_back({id[i], source.at(i), block.at(i), sha256.at(i), release.at(i)});
  }
  return history;
}

} // namespace ionsift::store
