// releases/ and gone/: written at the end of a run, read whole.
#include "ionsift/store/history.hpp"

#include "ionsift/store/reader.hpp"

#include "checksums.hpp"
#include "collect.hpp"
#include "tables.hpp"

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

} // namespace

HistoryTable::HistoryTable(h5::File& file)
    : release_name_(file, "releases/name", 32), release_time_(file, "releases/time", 32),
      gone_id_(file, "gone/id", 16), gone_source_(file, "gone/source", 64),
      gone_block_(file, "gone/block", 16), gone_sha256_(file, "gone/sha256", 64),
      gone_release_(file, "gone/release"), gone_checksum_(file, "gone/checksum"),
      release_checksum_(file, "releases/checksum") {
  for (const auto& count : counts) {
    release_counts_.emplace_back(file, count_path(count.first));
  }
}

void HistoryTable::write(const parallel::Communicator& comm, const History& history) {
  const bool root = comm.is_root();
  const std::span<const Release> releases(history.releases.data(), root ? history.releases.size() : 0);
  Axis axis(comm);
  axis.extend(releases.size());
  release_name_.append(axis, collect<std::string>(releases, [](const auto& r) { return r.name; }));
  release_time_.append(axis, collect<std::string>(releases, [](const auto& r) { return r.time; }));
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto member = counts[i].second;
    release_counts_[i].append(axis,
                              collect<std::int64_t>(releases, [&](const auto& r) { return r.*member; }));
  }
  release_checksum_.append(axis,
                           collect<std::uint64_t>(releases, [](const auto& r) { return checksum_of(r); }));

  const std::span<const GoneStructure> gone(history.gone.data(), root ? history.gone.size() : 0);
  Axis gone_axis(comm);
  gone_axis.extend(gone.size());
  gone_id_.append(gone_axis, collect<std::string>(gone, [](const auto& g) { return g.id; }));
  gone_source_.append(gone_axis, collect<std::string>(gone, [](const auto& g) { return g.source; }));
  gone_block_.append(gone_axis, collect<std::string>(gone, [](const auto& g) { return g.block; }));
  gone_sha256_.append(gone_axis, collect<std::string>(gone, [](const auto& g) { return g.sha256; }));
  gone_release_.append(gone_axis, collect<std::int64_t>(gone, [](const auto& g) { return g.release; }));
  gone_checksum_.append(gone_axis,
                        collect<std::uint64_t>(gone, [](const auto& g) { return checksum_of(g); }));
}

History Reader::history() const {
  History history;
  if (provenance_.schema == 1) {
    return history;
  }
  const auto names = dataset("releases/name").read_text();
  const auto times = dataset("releases/time").read_text();
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
  const auto id = dataset("gone/id").read_text();
  const auto source = dataset("gone/source").read_text();
  const auto block = dataset("gone/block").read_text();
  const auto sha256 = dataset("gone/sha256").read_text();
  const auto release = dataset("gone/release").read<std::int64_t>();
  for (std::size_t i = 0; i < id.size(); ++i) {
    history.gone.push_back({id[i], source.at(i), block.at(i), sha256.at(i), release.at(i)});
  }
  return history;
}

} // namespace ionsift::store
