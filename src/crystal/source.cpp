#include "ionsift/crystal/source.hpp"

#include "ionsift/base/file.hpp"

#include "archive.hpp"
#include "entry_kind.hpp"

#include <algorithm>
#include <deque>

namespace ionsift::crystal {

namespace fs = std::filesystem;

namespace {

struct File {
  fs::path path;
  std::string source; ///< how the file is called in Crystal::source
  bool named = false; ///< given by the user, not found in a folder
};

/// The last part of a path that is a name, also for "." and "folder/".
std::string last_name(const fs::path& path) {
  const fs::path absolute = fs::weakly_canonical(path);
  return absolute.filename().string();
}

std::vector<File> list_folder(const fs::path& folder) {
  std::vector<File> files;
  const fs::path prefix = last_name(folder);
  const auto options = fs::directory_options::follow_directory_symlink;
  for (const auto& entry : fs::recursive_directory_iterator(folder, options)) {
    const fs::path relative = entry.path().lexically_relative(folder);
    if (entry.is_regular_file() && !is_hidden(relative.generic_string())) {
      files.push_back({entry.path(), (prefix / relative).generic_string(), false});
    }
  }
  std::ranges::sort(files, {}, &File::source);
  return files;
}

} // namespace

class EntryStream::Implementation {
public:
  explicit Implementation(const std::vector<fs::path>& inputs) {
    for (const fs::path& input : inputs) {
      IONSIFT_VALIDATE(fs::exists(input), missing, fmt::format("there is no '{}'", input.string()),
                       "inputs are CIF files, folders or archives", "Check the path.");
      if (fs::is_directory(input)) {
        std::ranges::move(list_folder(input), std::back_inserter(files_));
      } else {
        files_.push_back({input, last_name(input), true});
      }
    }
  }

  std::optional<std::variant<Entry, Failure>> next() {
    while (true) {
      try {
        if (auto entry = archive_ ? next_member() : next_file()) {
          return *std::move(entry);
        }
        if (!archive_ && files_.empty()) {
          return std::nullopt;
        }
      } catch (const Error& error) {
        archive_.reset();
        return Failure{current_.source, "", error.code(), error.what(), 0};
      }
    }
  }

private:
  /// Opens the next file; its entry where it is no archive. Nothing where it has to be passed over or opened.
  std::optional<Entry> next_file() {
    if (files_.empty()) {
      return std::nullopt;
    }
    current_ = std::move(files_.front());
    files_.pop_front();
    const EntryKind kind = kind_of(current_.source);
    if (kind == EntryKind::archive || kind == EntryKind::compressed) {
      is_compressed_file_ = kind == EntryKind::compressed;
      archive_ = std::make_unique<ArchiveReader>(current_.path, is_compressed_file_);
      return std::nullopt;
    }
    if (kind == EntryKind::cif || current_.named) {
      return Entry{{current_.source, stem_of(current_.source)}, read_file(current_.path)};
    }
    return std::nullopt;
  }

  std::optional<Entry> next_member() {
    const auto member = archive_->next();
    if (!member) {
      archive_.reset();
      return std::nullopt;
    }
    if (is_compressed_file_) {
      return Entry{{current_.source, stem_of(current_.source)}, archive_->read()};
    }
    if (is_hidden(*member) || kind_of(*member) != EntryKind::cif) {
      return std::nullopt;
    }
    return Entry{{current_.source + "/" + *member, stem_of(*member)}, archive_->read()};
  }

  std::deque<File> files_;
  File current_;
  std::unique_ptr<ArchiveReader> archive_;
  bool is_compressed_file_ = false;
};

EntryStream::EntryStream(std::vector<fs::path> inputs)
    : implementation_(std::make_unique<Implementation>(inputs)) {
}
EntryStream::~EntryStream() = default;
EntryStream::EntryStream(EntryStream&&) noexcept = default;
EntryStream& EntryStream::operator=(EntryStream&&) noexcept = default;

std::optional<std::variant<Entry, Failure>> EntryStream::next() {
  return implementation_->next();
}

} // namespace ionsift::crystal
