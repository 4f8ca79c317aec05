// SPDX-License-Identifier: BSD-3-Clause
// Bugs of MPI and HDF5 that a run of ionsift can meet, with the reports that they are known from.
#include "ionsift/base/text.hpp"
#include "ionsift/report/doctor.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace ionsift::report {

namespace {

using Version = std::array<int, 3>;

/// The first "N.N.N" or "N.N" behind `name`.
std::optional<Version> version_behind(const std::string& text, const std::string& name) {
  const auto at = text.find(name);
  if (at == std::string::npos) {
    return std::nullopt;
  }
  const auto first = text.find_first_of("0123456789", at + name.size());
  if (first == std::string::npos) {
    return std::nullopt;
  }
  Version version{};
  std::size_t part = 0;
  for (const auto& field :
       split(text.substr(first, text.find_first_not_of("0123456789.", first) - first), '.')) {
    if (const auto number = parse_integer(field); number && part < version.size()) {
      version[part++] = static_cast<int>(*number);
    }
  }
  return part >= 2 ? std::optional(version) : std::nullopt;
}

std::string text_of(const Version& version) {
  return fmt::format("{}.{}.{}", version[0], version[1], version[2]);
}

struct MpiBug {
  Version first, fixed; ///< affected: first <= version < fixed
  Verdict verdict;
  std::string_view what;
  std::string_view variable, value; ///< the setting that avoids it
  std::string_view source;
};

/// Open MPI uses OMPIO for files unless OMPI_MCA_io is set.
constexpr MpiBug ompio_bugs[] = {
    {{2, 0, 0},
     {3, 0, 4},
     Verdict::problem,
     "parallel HDF5 on OMPIO crashes and writes wrong data",
     "OMPI_MCA_io",
     "^ompio",
     "github.com/open-mpi/ompi/issues/6285"},
    {{3, 1, 0},
     {3, 1, 4},
     Verdict::problem,
     "parallel HDF5 on OMPIO crashes and writes wrong data",
     "OMPI_MCA_io",
     "^ompio",
     "github.com/open-mpi/ompi/issues/6285"},
    {{4, 0, 0},
     {4, 0, 1},
     Verdict::problem,
     "parallel HDF5 on OMPIO crashes and writes wrong data",
     "OMPI_MCA_io",
     "^ompio",
     "github.com/open-mpi/ompi/issues/6285"},
    {{4, 0, 1},
     {4, 0, 4},
     Verdict::warning,
     "collective writes of HDF5 hang in OMPIO's component vulcan on many ranks",
     "OMPI_MCA_fcoll",
     "dynamic_gen2",
     "github.com/HDFGroup/hdf5/issues/1227"},
    {{4, 1, 0},
     {4, 1, 5},
     Verdict::warning,
     "OMPIO's data sieving may leave values of collective reads unread",
     "OMPI_MCA_fbtl_posix_read_datasieving",
     "0",
     "github.com/open-mpi/ompi/issues/10546"},
    {{5, 0, 0},
     {5, 0, 6},
     Verdict::warning,
     "OMPIO's data sieving and component vulcan are known to corrupt data",
     "OMPI_MCA_fbtl_posix_read_datasieving",
     "0",
     "github.com/open-mpi/ompi/issues/11917, 12718 and 13371"},
};

std::string setting(const std::map<std::string, std::string>& environment, std::string_view name) {
  const auto found = environment.find(std::string(name));
  return found == environment.end() ? "" : found->second;
}

/// Open MPI's list of components: "romio321", "^ompio".
bool uses_ompio(const std::string& io) {
  return io.empty() || (io.starts_with('^') ? io.find("ompio") == std::string::npos
                                            : io.find("ompio") != std::string::npos);
}

std::vector<Finding> open_mpi_bugs(const Version& version,
                                   const std::map<std::string, std::string>& environment) {
  const std::string name = "Open MPI " + text_of(version);
  const bool ompio = uses_ompio(setting(environment, "OMPI_MCA_io"));
  std::vector<Finding> findings;
  for (const auto& bug : ompio_bugs) {
    if (version < bug.first || version >= bug.fixed) {
      continue;
    }
    const std::string set = fmt::format("{}={}", bug.variable, bug.value);
    if (!ompio) {
      findings.push_back(
          {Verdict::ok, "mpi", fmt::format("{}: {}; not met, files go by ROMIO", name, bug.what)});
    } else if (setting(environment, bug.variable) == bug.value) {
      findings.push_back({Verdict::ok, "mpi", fmt::format("{}: {}; avoided by {}", name, bug.what, set)});
    } else {
      findings.push_back({bug.verdict, "mpi", fmt::format("{}: {}", name, bug.what), std::string(bug.source),
                          fmt::format("Set {}, or update to {}.", set, text_of(bug.fixed))});
    }
  }
  if (!ompio && version[0] == 4) {
    findings.push_back(
        {Verdict::warning, "mpi",
         name + ": its ROMIO is known to crash on chunked datasets of HDF5, which stores are made of",
         "github.com/open-mpi/ompi/issues/7795",
         "Unset OMPI_MCA_io: OMPIO is the default. If the write-read check passes, ROMIO may do."});
  }
  return findings;
}

} // namespace

std::vector<Finding> known_mpi_bugs(const std::string& mpi,
                                    const std::map<std::string, std::string>& environment) {
  std::vector<Finding> findings;
  const auto open_mpi = version_behind(mpi, "Open MPI");
  if (open_mpi) {
    findings = open_mpi_bugs(*open_mpi, environment);
  }
  if (findings.empty()) {
    findings.push_back({Verdict::ok, "mpi",
                        open_mpi
                            ? fmt::format("Open MPI {}, no known bugs that matter here", text_of(*open_mpi))
                            : mpi.substr(0, mpi.find(',')) + ", none of its bugs are known here"});
  }
  return findings;
}

std::vector<Finding> known_hdf5_bugs(const std::string& version) {
  const auto parsed = version_behind("HDF5 " + version, "HDF5");
  const auto within = [&](const Version& first, const Version& fixed) {
    return *parsed >= first && *parsed < fixed;
  };
  if (parsed &&
      (within({1, 10, 5}, {1, 10, 9}) || within({1, 12, 0}, {1, 12, 2}) || within({1, 13, 0}, {1, 13, 1}))) {
    return {
        {Verdict::ok, "hdf5",
         fmt::format("HDF5 {}: collective reads of metadata are broken (HDFFV-11260); avoided, ionsift reads "
                     "metadata independently",
                     version)}};
  }
  if (parsed && *parsed < Version{1, 10, 2}) {
    return {{Verdict::warning, "hdf5",
             fmt::format("HDF5 {} cannot move more than 2 GB in one transfer", version),
             "the release notes of HDF5 1.10.2", "Update HDF5 to 1.10.2 or later."}};
  }
  return {{Verdict::ok, "hdf5", fmt::format("HDF5 {}, no known bugs that matter here", version)}};
}

} // namespace ionsift::report
