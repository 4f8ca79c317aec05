// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/source/pack.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/base/timer.hpp"

#include "archive_writer.hpp"
#include "read/entry_kind.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace ionsift::crystal {

namespace fs = std::filesystem;

namespace {

/// A fingerprint of an entry, to compare with the one that is read back.
struct Print {
  std::array<std::uint64_t, 2> bytes, id;
  bool operator==(const Print&) const = default;
};

Print print_of(const Entry& entry) {
  return {hash128(entry.bytes), hash128(entry.name.id)};
}

/// The ending that makes a structure from a document or table be read in its format.
std::string_view ending_of(const Entry& entry, std::string_view container) {
  const auto text = trim(std::string_view(entry.bytes).substr(0, 1024));
  if (text.starts_with('{') || text.starts_with('[')) {
    return ".json";
  }
  const auto kind = kind_of(without_compression(container));
  if (kind == EntryKind::xyz) {
    return ".xyz";
  }
  return entry.bytes.find("data_") == std::string::npos && entry.bytes.find("_cell_") == std::string::npos
             ? ".vasp"
             : ".cif";
}

/// Names of members: unique, and such that the entry's id is unchanged.
class MemberNames {
public:
  std::string name(const Entry& entry) {
    const auto& source = entry.name.source;
    const auto cut = source.find('#');
    const bool is_record = cut != std::string::npos && fs::path(source.substr(0, cut)).has_extension() &&
                           kind_of(without_compression(source.substr(0, cut))) != EntryKind::cif;
    std::string folder, file;
    if (is_record) {
      const auto container = std::string_view(source).substr(0, cut);
      std::string id = entry.name.id;
      std::ranges::replace(id, '/', '_'); // reported as a changed id
      folder = container;
      file = id + std::string(ending_of(entry, container));
    } else {
      const auto whole = without_compression(source);
      const auto slash = whole.find_last_of('/');
      folder = slash == std::string::npos ? "" : whole.substr(0, slash);
      file = slash == std::string::npos ? whole : whole.substr(slash + 1);
      if (!may_hold_structures(kind_of(file))) { // a file named by the user, whatever its name
        file += ending_of(entry, "");
      }
    }
    std::string name = join(folder, file);
    for (std::uint64_t again = 2; !taken_.insert(hash128(name)).second; ++again) {
      name = join(join(folder, fmt::format("{}", again)), file);
    }
    return name;
  }

private:
  static std::string join(const std::string& folder, const std::string& file) {
    return folder.empty() ? file : folder + "/" + file;
  }
  std::set<std::array<std::uint64_t, 2>> taken_;
};

/// Reads the archive and compares it with what was written.
void compare(const fs::path& archive, const fs::path& as, const std::vector<Print>& written,
             PackSummary& summary) {
  InputPart part;
  part.path = archive;
  part.source = as.filename().string();
  part.requested = true;
  EntryStream stream({part}, {});
  std::size_t number = 0;
  const auto require = [&](bool as_written) {
    IONSIFT_VALIDATE(as_written, data,
                     fmt::format("member {} of {} does not read back as written", number + 1, as.string()),
                     "the file system lost it, or this is a bug in ionsift",
                     "Pack again; if it fails again, please report it.");
  };
  while (const auto next = stream.next()) {
    const auto* entry = std::get_if<Entry>(&*next);
    require(entry != nullptr && number < written.size());
    const auto print = print_of(*entry);
    require(print.bytes == written[number].bytes);
    if (print.id != written[number].id && summary.other_ids++ == 0) {
      summary.other_id = entry->name.id;
    }
    ++number;
  }
  require(number == written.size());
}

} // namespace

PackSummary pack(const std::vector<fs::path>& inputs, const SourceOptions& options, const fs::path& archive,
                 const std::function<void(std::uint64_t)>& progress) {
  const auto ending = to_lower(archive.extension().string());
  IONSIFT_VALIDATE(ending == ".zip" || ending == ".tar", usage,
                   fmt::format("'{}' is not a valid name for an archive", archive.filename().string()),
                   "its ending tells its format, .zip or .tar",
                   "Give a name that ends in .zip (smaller), or in .tar (read fastest).");
  PackSummary summary;
  std::vector<Print> written;
  EntryStream stream(inputs, options);
  const fs::path temporary = fmt::format("{}.{}.part", archive.string(), ::getpid());
  try {
    ArchiveWriter writer(temporary, ending == ".zip");
    MemberNames names;
    while (true) {
      const Stopwatch watch;
      const auto next = stream.next();
      summary.seconds_in += watch.seconds();
      if (!next) {
        break;
      }
      if (const auto* entry = std::get_if<Entry>(&*next)) {
        writer.add(names.name(*entry), entry->bytes);
        written.push_back(print_of(*entry));
      } else {
        summary.failures.push_back(std::get<Failure>(*next));
      }
      progress(written.size());
    }
    writer.close();
    summary.entries = written.size();
    summary.notes = stream.notes();
    IONSIFT_VALIDATE(!written.empty(), missing, "there is nothing to pack", "the inputs hold no structures",
                     "Check their paths.");
    const Stopwatch watch;
    compare(temporary, archive, written, summary);
    summary.seconds_back = watch.seconds();
    put_in_place(temporary, archive);
  } catch (...) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
  return summary;
}

} // namespace ionsift::crystal
