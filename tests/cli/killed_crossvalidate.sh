#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# killed_crossvalidate.sh IONSIFT PARENT RANKS OTHER OUT: a cross-validation that is killed or interrupted on RANKS ranks is
# resumed by OTHER ranks, with the same result.
set -euo pipefail
binary=$1 parent=$2 ranks=$3 other=$4 out=$5
# shellcheck source=tests/cli/killed_lib.sh
source "$(dirname "$0")/killed_lib.sh"
make_store
run 1 split --labels "$golden/labels.csv" --split "$golden/split.csv" --folds 2 --out "$out/folds.csv"
sed 's/"epochs": 40/"epochs": 500/' "$golden/members.json" >"$out/members.json"
validating() { # HOW RANKS FOLDER
  "$1" "$2" crossvalidate --store "$out/S.h5" --labels "$golden/labels.csv" --split "$out/folds.csv" \
    --members "$out/members.json" --draws 100 --quiet --out "$out/$3"
}
validating run 1 reference
validating start "$ranks" killed
wait_until lines 1 '"diverged"' "$out/killed/journal/*"
signal KILL
ended any
[[ ! -e $out/killed/scores.csv ]] || fail "the run ended before it was killed"
before=$(count '"diverged"' "$out/killed/journal/*")
validating start "$ranks" killed
wait_until lines $((before + 1)) '"diverged"' "$out/killed/journal/*"
signal TERM first
ended 75
grep -q '"status": "interrupted"' "$out/killed/run.json" || fail "run.json does not record the interruption"
validating run "$other" killed
for table in scores.csv predictions.csv; do
  cmp "$out/reference/$table" "$out/killed/$table" || fail "$table differs"
done
