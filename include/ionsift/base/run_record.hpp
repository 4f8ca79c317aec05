// SPDX-License-Identifier: BSD-3-Clause
// The run record: the JSON document that every command writes, whether it succeeded or not.
#pragma once

#include "ionsift/base/timer.hpp"

#include <nlohmann/json.hpp>

#include <exception>
#include <filesystem>
#include <string>

namespace ionsift {

/// Exit status of a run that was interrupted by a signal and resumes when it is started again
/// (EX_TEMPFAIL of sysexits.h).
inline constexpr int interrupted_status = 75;

/// Collects a run's options, environment, durations of phases, counts and outcome.
///
/// Layout of the document: {"program", "version", "command", "started", "seconds", "peak_rss_mb"?, "input",
/// "environment", "phases", "counts", "result", "status": "ok" | "failed" | "interrupted" | "problems",
/// "exception"?:
/// {"code", "problem", "why", "suggestion"}, "go_on"?, "remarks"?}.
class RunRecord {
public:
  explicit RunRecord(std::string command);

  /// Every option as the run understood it.
  nlohmann::json& input() { return document_["input"]; }
  /// Ranks, devices, threads, library versions.
  nlohmann::json& environment() { return document_["environment"]; }
  /// Whole numbers: structures read, failed, written ...
  nlohmann::json& counts() { return document_["counts"]; }
  /// What the command found, if it is small: scores, paths.
  nlohmann::json& result() { return document_["result"]; }
  PhaseTimes& phases() { return phases_; }
  /// A remark about the input for the user: what was converted, skipped or not found.
  void remark(const std::string& text) { document_["remarks"].push_back(text); }
  /// Peak memory of the rank that needed most, MB.
  void set_peak_memory(double megabytes) { document_["peak_rss_mb"] = megabytes; }

  /// Records the current exception as the reason of the failure.
  void fail(const std::exception& error);

  /// Records that a signal ended the run before its work was done. @param go_on how to resume it
  void interrupt(std::string go_on);
  bool interrupted() const { return document_["status"] == "interrupted"; }

  /// Records that the run succeeded but found problems in what it checked.
  void find_problems() { document_["status"] = "problems"; }
  /// Exit status of a run that has not failed: 0, 1 with problems, or that of an interruption.
  int exit_status() const;

  nlohmann::json document() const;
  /// Writes the document beside and renames it, so that readers never see half of it. Only rank 0 calls it.
  void write(const std::filesystem::path& path) const;

private:
  nlohmann::json document_;
  PhaseTimes phases_;
  Stopwatch watch_;
};

} // namespace ionsift
