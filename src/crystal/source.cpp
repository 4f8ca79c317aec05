#include "ionsift/crystal/source.hpp"

#include "ionsift/base/file.hpp"
#include "ionsift/base/text.hpp"

#include "archive.hpp"
#include "entry_kind.hpp"
#include "text_entries.hpp"

#include <algorithm>
#include <deque>
#include <new>
#include <utility>

namespace ionsift::crystal {

namespace fs = std::filesystem;

namespace {

/// The last part of a path that is a name, also for "." and "folder/".
std::string last_name(const fs::path& path) {
  return (path.filename().empty() ? fs::weakly_canonical(path) : fs::absolute(path).lexically_normal())
      .filename()
      .string();
}

/// @param within the folders that this one is in and itself, without links: one that leads back to them is
/// not entered
void add_files(const fs::path& folder, const fs::path& relative, std::vector<fs::path>& within,
               std::vector<InputPart>& files) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path name = relative / entry.path().filename();
    std::error_code broken; // of a link
    if (entry.is_directory(broken)) {
      const fs::path place = fs::canonical(entry.path(), broken);
      if (!broken && std::ranges::find(within, place) == within.end()) {
        within.push_back(place);
        add_files(entry.path(), name, within, files);
        within.pop_back();
      }
    } else if (entry.is_regular_file(broken) && !is_hidden(name.generic_string())) {
      files.push_back({entry.path(), name.generic_string(), false, ""});
    }
  }
}

std::vector<InputPart> list_folder(const fs::path& folder) {
  std::vector<InputPart> files;
  std::vector<fs::path> within = {fs::canonical(folder)};
  add_files(folder, {}, within, files);
  const fs::path prefix = last_name(folder);
  for (InputPart& file : files) {
    file.source = valid_utf8((prefix / file.source).generic_string());
  }
  std::ranges::sort(files, {}, &InputPart::source);
  return files;
}

/// The file that an entry's source such as "folder/x.tar.gz/a.cif" or "dump.json#mp-1" points into.
std::optional<InputPart> find_container(const fs::path& input) {
  const std::string text = input.string();
  for (std::size_t cut = text.find_last_of("/#"); cut != std::string::npos && cut > 0;
       cut = text.find_last_of("/#", cut - 1)) {
    const fs::path container = text.substr(0, cut);
    if (fs::is_regular_file(container)) {
      const std::string name = valid_utf8(last_name(container));
      return InputPart{container, name, true, name + valid_utf8(text.substr(cut))};
    }
  }
  return std::nullopt;
}

/// Bytes of a document or table that is not worth being shared out entry by entry.
constexpr std::uint64_t small_file = std::uint64_t{1} << 15;

/// Kinds that may hold structures; other files are not even read, unless the user names them.
bool may_hold_structures(EntryKind kind) {
  return kind == EntryKind::cif || kind == EntryKind::json || kind == EntryKind::csv;
}

} // namespace

std::vector<InputPart> list_parts(const std::vector<fs::path>& inputs) {
  std::vector<InputPart> parts;
  for (const fs::path& input : inputs) {
    if (fs::is_directory(input)) {
      std::ranges::move(list_folder(input), std::back_inserter(parts));
      continue;
    }
    if (fs::exists(input)) {
      parts.push_back({input, valid_utf8(last_name(input)), true, ""});
      continue;
    }
    const auto container = find_container(input);
    IONSIFT_VALIDATE(container.has_value(), missing, fmt::format("there is no '{}'", input.string()),
                     "inputs are CIF files, folders, archives, JSON documents and CSV tables",
                     "Check the path.");
    parts.push_back(*container);
  }
  for (InputPart& part : parts) {
    std::error_code unknown;
    const auto size = fs::file_size(part.path, unknown);
    part.bytes = unknown ? 0 : size;
    const EntryKind kind = kind_of(without_compression(part.source));
    part.sequence = kind == EntryKind::archive || (part.bytes > small_file && kind != EntryKind::cif &&
                                                   (part.requested || may_hold_structures(kind)));
  }
  return parts;
}

class EntryStream::Implementation {
public:
  Implementation(std::vector<InputPart> parts, SourceOptions options)
      : options_(std::move(options)),
        files_(std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end())) {}

  std::optional<std::variant<Entry, Failure>> next() {
    while (entries_.empty()) {
      if (!archive_ && files_.empty() && !misses_entry()) {
        return std::nullopt;
      }
      try {
        validate_found();
        archive_ ? open_member() : open_file();
        keep_wanted();
      } catch (const Error& error) {
        return fail(error);
      } catch (const std::bad_alloc&) {
        return fail({ErrorCode::limit, "out of memory", "the file is read whole, and is too large for this",
                     "Split the file, or use fewer ranks on a node."});
      }
    }
    Entry entry = std::move(entries_.front());
    entries_.pop_front();
    return entry;
  }

