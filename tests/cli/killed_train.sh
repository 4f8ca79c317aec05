#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# killed_train.sh IONSIFT PARENT RANKS OTHER OUT: a training that is killed or interrupted on RANKS ranks is resumed by
# OTHER ranks, and gives the same ensemble bit for bit as without interruption.
set -euo pipefail
binary=$1 parent=$2 ranks=$3 other=$4 out=$5
# shellcheck source=tests/cli/killed_lib.sh
source "$(dirname "$0")/killed_lib.sh"
make_store

plan() { # EPOCHS
  cat <<END
{"representation": "CAMNS", "level": 1, "seeds": 4, "configurations": [
  {"name": "a", "layers": 2, "width": 32, "readout_hidden": 32, "batch": 4, "epochs": $1, "dropout_before": 0.1},
  {"name": "b", "layers": 1, "width": 48, "readout_hidden": 16, "batch": 4, "epochs": $1, "dropout_after": 0.1}]}
END
}
plan 250 >"$out/members.json"
plan 10000000 >"$out/endless.json"
training() { # HOW... , FOLDER [ARGUMENT...]: HOW runs it
  local how=()
  while [[ $1 != , ]]; do
    how+=("$1")
    shift
  done
  "${how[@]}" train --store "$out/S.h5" --labels "$golden/labels.csv" --split "$golden/split.csv" --quiet \
    --ensemble "$out/$2" "${@:3}"
}
same() { # FOLDER: as without interruption
  for file in "$out"/reference/member_*.h5; do
    cmp "$file" "$out/$1/$(basename "$file")" || fail "$1 differs"
  done
  cmp <(grep -v '"seconds"' "$out/reference/ensemble.json") <(grep -v '"seconds"' "$out/$1/ensemble.json") || fail "$1 differs"
  [[ ! -e $out/$1/journal ]] || fail "the journal of $1 was not removed"
  ! exists "$out/$1/*state*" || fail "states of $1 were not removed"
}
plan=(--members "$out/members.json")
training run 1 , reference "${plan[@]}"

# Killed in its first member, killed again when one is finished; then that member is damaged.
training start "$ranks" , killed "${plan[@]}" --checkpoint-every 0
wait_until exists "$out/killed/member_*.state.h5"
signal KILL
ended any
exists "$out/killed/member_*.state.h5" || fail "no state was saved"
training start "$ranks" , killed "${plan[@]}" --checkpoint-every 0.02
wait_until lines 1 '"diverged"' "$out/killed/journal/*"
wait_until exists "$out/killed/member_*.state.h5"
signal KILL
ended any
[[ ! -e $out/killed/ensemble.json ]] || fail "the run ended before it was killed"
training refused "$other" "belongs to another run.*--overwrite" , killed "${plan[@]}" --seed 2
finished=("$out"/killed/member_??_??.h5)
printf x >>"${finished[0]}"
training run "$other" , killed "${plan[@]}"
same killed

# A signal to one rank: all ranks save their states, end and report it.
training start "$ranks" , interrupted "${plan[@]}" --checkpoint-every 0.02
wait_until lines 1 '"diverged"' "$out/interrupted/journal/*"
signal TERM first
ended 75
grep -q '"status": "interrupted"' "$out/interrupted/run.json" || fail "run.json does not record the interruption"
grep -q "^interrupted: [1-7] of 8 members" "$out/log" || fail "the interruption is not reported"
training run "$other" , interrupted "${plan[@]}"
grep -q '"status": "ok"' "$out/interrupted/run.json" || fail "run.json does not record the success"
same interrupted

# SIGUSR1: every rank saves its state at once and continues.
training start "$ranks" , endless --members "$out/endless.json"
wait_until all_listen "$ranks"
signal USR1
states() { [[ $(compgen -G "$out/endless/member_*.state.h5" | wc -l) == "$ranks" ]]; }
wait_until states
signal INT
ended 75
grep -q "^interrupted: 0 of 8 members" "$out/log" || fail "the run did not continue"
# A finished ensemble is not trained again.
training refused 1 "holds an ensemble" , killed "${plan[@]}"
