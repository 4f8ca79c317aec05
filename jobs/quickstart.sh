#!/usr/bin/env bash
# From a fresh clone to a ranked table by one command: installs what is missing (Debian, Ubuntu), builds, and
# screens the Materials Project with the data at hand (../shared or $IONSIFT_DATA; see docs/data.md).
set -euo pipefail
source "$(dirname "$0")/lib.sh"

install_packages
configure_and_build -DIONSIFT_BUILD_TESTS=OFF
"$build/ionsift" --version
exec "$root/jobs/screen-materials-project.sh" "$@"
