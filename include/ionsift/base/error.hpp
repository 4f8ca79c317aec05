// SPDX-License-Identifier: BSD-3-Clause
// Errors that a user can act on.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace ionsift {

/// The kind of an error; each has one exit status and one name in failure lists.
enum class ErrorCode {
  usage,    ///< the command line or a configuration file
  missing,  ///< a file, folder, dataset or column that should be there
  format,   ///< a file that cannot be parsed
  data,     ///< parsed, but its content is invalid
  limit,    ///< exceeds a stated budget (sites, edges, seconds)
  conflict, ///< made with settings that differ from the requested ones
  io,       ///< the operating system refused
  numeric,  ///< NaN, infinity or no convergence
  internal, ///< a bug in ionsift
};

/// The spelling of a code in failure lists, JSON and messages, for example "format".
std::string_view name_of(ErrorCode code);

/// The exit status of a program that ends with this code (usage 2, all others 1; internal 70).
int exit_status(ErrorCode code);

/// An exception whose message always reads "PROBLEM (WHY) SUGGESTION".
class Error : public std::runtime_error {
public:
  Error(ErrorCode code, std::string problem, std::string why, std::string suggestion);

  ErrorCode code() const { return code_; }
  const std::string& problem() const { return problem_; }
  const std::string& why() const { return why_; }
  const std::string& suggestion() const { return suggestion_; }

  /// The same error with "PLACE: " before the problem; PLACE is a file, block or structure.
  Error at(std::string_view place) const;

private:
  ErrorCode code_;
  std::string problem_;
  std::string why_;
  std::string suggestion_;
};

} // namespace ionsift

/// Always-on check: throws ionsift::Error unless CONDITION holds. The three texts are evaluated only then,
/// so they may call fmt::format freely.
#define IONSIFT_VALIDATE(CONDITION, CODE, PROBLEM, WHY, SUGGESTION)                                          \
  do {                                                                                                       \
    if (!(CONDITION)) [[unlikely]] {                                                                         \
      throw ::ionsift::Error(::ionsift::ErrorCode::CODE, (PROBLEM), (WHY), (SUGGESTION));                    \
    }                                                                                                        \
  } while (false)
