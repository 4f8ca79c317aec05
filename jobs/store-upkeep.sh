#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# store-upkeep.sh [OUT]: what a store costs over time: a first run over the 21,755 candidates, the same release once
# more, a release with 1 % changed, the same release from nothing, and the check of every checksum.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
require_data
require_built ionsift
out=${1:-$outputs/store-upkeep}
mkdir -p "$out"
rm -rf "$out"/*.h5*

archive=$data/data/candidates/materials-project-li.tar.gz
next=$out/next.tar.gz
[[ -e $next ]] || python3 "$root/jobs/next_release.py" "$archive" "$next"

# measure TITLE RELEASE INPUT STORE: one line of the table.
measure() {
  local record=$out/${1// /-}.run.json
  ionsift featurize --input "$3" --store "$4" --release "$2" --run-json "$record" --quiet >/dev/null
  field() { sed -n "s/.*\"$1\": \([0-9.e-]*\),\{0,1\}$/\1/p" "$record" | head -n 1; }
  printf '%-28s %8.1f %10d %8d %8d %10d %6d\n' "$1" "$(seconds_of "$record")" \
    $(($(field entries) - $(field reused_entries))) "$(field new)" "$(field changed)" "$(field unchanged)" "$(field gone)"
}
printf '%-28s %8s %10s %8s %8s %10s %6s\n' "run on $ranks ranks" seconds computed new changed unchanged gone
measure "first run" A "$archive" "$out/S.h5"
measure "the same release again" A "$archive" "$out/S.h5"
measure "1 % changed" B "$next" "$out/S.h5"
measure "1 % changed, from nothing" B "$next" "$out/fresh.h5"

say "content against a fresh store; release and origin_checksum of structures differ, for they tell the history"
h5diff -q --exclude-path /releases --exclude-path /gone --exclude-path /structures/release \
  --exclude-path /structures/origin_checksum "$out/S.h5" "$out/fresh.h5" && echo "the same"
time ionsift verify "$out/S.h5"
"$build/ionsift" inspect "$out/S.h5"
