#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Installs what is missing, builds everything and runs all tests but those of the label nightly. Arguments go to ctest instead:
#   jobs/test.sh [--no-install] -L quick      (minutes)
#   jobs/test.sh -L nightly                   (many kills, flips and changed inputs, benches)
#   jobs/test.sh -L .                         (everything)
# Tests that need the real data are skipped, by name, where there are none ($IONSIFT_DATA, ../shared); with
# CI=true they fail instead.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

may_install=1
[[ ${1:-} != --no-install ]] || { may_install="" && shift; }

# SLURM for the tests of the job scripts, a browser for the page of report, Python for the examples of the documents and for workbooks, Doxygen for the
# reference of the headers, strace for what the program asks of the system; everything else is tested without.
packages+=(catch2 hdf5-tools python3 chromium chromium-driver python3-selenium python3-h5py python3-pandas python3-xxhash python3-openpyxl doxygen mkdocs strace
  slurmctld slurmd slurm-client slurm-wlm-basic-plugins)
install_packages
configure_and_build -DIONSIFT_BUILD_TESTS=ON -DIONSIFT_WERROR=ON -DIONSIFT_UNITY=ON
(($#)) || set -- -LE nightly
say "testing"
cd "$build"
# Tests say how many cores they need.
ctest --output-on-failure --no-tests=error -j "$(env -u OMP_NUM_THREADS nproc)" "$@"
