#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# flips.sh IONSIFT DAMAGE PARENT WHAT TIMES SEED OUT: a file (WHAT: store, labelled, member, weights, predictions, state) is
# damaged at random places, TIMES times: a byte is changed, the end is missing, or 64 bytes are zero. Commands that read it
# refuse it with a reason, or give the same result as with the intact file.
set -euo pipefail
binary=$1 damage=$2 parent=$3 what=$4 times=$5 seed=$6 out=$7
# shellcheck source=tests/trust/trust_lib.sh
source "$(dirname "$0")/trust_lib.sh"
fresh
embedded=$inputs/parent/formation-energy.hdf5

# using FOLDER I: a command that reads the file, the I-th of several; its result is in FOLDER.
using() {
  case $what-$(($2 % 2)) in
    store-0 | member-* | predictions-0) screening "$1" try ;;
    store-1) # brought up to date
      mkdir -p "$1"
      cp "$victim" "$1/S.h5"
      try featurize --input "$out/in" --parent "$parent" --release again --store "$1/S.h5"
      ;;
    labelled-0) training "$1" try ;;
    labelled-1) screening "$1" try ;;
    weights-*) try featurize --input "$golden/candidates" --parent "$victim" --representation CAMNS --store "$1/S.h5" ;;
    predictions-1) try compare --before "$victim" --after "$out/other/screening" --out "$1/comparison" ;;
    state-*)
      mkdir -p "$1"
      cp -r "$out/killed/ensemble" "$1/ensemble"
      cp "$victim" "$1/ensemble/$(basename "$original")"
      training "$1" try
      ;;
  esac
}
try() {
  [[ $1 != [0-9] ]] || shift
  status=0
  "$binary" "$@" >"$out/log" 2>&1 || status=$?
}

# as_intact FOLDER I: the result equals that of the intact file.
as_intact() {
  local intact=$out/intact-$(($2 % 2)) file
  for file in S.failures.csv screening/candidates.csv screening/summary.json comparison/differences.csv \
    comparison/comparison.json; do
    [[ ! -e $intact/$file ]] || cmp "$intact/$file" "$1/$file" || return 1
  done
  if [[ -e $intact/S.h5 ]]; then
    # A structure that had to be recomputed counts as new.
    h5diff --exclude-path /releases --exclude-path /structures/release --exclude-path /structures/origin_checksum \
      --exclude-path /gone "$intact/S.h5" "$1/S.h5" || return 1
  fi
  if [[ -e $intact/ensemble ]]; then
    cmp <(grep -v '"seconds"' "$intact/ensemble/ensemble.json") <(grep -v '"seconds"' "$1/ensemble/ensemble.json") || return 1
  fi
}

prepare screening
sed -i 's/"epochs": [0-9]*/"epochs": 20/' "$out/members.json"
victim=$out/candidates.h5
case $what in
  labelled) victim=$out/labelled.h5 ;;
  member) victim=$out/ensemble/member_01_01.h5 ;;
  weights)
    cp "$embedded" "$embedded.json" "$out"
    victim=$out/$(basename "$embedded")
    ;;
  predictions)
    victim=$out/before/screening/predictions.h5
    screening "$out/before" run 1
    sed 's/"seeds": 2/"seeds": 1/' "$out/members.json" >"$out/fewer.json"
    run 1 train --store "$out/labelled.h5" --labels "$golden/labels.csv" --members "$out/fewer.json" --quiet \
      --ensemble "$out/fewer"
    mv "$out/ensemble" "$out/ensemble-kept"
    mv "$out/fewer" "$out/ensemble"
    screening "$out/other" run 1
    mv "$out/ensemble" "$out/fewer"
    mv "$out/ensemble-kept" "$out/ensemble"
    ;;
  state)
    plan 2 400 >"$out/members.json"
    training "$out/killed" start 1 # killed with a state
    wait_until exists "$out/killed/ensemble/member_*.state.h5"
    signal KILL
    ended any
    victim=$(compgen -G "$out/killed/ensemble/member_*.state.h5" | head -n 1)
    ;;
esac
original=$victim
cp "$victim" "$out/intact"
if [[ $what == predictions ]]; then # an earlier screening in the folder is reused
  screening() {
    mkdir -p "$1/screening"
    cp "$victim" "$1/screening/predictions.h5"
    "$2" screen --store "$out/candidates.h5" --reference "$out/labelled.h5" --ensemble "$out/ensemble" --chunk 4 \
      --gap-parent "$parent" --min-probability 0.3 --min-band-gap -1000 --filters probability,band_gap --quiet \
      --out "$1/screening"
  }
fi
for i in 0 1; do
  using "$out/intact-$i" "$i"
  ((status == 0)) || fail "the intact $what is refused"
done

refused=0 unharmed=0
for ((i = 0; i < times; ++i)); do
  cp "$out/intact" "$victim"
  case $((i % 8)) in
    3) how="cut" ;;
    6) how="blank" ;;
    *) how="flip" ;;
  esac
  place=$("$damage" "$how" "$victim" $((seed + i)))
  cmp -s "$victim" "$out/intact" || : # these bytes may have been zeros before
  rm -rf "$out/try"
  using "$out/try" "$i"
  if ((status == 0)); then
    as_intact "$out/try" "$i" || fail "$what, $place (seed $((seed + i))): used, and the result differs"
    : $((unharmed += 1))
  elif ((status <= 2)) && named; then
    : $((refused += 1))
  else
    fail "$what, $place (seed $((seed + i))): ended with status $status and no reason"
  fi
done
echo "$what: spoilt $times times, $refused refused with a reason, $unharmed with the result of the intact file" | tee "$out/counts"
