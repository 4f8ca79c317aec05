// SPDX-License-Identifier: BSD-3-Clause
#include "harness.hpp"

#include "ionsift/base/log.hpp"

#include "random_parent.hpp"
#include "sound.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace ionsift::fuzz {

namespace {

/// One representation up to V1, or all of them; created once.
megnet::Featurizer& featurizer(bool thorough) {
  const auto make = [](bool all) {
    log::configure(log::Level::quiet, 0, 1);
    megnet::FeaturizerOptions options;
    options.max_edges = 2000;
    options.max_seconds = 5;
    options.request.levels = {all, true, all, all};
    options.request.prediction = all;
    if (all) {
      options.representations.assign(crystal::all_representations.begin(),
                                     crystal::all_representations.end());
    }
    return megnet::Featurizer(test::random_parent(1), options);
  };
  static auto one = make(false);
  static auto all = make(true);
  return thorough ? all : one;
}

std::string flaw_of(const megnet::CrystalFeatures& features) {
  for (const auto& one : features.representations) {
    for (const auto& level : one.levels) {
      if (!level.allFinite()) {
        return "a feature that is not finite";
      }
    }
    if (!std::isfinite(one.prediction.value_or(0)) || !std::isfinite(one.cutoff)) {
      return "a prediction that is not finite";
    }
  }
  return "";
}

void require_none(const std::string& flaw) {
  if (!flaw.empty()) {
    finding(flaw);
  }
}

} // namespace

void finding(const std::string& what) {
  std::fprintf(stderr, "FINDING: %s\n", what.c_str());
  std::abort();
}

crystal::ReadOptions small_read_options() {
  crystal::ReadOptions options;
  options.max_sites = 200;
  options.max_seconds = 5;
  return options;
}

void expect_sound(const std::vector<crystal::ReadResult>& results, bool thorough) {
  constexpr std::size_t looked_at = 4; // more of them would test nothing new
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (const auto* failure = std::get_if<crystal::Failure>(&results[i])) {
      require_none(test::flaw_of(*failure));
      continue;
    }
    const auto& crystal = std::get<crystal::Crystal>(results[i]);
    require_none(test::flaw_of(crystal));
    if (i < looked_at) {
      expect_error_or_success([&] { require_none(flaw_of(featurizer(thorough).run(crystal))); });
    }
  }
}

void expect_sound_entries(crystal::EntryStream stream, bool thorough, std::size_t most) {
  for (std::size_t i = 0; i < most; ++i) {
    const auto next = stream.next();
    if (!next) {
      return;
    }
    if (const auto* entry = std::get_if<crystal::Entry>(&*next)) {
      expect_sound(crystal::read_entry(entry->bytes, entry->name, small_read_options()), thorough);
    } else {
      expect_sound({std::get<crystal::Failure>(*next)}, false);
    }
  }
}

MemoryFile::MemoryFile(const std::vector<std::string>& names)
    : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {
  std::string pattern = (std::filesystem::temp_directory_path() / "ionsift-fuzz-XXXXXX").string();
  if (descriptor_ < 0 || mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error("cannot make a file in memory");
  }
  folder_ = pattern;
  for (const auto& name : names) {
    std::filesystem::create_symlink(fmt::format("/proc/self/fd/{}", descriptor_), folder_ / name);
  }
}

MemoryFile::~MemoryFile() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
  close(descriptor_);
}

void MemoryFile::write(std::string_view bytes) {
  if (ftruncate(descriptor_, 0) != 0 ||
      pwrite(descriptor_, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("cannot write a file in memory");
  }
}

} // namespace ionsift::fuzz
