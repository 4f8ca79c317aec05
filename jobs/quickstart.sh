#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# From a fresh clone to a ranked table by one command: installs what is missing (Debian, Ubuntu), builds, and
# screens the Materials Project with the data at hand (../shared or $IONSIFT_DATA; see docs/data.md). Where there are
# none, the demonstration runs instead, which needs nothing beside the clone.
#   jobs/quickstart.sh [--no-install] [OUT]
set -euo pipefail
source "$(dirname "$0")/lib.sh"

may_install=1
[[ ${1:-} != --no-install ]] || { may_install="" && shift; }
install_packages
configure_and_build -DIONSIFT_BUILD_TESTS=OFF -DIONSIFT_UNITY=ON
"$build/ionsift" --version
if data_folder >/dev/null; then
  exec "$root/jobs/screen-materials-project.sh" "$@"
fi
say "no data in \$IONSIFT_DATA or ../shared: the demonstration instead ('jobs/fetch-data.sh' tells what there is to get)"
exec "$root/jobs/demonstration.sh" "$@"
