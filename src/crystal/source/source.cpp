// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/source/source.hpp"

#include "ionsift/base/file.hpp"
#include "ionsift/base/mapped_file.hpp"
#include "ionsift/base/text.hpp"

#include "archive.hpp"
#include "archive_index.hpp"
#include "input_files.hpp"
#include "read/entry_kind.hpp"
#include "text_entries.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <new>
#include <utility>

namespace ionsift::crystal {

namespace fs = std::filesystem;

namespace {

/// The members of an archive that are replaced by later ones of the same name, as "tar -r" adds them: maps a
/// name to the number of the last one. Reads the archive once; stores hashes of names, because there may be a
/// million.
std::map<std::string, std::size_t> find_repeated(const fs::path& archive, std::size_t max_bytes) {
  std::vector<std::size_t> hashes;
  std::map<std::string, std::size_t> last;
  for (const bool counting : {true, false}) {
    try {
      ArchiveReader reader(archive, false, max_bytes);
      std::size_t number = 0;
      while (const auto member = reader.next()) {
        const std::size_t hash = std::hash<std::string>()(member->path);
        if (counting) {
          hashes.push_back(hash);
        } else if (std::ranges::binary_search(hashes, hash)) {
          last[member->path] = number;
        }
        ++number;
      }
    } catch (const Error&) {
      // Damage is found again when the members are read.
    }
    if (counting) {
      std::ranges::sort(hashes);
      std::vector<std::size_t> repeated;
      for (std::size_t i = 1; i < hashes.size(); ++i) {
        if (hashes[i] == hashes[i - 1]) {
          repeated.push_back(hashes[i]);
        }
      }
      hashes = std::move(repeated);
      if (hashes.empty()) {
        break;
      }
    }
  }
  return last;
}

} // namespace

class EntryStream::Implementation {
public:
  Implementation(std::vector<InputPart> parts, SourceOptions options)
      : options_(std::move(options)),
        files_(std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end())) {}

