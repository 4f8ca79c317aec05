#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# killed_tune.sh IONSIFT PARENT RANKS OUT: a search that is killed or interrupted resumes; on one rank it gives the same
# result as without interruption.
set -euo pipefail
binary=$1 parent=$2 ranks=$3 out=$4
# shellcheck source=tests/cli/killed_lib.sh
source "$(dirname "$0")/killed_lib.sh"
make_store
run 1 split --labels "$golden/labels.csv" --split "$golden/split.csv" --folds 2 --out "$out/folds.csv"
searching() { # HOW RANKS FOLDER
  "$1" "$2" tune --store "$out/S.h5" --labels "$golden/labels.csv" --split "$out/folds.csv" --by fold \
    --space "$golden/space.json" --trials 8 --random-start 3 --best 2 --repeats 2 --grace 60 --epochs 240 --factor 2 \
    --after 5 --window 5 --seeds 2 --quiet --out "$out/$3"
}
searching start "$ranks" search
wait_until lines 3 '"end"' "$out/search/journal.jsonl"
signal KILL
ended any
[[ ! -e $out/search/members.json ]] || fail "the search ended before it was killed"
before=$(count '"end"' "$out/search/journal.jsonl")
searching start "$ranks" search
wait_until lines $((before + 1)) '"end"' "$out/search/journal.jsonl"
signal TERM first
ended 75
grep -q '"status": "interrupted"' "$out/search/run.json" || fail "run.json does not record the interruption"
searching run "$ranks" search
grep -q '"status": "ok"' "$out/search/run.json" || fail "run.json does not record the success"
# Two folds, eight trials and two repeats of the best two each.
[[ $(wc -l <"$out/search/trials.csv") == 25 ]] || fail "trainings are missing"
# The journal is complete: nothing is left to do.
lines=$(wc -l <"$out/search/journal.jsonl")
searching run 1 search
grep -q "this run: 0 trainings" "$out/log" || fail "trainings were repeated"
[[ $(wc -l <"$out/search/journal.jsonl") == "$lines" ]] || fail "the journal of a finished search has grown"
if ((ranks == 1)); then
  searching run 1 reference
  cmp "$out/reference/members.json" "$out/search/members.json" || fail "another configuration won"
  without_times() { sed 's/,[^,]*,[^,]*$//' "$1"; }
  cmp <(without_times "$out/reference/trials.csv") <(without_times "$out/search/trials.csv") || fail "trainings differ"
fi
