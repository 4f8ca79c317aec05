// SPDX-License-Identifier: BSD-3-Clause
#include "structure_json.hpp"

#include "ionsift/base/json.hpp"
#include "ionsift/crystal/read/cif.hpp"

#include "entry_kind.hpp"
#include "json_dialects.hpp"
#include "json_split.hpp"
#include "raw_structure.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ionsift::crystal {

namespace {

using nlohmann::json;

/// NaN and Infinity, which Python writes and JSON does not have, as null; nothing where there are none.
std::optional<std::string> without_nan(std::string_view text) {
  std::string plain;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    at = text.find_first_of("\"NI", at);
    if (at == std::string_view::npos) {
      break;
    }
    if (text[at] == '"') {
      JsonScanner scanner(text.substr(at));
      at += scanner.value()->text.size();
      continue;
    }
    const std::string_view rest = text.substr(at);
    const std::size_t length = rest.starts_with("NaN") ? 3 : rest.starts_with("Infinity") ? 8 : 0;
    if (length == 0) {
      return std::nullopt; // not JSON at all
    }
    const std::size_t begin = at > 0 && text[at - 1] == '-' ? at - 1 : at;
    plain.append(text.substr(copied, begin - copied)).append("null");
    at = copied = at + length;
  }
  return copied == 0 ? std::nullopt : std::optional(plain.append(text.substr(copied)));
}

json parse(std::string_view text) {
  const auto plain = without_nan(text);
  return parse_json(plain ? *plain : text);
}

std::vector<ReadResult> read_part(const JsonPart& part, const EntryName& name, const ReadOptions& options) {
  try {
    const json structure = parse(part.text);
    if (structure.is_string()) {
      return read_cif(structure.get_ref<const std::string&>(), name, options);
    }
    Crystal crystal = assemble(read_structure(structure), options);
    crystal.source = name.source;
    crystal.id = name.id;
    return {std::move(crystal)};
  } catch (const json::parse_error& error) {
    const auto end = part.text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, part.text.size()));
    const long line = part.line + static_cast<long>(std::count(part.text.begin(), end, '\n'));
    const Error problem(ErrorCode::format, "the text is not valid JSON", error.what(),
                        "Correct the file at that line.");
    return {failure_of(problem, name, part.id, line)};
  } catch (const json::exception& error) {
    const Error problem(ErrorCode::data, "the document is not a structure", error.what(),
                        "Give structures as pymatgen, OPTIMADE or JARVIS write them.");
    return {failure_of(problem, name, part.id, part.line)};
  } catch (const Error& error) {
    return {failure_of(error, name, part.id, part.line)};
  }
}

} // namespace

Failure failure_of_part(const JsonPart& part, const std::string& source) {
  const Error problem(part.is_damaged ? ErrorCode::format : ErrorCode::missing,
                      fmt::format("record {} is not a structure", part.number), part.problem,
                      part.is_damaged ? "Check that the file is complete; download it again."
                                      : "Remove the record, or complete it.");
  return {source, "", problem.code(), problem.what(), part.line};
}

std::vector<ReadResult> read_structure_json(std::string_view text, const EntryName& name,
                                            const ReadOptions& options) {
  const std::vector<JsonPart> parts = split_json(text).parts;
  std::vector<ReadResult> results;
  for (const JsonPart& part : parts) {
    EntryName part_name = name;
    if (parts.size() > 1) {
      part_name.id = part.id.empty() ? numbered_id(name.source, part.number) : part.id;
    }
    if (!part.problem.empty()) {
      results.emplace_back(failure_of_part(part, name.source));
      continue;
    }
    std::ranges::move(read_part(part, part_name, options), std::back_inserter(results));
  }
  return results;
}

} // namespace ionsift::crystal
