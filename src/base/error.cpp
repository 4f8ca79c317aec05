// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"

#include "ionsift/base/enum_names.hpp"

#include <algorithm>
#include <utility>

namespace ionsift {

namespace {

std::string message(const std::string& problem, const std::string& why, const std::string& suggestion) {
  std::string text = problem;
  if (!why.empty()) {
    text += " (" + why + ")";
  }
  if (!suggestion.empty()) {
    text += " " + suggestion;
  }
  // what() would end at a zero byte, and texts of files may hold some.
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

constexpr auto error_code_names = enum_names<ErrorCode>({{ErrorCode::usage, "usage"},
                                                         {ErrorCode::missing, "missing"},
                                                         {ErrorCode::format, "format"},
                                                         {ErrorCode::data, "data"},
                                                         {ErrorCode::limit, "limit"},
                                                         {ErrorCode::conflict, "conflict"},
                                                         {ErrorCode::io, "io"},
                                                         {ErrorCode::numeric, "numeric"},
                                                         {ErrorCode::internal, "internal"}});

} // namespace

std::string_view name_of(ErrorCode code) {
  return error_code_names.name(code);
}

int exit_status(ErrorCode code) {
  switch (code) {
  case ErrorCode::usage:
    return 2;
  case ErrorCode::internal:
    return 70; // EX_SOFTWARE of sysexits.h
  default:
    return 1;
  }
}

Error::Error(ErrorCode code, std::string problem, std::string why, std::string suggestion)
    : std::runtime_error(message(problem, why, suggestion)), code_(code), problem_(std::move(problem)),
      why_(std::move(why)), suggestion_(std::move(suggestion)) {
}

Error Error::at(std::string_view place) const {
  return {code_, std::string(place) + ": " + problem_, why_, suggestion_};
}

} // namespace ionsift
