// SPDX-License-Identifier: BSD-3-Clause
#include "input_files.hpp"

#include "ionsift/base/text.hpp"

#include "archive_index.hpp"
#include "cif_collection.hpp"
#include "read/entry_kind.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ionsift::crystal {

namespace fs = std::filesystem;

namespace {

Failure unreadable(const std::string& source, const std::error_code& error) {
  const Error problem(ErrorCode::io, fmt::format("folder {} cannot be read", source), error.message(),
                      "Check its permissions.");
  return {source, "", problem.code(), problem.what(), 0};
}

/// The last part of a path that is a name, also for "." and "folder/".
std::string last_name(const fs::path& path) {
  std::error_code ignored;
  const fs::path whole = path.filename().empty() || path.filename() == "." || path.filename() == ".."
                             ? fs::weakly_canonical(path, ignored)
                             : path;
  return whole.filename().string();
}

class FolderLister {
public:
  FolderLister(const fs::path& folder, std::string prefix) : prefix_(std::move(prefix)) {
    enter(folder, {});
    std::ranges::stable_sort(files_, {}, &InputPart::source);
  }

  std::vector<InputPart> take() { return std::move(files_); }

private:
  std::string source_of(const fs::path& relative) const {
    return valid_utf8((fs::path(prefix_) / relative).generic_string());
  }

  /// Descends into a folder unless it is one of its own parents, which a link may lead back to.
  void enter(const fs::path& folder, const fs::path& relative) {
    std::error_code error;
    const fs::path place = fs::canonical(folder, error);
    if (!error && std::ranges::find(within_, place) != within_.end()) {
      return;
    }
    within_.push_back(place);
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      add(*entries, relative / entries->path().filename());
    }
    if (error) {
      InputPart file;
      file.source = source_of(relative);
      file.failure = unreadable(file.source, error);
      files_.push_back(std::move(file));
    }
    within_.pop_back();
  }

  void add(const fs::directory_entry& entry, const fs::path& relative) {
    std::error_code broken; // set for a broken link, or a folder that may be listed but not entered
    if (entry.is_directory(broken)) {
      enter(entry.path(), relative);
    } else if (entry.is_regular_file(broken) || broken) {
      InputPart file;
      file.path = entry.path();
      file.source = source_of(relative);
      files_.push_back(std::move(file));
    }
  }

  std::string prefix_;
  std::vector<fs::path> within_; ///< enclosing folders, links resolved
  std::vector<InputPart> files_;
};

/// Size of a document or table below which its entries are not distributed one by one.
constexpr std::uint64_t small_file = std::uint64_t{1} << 15;
/// Size above which a compressed CIF holds several structures and is therefore a collection.
constexpr std::uint64_t large_compressed_cif = std::uint64_t{1} << 20;

void measure(InputPart& part) {
  std::error_code unknown;
  const auto size = part.failure ? 0 : fs::file_size(part.path, unknown);
  part.bytes = unknown ? 0 : size;
  const EntryKind kind = kind_of(without_compression(part.source));
  const bool holds_many = part.requested || may_hold_structures(kind);
  part.sequence = kind == EntryKind::archive ||
                  (part.bytes > small_file && kind != EntryKind::cif && holds_many) ||
                  (kind == EntryKind::cif && kind_of(part.source) == EntryKind::compressed &&
                   part.bytes > large_compressed_cif);
}

} // namespace

std::optional<InputPart> find_container(const fs::path& input) {
  const std::string text = input.string();
  for (std::size_t cut = text.find_last_of("/#"); cut != std::string::npos && cut > 0;
       cut = text.find_last_of("/#", cut - 1)) {
    const fs::path container = text.substr(0, cut);
    std::error_code unknown;
    if (fs::is_regular_file(container, unknown)) {
      const std::string name = valid_utf8(last_name(container));
      return InputPart{container, name, true, name + valid_utf8(text.substr(cut))};
    }
  }
  return std::nullopt;
}

std::vector<InputPart> list_parts(const std::vector<fs::path>& inputs) {
  std::vector<InputPart> parts;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const fs::path& input = inputs[i];
    const std::size_t first = parts.size();
    std::error_code error;
    const auto status = fs::status(input, error);
    if (fs::is_directory(status)) {
      std::ranges::move(FolderLister(input, last_name(input)).take(), std::back_inserter(parts));
    } else if (fs::exists(status)) {
      parts.push_back({input, valid_utf8(last_name(input)), true, ""});
    } else {
      const auto container = find_container(input);
      IONSIFT_VALIDATE(container || status.type() == fs::file_type::not_found ||
                           error == std::errc::not_a_directory,
                       io, fmt::format("'{}' cannot be looked at", input.string()), error.message(),
                       "Check the permissions of its folder.");
      IONSIFT_VALIDATE(
          container.has_value(), missing, fmt::format("there is no '{}'", input.string()),
          "inputs are CIF, POSCAR and extended XYZ files, folders, archives, JSON documents and CSV "
          "tables",
          "Check the path.");
      parts.push_back(*container);
    }
    for (std::size_t k = first; k < parts.size(); ++k) {
      parts[k].input = i;
      measure(parts[k]);
    }
  }
  return parts;
}

namespace {

/// A file that cannot be read is reported where it is read.
std::optional<std::vector<BlockRun>> find_runs(const fs::path& cif, std::uint64_t bytes) {
  try {
    return index_collection(cif, bytes);
  } catch (const Error&) {
    return std::nullopt;
  }
}

} // namespace

std::vector<InputPart> divide(const InputPart& part, std::uint64_t bytes) {
  const bool is_whole_cif = kind_of(part.source) == EntryKind::cif && part.only.empty() && !part.failure &&
                            (part.requested || !is_hidden(part.source));
  if (is_whole_cif && part.bytes > bytes) {
    if (const auto blocks = find_runs(part.path, bytes)) {
      std::vector<InputPart> parts(blocks->size(), part);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i].bytes = (*blocks)[i].length;
        parts[i].blocks = (*blocks)[i];
      }
      return parts;
    }
  }
  const bool is_whole_archive = kind_of(part.source) == EntryKind::archive && part.only.empty() &&
                                !part.failure && (part.requested || !is_hidden(part.source));
  auto runs = is_whole_archive && part.bytes > bytes ? index_archive(part.path, bytes) : std::nullopt;
  if (!runs || runs->empty()) {
    return {part};
  }
  std::vector<InputPart> parts(runs->size(), part);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].bytes = (*runs)[i].length;
    parts[i].sequence = false;
    parts[i].run = std::move((*runs)[i]);
  }
  return parts;
}

bool is_inside_file(const fs::path& path) {
  return find_container(path).has_value();
}

} // namespace ionsift::crystal