private:
  Failure fail(const Error& error) {
    current_.only = archive_ ? current_.only : "";
    return {place_, "", error.code(), error.what(), 0};
  }

  /// Whether the file read last ended without the entry that was wanted from it.
  bool misses_entry() const { return !archive_ && !current_.only.empty(); }

  void validate_found() {
    if (misses_entry()) {
      place_ = std::exchange(current_.only, "");
      throw Error(ErrorCode::missing, fmt::format("there is no '{}'", place_),
                  fmt::format("{} does not hold it", current_.source), "Check the name of the entry.");
    }
  }

  /// Leaves of the entries the one that is wanted; the rest of the file is then of no interest.
  void keep_wanted() {
    if (current_.only.empty()) {
      return;
    }
    std::erase_if(entries_, [&](const Entry& entry) {
      return entry.name.source != current_.only && !holds_wanted_block(entry.name);
    });
    for (Entry& entry : entries_) {
      const bool whole = entry.name.source == current_.only;
      entry.name.block = whole ? "" : current_.only.substr(entry.name.source.size() + 1);
    }
    if (!entries_.empty()) {
      archive_.reset();
      current_.only.clear();
    }
  }

  /// Whether a block of this CIF is wanted.
  bool holds_wanted_block(const EntryName& name) const {
    return current_.only.starts_with(name.source + "#") &&
           kind_of(without_compression(name.source)) == EntryKind::cif;
  }

  /// Whether the member, or something in it, is wanted.
  bool is_wanted(const std::string& member) const {
    return current_.only.empty() || current_.only.starts_with(current_.source + "/" + member);
  }

  void open_file() {
    current_ = std::move(files_.front());
    files_.pop_front();
    place_ = current_.source;
    const EntryKind kind = kind_of(current_.source);
    if (kind == EntryKind::archive) {
      archive_ = std::make_unique<ArchiveReader>(current_.path, false, options_.max_bytes);
      return;
    }
    const std::string name = without_compression(current_.source);
    if (!current_.requested && !may_hold_structures(kind_of(name))) {
      return;
    }
    std::string text;
    if (kind == EntryKind::compressed) {
      ArchiveReader file(current_.path, true, options_.max_bytes);
      text = file.next() ? file.read() : "";
    } else {
      std::error_code unknown;
      const auto size = fs::file_size(current_.path, unknown);
      IONSIFT_VALIDATE(unknown || size <= options_.max_bytes, limit,
                       fmt::format("{} has {} bytes", current_.source, size), "files are read whole",
                       "Split the file.");
      text = read_file(current_.path);
    }
    entries_ = entries_of(std::move(text), {current_.source, name, current_.requested}, options_);
  }

  void open_member() {
    place_ = current_.source;
    std::string member;
    std::string text;
    try {
      const auto next = archive_->next();
      if (!next) {
        archive_.reset();
        return;
      }
      member = valid_utf8(*next);
      if (is_hidden(member) || !is_wanted(member) ||
          !may_hold_structures(kind_of(without_compression(member)))) {
        return;
      }
      place_ += "/" + member;
      text = archive_->read();
    } catch (const Error& error) {
      const bool too_large = error.code() == ErrorCode::limit && place_ != current_.source;
      if (!too_large) {
        archive_.reset(); // nothing behind the damage can be found
      }
      throw;
    }
    if (kind_of(member) == EntryKind::compressed) {
      text = decompress(text, place_, options_.max_bytes);
    }
    entries_ = entries_of(std::move(text), {place_, without_compression(member), false}, options_);
  }

  SourceOptions options_;
  std::deque<InputPart> files_;
  InputPart current_;
  std::unique_ptr<ArchiveReader> archive_;
  std::string place_;         ///< what is being read, for failures
  std::deque<Entry> entries_; ///< of the file or member opened last
};

EntryStream::EntryStream(const std::vector<fs::path>& inputs, SourceOptions options)
    : EntryStream(list_parts(inputs), std::move(options)) {
}
EntryStream::EntryStream(std::vector<InputPart> parts, SourceOptions options)
    : implementation_(std::make_unique<Implementation>(std::move(parts), std::move(options))) {
}
EntryStream::~EntryStream() = default;
EntryStream::EntryStream(EntryStream&&) noexcept = default;
EntryStream& EntryStream::operator=(EntryStream&&) noexcept = default;

bool is_inside_file(const fs::path& path) {
  return find_container(path).has_value();
}

std::optional<std::variant<Entry, Failure>> EntryStream::next() {
  return implementation_->next();
}

} // namespace ionsift::crystal
