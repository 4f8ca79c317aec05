#include "ionsift/report/candidate_cifs.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/cif.hpp"
#include "ionsift/crystal/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <ostream>
#include <utility>
#include <variant>

namespace ionsift::report {

namespace {

namespace fs = std::filesystem;

/// A row that gets a file.
struct Wanted {
  std::size_t number = 0; ///< as in candidates.csv
  const screen::Candidate* row = nullptr;
  std::string cif; ///< empty as long as it is not found
  bool seen = false, changed = false;
};

/// The file that a source lies in: "x.tar.gz" of "x.tar.gz/folder/a.cif", "dump.json" of "dump.json#mp-1".
std::optional<fs::path> file_of(const std::string& source) {
  std::error_code ignored;
  for (fs::path path = source; !path.empty() && path != path.root_path(); path = path.parent_path()) {
    const auto text = path.string();
    for (auto end = text.size(); end != std::string::npos && end > 0; end = text.rfind('#', end - 1)) {
      if (const auto part = fs::path(text.substr(0, end)); fs::is_regular_file(part, ignored)) {
        return part;
      }
    }
  }
  return std::nullopt;
}

/// Whether the text is a CIF, and not another format that gives a structure.
bool is_cif(std::string_view text) {
  while (!text.empty()) {
    const auto line = trim(text.substr(0, text.find('\n')));
    if (!line.empty() && line.front() != '#') {
      return to_lower(line.substr(0, 5)) == "data_";
    }
    text.remove_prefix(std::min(text.size(), text.substr(0, text.find('\n')).size() + 1));
  }
  return false;
}

std::string cif_of(const crystal::Entry& entry, const crystal::Crystal& crystal, bool is_alone,
                   const screen::Candidate& row) {
  return is_alone && is_cif(entry.bytes)
             ? entry.bytes
             : crystal::write_cif(crystal, {fmt::format("{} of {}", row.id, row.source),
                                            "all atoms of the cell, as ionsift read them"});
}

/// Fills those that an entry holds.
void take(const crystal::Entry& entry, const std::vector<Wanted*>& wanted) {
  crystal::ReadOptions options;
  options.strictness = crystal::Strictness::tolerant; // whatever was screened has been read before
  const auto results = crystal::read_entry(entry.bytes, entry.name, options);
  for (auto* one : wanted) {
    for (const auto& result : results) {
      const auto* crystal = std::get_if<crystal::Crystal>(&result);
      if (crystal == nullptr || (crystal->id != one->row->id && results.size() > 1)) {
        continue;
      }
      one->seen = true;
      one->changed = crystal->sha256 != one->row->sha256;
      if (!one->changed) {
        one->cif = cif_of(entry, *crystal, results.size() == 1, *one->row);
      }
      break;
    }
  }
}

/// Goes through one file for those that lie in it.
void search(const fs::path& file, std::vector<Wanted*> wanted) {
  try {
    crystal::EntryStream stream({file});
    while (!wanted.empty()) {
      const auto next = stream.next();
      if (!next) {
        return;
      }
      const auto* entry = std::get_if<crystal::Entry>(&*next);
      if (entry == nullptr) {
        continue;
      }
      const auto is_here = [&](const Wanted* one) { return one->row->source == entry->name.source; };
      std::vector<Wanted*> here;
      std::ranges::copy_if(wanted, std::back_inserter(here), is_here);
      if (!here.empty()) {
        take(*entry, here);
        std::erase_if(wanted, is_here);
      }
    }
  } catch (const Error&) {
    // It cannot be read any more, which is told of each that was wanted from it.
  }
}

std::string file_name(const Wanted& one) {
  std::string formula = one.row->formula;
  std::erase_if(formula, [](unsigned char c) { return std::isalnum(c) == 0 && c != '.'; });
  return fmt::format("{:03}_{}.cif", one.number, formula);
}

/// "001_Li6PS5Cl.cif"
bool is_ours(const std::string& name) {
  const auto digits = name.find_first_not_of("0123456789");
  return digits != std::string::npos && digits >= 3 && name[digits] == '_' && name.ends_with(".cif");
}

void empty_folder(const fs::path& folder) {
  if (!fs::is_directory(folder)) {
    return;
  }
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (is_ours(entry.path().filename().string())) {
      old.push_back(entry.path());
    }
  }
  for (const auto& path : old) {
    fs::remove(path);
  }
}

} // namespace

WrittenCifs write_cifs(const fs::path& folder, const std::vector<screen::Candidate>& kept, std::size_t most) {
  std::vector<Wanted> all;
  for (const auto& row : kept) {
    if (row.leads() && all.size() < most) {
      all.push_back({all.size() + 1, &row, "", false, false});
    }
  }
  std::map<fs::path, std::vector<Wanted*>> by_file;
  for (auto& one : all) {
    if (const auto file = file_of(one.row->source)) {
      by_file[*file].push_back(&one);
    }
  }
  for (auto& [file, wanted] : by_file) {
    search(file, std::move(wanted));
  }
  empty_folder(folder);
  if (!all.empty()) {
    make_folder(folder);
  }
  WrittenCifs result;
  for (const auto& one : all) {
    if (!one.seen) {
      result.gone.push_back(one.row->source);
    } else if (one.changed) {
      result.changed.push_back(one.row->source);
    } else {
      write_file_atomically(folder / file_name(one), [&](std::ostream& out) { out << one.cif; });
      ++result.written;
    }
  }
  return result;
}

} // namespace ionsift::report
