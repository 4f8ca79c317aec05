#include "ionsift/crystal/source.hpp"

#include "ionsift/base/file.hpp"

#include "archive.hpp"
#include "entry_kind.hpp"
#include "text_entries.hpp"

#include <algorithm>
#include <deque>
#include <utility>

namespace ionsift::crystal {

namespace fs = std::filesystem;

namespace {

struct File {
  fs::path path;
  std::string source;     ///< how the file is called in Crystal::source
  bool requested = false; ///< named by the user, not found in a folder
  std::string only;       ///< source of the one entry wanted from it; empty for all
};

/// The last part of a path that is a name, also for "." and "folder/".
std::string last_name(const fs::path& path) {
  return (path.filename().empty() ? fs::weakly_canonical(path) : fs::absolute(path).lexically_normal())
      .filename()
      .string();
}

std::vector<File> list_folder(const fs::path& folder) {
  std::vector<File> files;
  const fs::path prefix = last_name(folder);
  const auto options = fs::directory_options::follow_directory_symlink;
  for (const auto& entry : fs::recursive_directory_iterator(folder, options)) {
    const fs::path relative = entry.path().lexically_relative(folder);
    if (entry.is_regular_file() && !is_hidden(relative.generic_string())) {
      files.push_back({entry.path(), (prefix / relative).generic_string(), false, ""});
    }
  }
  std::ranges::sort(files, {}, &File::source);
  return files;
}

/// The file that an entry's source such as "folder/x.tar.gz/a.cif" or "dump.json#mp-1" points into.
std::optional<File> find_container(const fs::path& input) {
  const std::string text = input.string();
  for (std::size_t cut = text.find_last_of("/#"); cut != std::string::npos && cut > 0;
       cut = text.find_last_of("/#", cut - 1)) {
    const fs::path container = text.substr(0, cut);
    if (fs::is_regular_file(container)) {
      const std::string name = last_name(container);
      return File{container, name, true, name + text.substr(cut)};
    }
  }
  return std::nullopt;
}

/// Kinds that may hold structures; other files are not even read, unless the user names them.
bool may_hold_structures(EntryKind kind) {
  return kind == EntryKind::cif || kind == EntryKind::json || kind == EntryKind::csv;
}

} // namespace

class EntryStream::Implementation {
public:
  Implementation(const std::vector<fs::path>& inputs, SourceOptions options) : options_(std::move(options)) {
    for (const fs::path& input : inputs) {
      if (fs::is_directory(input)) {
        std::ranges::move(list_folder(input), std::back_inserter(files_));
        continue;
      }
      if (fs::exists(input)) {
        files_.push_back({input, last_name(input), true, ""});
        continue;
      }
      const auto container = find_container(input);
      IONSIFT_VALIDATE(container.has_value(), missing, fmt::format("there is no '{}'", input.string()),
                       "inputs are CIF files, folders, archives, JSON documents and CSV tables",
                       "Check the path.");
      files_.push_back(*container);
    }
  }

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
        current_.only = archive_ ? current_.only : "";
        return Failure{place_, "", error.code(), error.what(), 0};
      }
    }
    Entry entry = std::move(entries_.front());
    entries_.pop_front();
    return entry;
  }

private:
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
      archive_ = std::make_unique<ArchiveReader>(current_.path, false);
      return;
    }
    const std::string name = without_compression(current_.source);
    if (!current_.requested && !may_hold_structures(kind_of(name))) {
      return;
    }
    std::string text;
    if (kind == EntryKind::compressed) {
      ArchiveReader file(current_.path, true);
      text = file.next() ? file.read() : "";
    } else {
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
      member = *next;
      if (is_hidden(member) || !is_wanted(member) ||
          !may_hold_structures(kind_of(without_compression(member)))) {
        return;
      }
      text = archive_->read();
    } catch (const Error&) {
      archive_.reset(); // nothing behind the damage can be found
      throw;
    }
    place_ += "/" + member;
    if (kind_of(member) == EntryKind::compressed) {
      text = decompress(text, place_);
    }
    entries_ = entries_of(std::move(text), {place_, without_compression(member), false}, options_);
  }

  SourceOptions options_;
  std::deque<File> files_;
  File current_;
  std::unique_ptr<ArchiveReader> archive_;
  std::string place_;         ///< what is being read, for failures
  std::deque<Entry> entries_; ///< of the file or member opened last
};

EntryStream::EntryStream(std::vector<fs::path> inputs, SourceOptions options)
    : implementation_(std::make_unique<Implementation>(inputs, std::move(options))) {
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
