#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# demonstration.sh BUILD PARENT OUT: jobs/demonstration.sh runs from the clone's own crystals to a table; without a
# parent it names the way to get one; jobs/fetch-data.sh lists without a network.
set -euo pipefail
build=$1 parent=$2 out=$3
jobs=$(cd "$(dirname "$0")/../../jobs" && pwd)
rm -rf "$out"
mkdir -p "$out"
fail() {
  echo "$*" >&2
  exit 1
}

# No data beside the clone.
mkdir "$out/nothing"
export IONSIFT_DATA=$out/nothing IONSIFT_BUILD=$build RANKS=2
PARENT=$parent "$jobs/demonstration.sh" "$out/run" >"$out/log" 2>&1 || {
  cat "$out/log" >&2
  fail "the demonstration failed"
}
[[ $("$build/ionsift" inspect "$out/run/screen/predictions.h5") == *'"P_SI":[55]'* ]] || fail "not all were screened"
head -n 1 "$out/run/screen/candidates.csv" | grep -q P_SI || fail "no table of candidates"
[[ -s $out/run/evaluation/evaluation.json ]] || fail "no evaluation"

! PARENT=$out/none.hdf5 "$jobs/demonstration.sh" "$out/none" 2>"$out/none.log" || fail "a missing parent was accepted"
grep -q "fetch-data.sh weights" "$out/none.log" || fail "no way to a parent is named"
"$jobs/fetch-data.sh" | grep -q "^obelix .*CIFs" || fail "fetch-data.sh does not list"
status=0
"$jobs/fetch-data.sh" nonsense 2>/dev/null || status=$?
((status != 0)) || fail "fetch-data.sh accepts nonsense"