  std::optional<std::variant<Entry, Failure>> next() {
    while (items_.empty()) {
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
    auto item = std::move(items_.front());
    items_.pop_front();
    notes_.found(current_.input);
    return item;
  }

  const SourceNotes& notes() const { return notes_; }

private:
  Failure fail(const Error& error) {
    current_.only = archive_ ? current_.only : "";
    notes_.found(current_.input);
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

  /// Selects the requested entry; the rest of the file is then skipped.
  void keep_wanted() {
    if (current_.only.empty()) {
      return;
    }
    std::erase_if(items_, [&](const auto& item) {
      const auto* entry = std::get_if<Entry>(&item);
      return entry != nullptr ? entry->name.source != current_.only && !holds_wanted_block(entry->name)
                              : std::get<Failure>(item).source != current_.only;
    });
    for (auto& item : items_) {
      if (auto* entry = std::get_if<Entry>(&item)) {
        const bool whole = entry->name.source == current_.only;
        entry->name.block = whole ? "" : current_.only.substr(entry->name.source.size() + 1);
      }
    }
    if (!items_.empty()) {
      archive_.reset();
      current_.only.clear();
    }
  }

  /// Whether a block of this CIF is requested.
  bool holds_wanted_block(const EntryName& name) const {
    return current_.only.starts_with(name.source + "#") &&
           kind_of(without_compression(name.source)) == EntryKind::cif;
  }

  /// Whether the member, or something in it, is requested.
  bool is_wanted(const std::string& member) const {
    return current_.only.empty() || current_.only.starts_with(current_.source + "/" + member);
  }

  void open_file() {
    current_ = std::move(files_.front());
    files_.pop_front();
    place_ = current_.source;
    if (current_.failure) {
      items_.emplace_back(*std::exchange(current_.failure, std::nullopt));
      return;
    }
    const EntryKind kind = kind_of(current_.source);
    if (is_hidden(current_.source) && !current_.requested) {
      notes_.pass_over(kind_in_words(current_.source), current_.source);
      return;
    }
    if (kind == EntryKind::archive) {
      member_number_ = 0;
      if (!current_.run) { // an archive with an index need not be read as a whole
        if (auto runs = index_archive(current_.path, std::numeric_limits<std::uint64_t>::max());
            runs && runs->size() == 1) {
          current_.run = std::move(runs->front());
        }
      }
      if (current_.run) {
        archive_ = std::make_unique<ArchiveReader>(current_.path, *current_.run, options_.max_bytes);
        return;
      }
      repeated_ = find_repeated(current_.path, options_.max_bytes);
      archive_ = std::make_unique<ArchiveReader>(current_.path, false, options_.max_bytes);
      return;
    }
    const std::string name = without_compression(current_.source);
    if (!current_.requested && !may_hold_structures(kind_of(name))) {
      notes_.pass_over(kind_in_words(current_.source), current_.source);
      return;
    }
    std::string text;
    if (current_.blocks) {
      text = RandomFile(current_.path).read(current_.blocks->offset, current_.blocks->length);
      IONSIFT_VALIDATE(text.size() == current_.blocks->length, io,
                       fmt::format("{} is shorter than it was", current_.source),
                       "it was changed during the run", "Run again.");
    } else if (kind == EntryKind::compressed) {
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
    items_ =
        entries_of(std::move(text),
                   {current_.source, name, current_.requested, current_.blocks ? &*current_.blocks : nullptr},
                   options_, notes_);
  }

  /// Why a member is skipped; empty if it is to be read.
  std::string reason_to_pass(const ArchiveMember& member, const std::string& name, std::size_t number) const {
    if (!member.link.empty()) {
      return "link to another member";
    }
    if (is_hidden(name) || !may_hold_structures(kind_of(without_compression(name)))) {
      return kind_in_words(name);
    }
    return is_replaced(member.path, number) ? "member replaced by a later one of its name" : "";
  }

  bool is_replaced(const std::string& member, std::size_t number) const {
    if (current_.run) {
      return std::ranges::binary_search(current_.run->replaced, number);
    }
    const auto last = repeated_.find(member);
    return last != repeated_.end() && last->second != number;
  }

  /// The members of a run were counted when it was found.
  void validate_run_is_whole() const {
    IONSIFT_VALIDATE(!current_.run || member_number_ == current_.run->members, format,
                     fmt::format("{} holds {} members where {} were found at first", current_.source,
                                 member_number_, current_.run ? current_.run->members : 0),
                     "it was changed in the meantime, or is damaged", "Check the archive, and run again.");
  }

  void open_member() {
    place_ = current_.source;
    std::string member;
    std::string text;
    try {
      const auto next = archive_->next();
      if (!next) {
        validate_run_is_whole();
        archive_.reset();
        return;
      }
      member = valid_utf8(next->path);
      if (const auto reason = reason_to_pass(*next, member, member_number_++); !reason.empty()) {
        if (current_.only.empty()) {
          notes_.pass_over(reason, place_ + "/" + member);
        }
        return;
      }
      if (!is_wanted(member)) {
        return;
      }
      place_ += "/" + member;
      text = archive_->read();
    } catch (const Error& error) {
      const bool too_large = error.code() == ErrorCode::limit && place_ != current_.source;
      if (!too_large) {
        archive_.reset(); // nothing after the damage can be found
      }
      throw;
    }
    if (kind_of(member) == EntryKind::compressed) {
      text = decompress(text, place_, options_.max_bytes);
    }
    items_ = entries_of(std::move(text), {place_, without_compression(place_), false}, options_, notes_);
  }

  SourceOptions options_;
  std::deque<InputPart> files_;
  InputPart current_;
  std::unique_ptr<ArchiveReader> archive_;
  std::map<std::string, std::size_t> repeated_; ///< number of the last member of each repeated name
  std::size_t member_number_ = 0;
  std::string place_; ///< what is being read, for failures
  Items items_;       ///< entries of the file or member opened last
  SourceNotes notes_;
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

std::optional<std::variant<Entry, Failure>> EntryStream::next() {
  return implementation_->next();
}

const SourceNotes& EntryStream::notes() const {
  return implementation_->notes();
}

} // namespace ionsift::crystal
