// SPDX-License-Identifier: BSD-3-Clause
#include "campaign.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/store/read/reader.hpp"

#include <algorithm>
#include <ostream>

namespace ionsift::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = "steps.json";

/// The content of a file without the parts that change with each writing: a store counts its releases.
std::string content_of(const fs::path& path) {
  if (path.extension() != ".h5") {
    return sha256_of_file(path);
  }
  const store::Reader store(path);
  const auto facts = store.facts(0, store.size());
  std::string text;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    text += fmt::format("{} {}\n", facts.id[i], facts.checksum[i]);
  }
  return sha256(text);
}

const CommandEntry& entry_of(const std::string& name) {
  const auto found = std::ranges::find(commands(), name, &CommandEntry::name);
  IONSIFT_ASSERT(found != commands().end(), fmt::format("there is no command '{}'", name));
  return *found;
}

nlohmann::json read_begun(const fs::path& path) {
  if (!fs::exists(path)) {
    return nlohmann::json::object();
  }
  auto document = nlohmann::json::parse(read_file(path), nullptr, false);
  // Without it every step runs again, which costs time and loses nothing.
  return document.is_object() ? document : nlohmann::json::object();
}

} // namespace

Campaign::Campaign(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record,
                   fs::path folder)
    : comm_(comm), common_(common), record_(record), folder_(std::move(folder)) {
  parallel::on_root(comm_, [&] { begun_ = read_begun(folder_ / file_name); });
}

std::string Campaign::fingerprint(const CampaignStep& step) const {
  std::string text = std::string(version()) + '\n' + step.command + '\n';
  for (const auto& argument : step.arguments) {
    text += argument + '\n';
  }
  for (const auto& path : step.content) {
    text += content_of(path) + '\n';
  }
  return sha256(text);
}

std::string Campaign::state_of(const CampaignStep& step, const std::string& fingerprint) const {
  if (begun_.value(step.name, "") != fingerprint) {
    return "other";
  }
  return !step.content.empty() && fs::exists(step.result) ? "finished" : "begun";
}

void Campaign::begin(const CampaignStep& step, const std::string& fingerprint) {
  // A result of other options must not pass for this one's when the run is killed.
  if (!step.content.empty()) {
    fs::remove(step.result);
  }
  begun_[step.name] = fingerprint;
  write_file_atomically(folder_ / file_name, [&](std::ostream& out) { out << begun_.dump(2) << '\n'; });
}

bool Campaign::run(const CampaignStep& step) {
  std::string state;
  parallel::on_root(comm_, [&] {
    const auto mark = fingerprint(step);
    state = state_of(step, mark);
    if (state == "other") {
      // Members and journals of other options are in the way only where there are any.
      state = step.overwrites && begun_.contains(step.name) ? "replaced" : "new";
      begin(step, mark);
    }
  });
  state = comm_.broadcast(state);
  if (state == "finished") {
    log::info("{}: up to date", step.title);
    skipped_.push_back(step.name);
    return true;
  }
  auto arguments = step.arguments;
  if (state == "replaced") {
    arguments.emplace_back("--overwrite");
  }
  return execute(step, arguments);
}

bool Campaign::execute(const CampaignStep& step, const std::vector<std::string>& arguments) {
  log::info("{}", step.title);
  const auto& entry = entry_of(step.command);
  const auto command = entry.make();
  OptionTable table;
  command->declare(table);
  CommonOptions own;
  own.declare(table);
  table.parse(arguments);
  own.quiet = common_.quiet;
  own.verbose = common_.verbose;
  own.data = common_.data;

  RunRecord record{std::string(entry.name)};
  record.input() = table.echo();
  record.environment() = record_.environment();
  const Stopwatch watch;
  command->run(comm_, own, record);
  record_.phases().add(step.title, watch.seconds());
  record_.result()["steps"][step.name] = {{"counts", record.counts()}, {"seconds", watch.seconds()}};
  parallel::on_root(comm_, [&] {
    if (const auto path = command->run_json()) {
      record.write(*path);
    }
  });
  if (record.interrupted()) {
    record_.interrupt(
        fmt::format("Give the same command again, on any number of ranks: it resumes with {}.", step.title));
  }
  return !record.interrupted();
}

} // namespace ionsift::cli
