// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/candidate_cifs.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/read/cif.hpp"
#include "ionsift/crystal/source/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <ostream>
#include <utility>
#include <variant>

namespace ionsift::report {

namespace {

namespace fs = std::filesystem;

/// A row that gets a file.
struct Wanted {
  std::size_t number = 0; ///< number in candidates.csv
  const screen::Candidate* row = nullptr;
  std::string cif; ///< empty as long as it is not found
  bool seen = false, changed = false;
};

/// Whether an entry of this source is the part itself or inside of it: "x.tar.gz/folder/a.cif",
/// "dump.json#mp-1".
bool is_inside(const std::string& source, const crystal::InputPart& part) {
  return source.starts_with(part.source) &&
         (source.size() == part.source.size() || source[part.source.size()] == '/' ||
          source[part.source.size()] == '#');
}

/// All files of those inputs that are still there.
std::vector<crystal::InputPart> parts_of(const std::vector<fs::path>& inputs) {
  std::vector<crystal::InputPart> parts;
  for (const auto& input : inputs) {
    try {
      auto some = crystal::list_parts({input});
      parts.insert(parts.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    } catch (const Error&) {
      // It has disappeared, which is reported for each structure requested from it.
    }
  }
  return parts;
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
void search(const crystal::InputPart& part, std::vector<Wanted*> wanted) {
  try {
    crystal::EntryStream stream(std::vector<crystal::InputPart>{part});
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
    // It can no longer be read, which is reported for each structure requested from it.
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

WrittenCifs write_cifs(const fs::path& folder, const std::vector<screen::Candidate>& kept, std::size_t most,
                       const std::vector<fs::path>& inputs) {
  std::vector<Wanted> all;
  for (const auto& row : kept) {
    if (row.leads() && all.size() < most) {
      all.push_back({all.size() + 1, &row, "", false, false});
    }
  }
  for (const auto& part : all.empty() ? std::vector<crystal::InputPart>() : parts_of(inputs)) {
    std::vector<Wanted*> here;
    for (auto& one : all) {
      if (!part.failure && !one.seen && is_inside(one.row->source, part)) {
        here.push_back(&one);
      }
    }
    if (!here.empty()) {
      search(part, std::move(here));
    }
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
