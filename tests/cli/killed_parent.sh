#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# killed_parent.sh IONSIFT PARENT RANKS OTHER OUT: trainings of parents that are killed or interrupted on RANKS ranks are
# resumed by OTHER ranks, and give the same parents byte for byte as without interruption; featurize reads them.
set -euo pipefail
binary=$1 parent=$2 ranks=$3 other=$4 out=$5
# shellcheck source=tests/cli/killed_lib.sh
source "$(dirname "$0")/killed_lib.sh"
rm -rf "$out"
mkdir -p "$out"

echo "id,energy" >"$out/labels.csv"
n=0
for cif in "$golden"/labelled/*.cif; do
  echo "$(basename "$cif" .cif),-$((n += 1)).25" >>"$out/labels.csv"
done
# A file that is not a structure is skipped and counted.
mkdir "$out/besides"
echo "remarks" >"$out/besides/README.txt"
common=(--input "$golden/labelled" "$out/besides" --shape small --epochs 60 --batch 4 --piece 1 --patience 0 --quiet)
train=(parent train "${common[@]}" --labels "$out/labels.csv" --target energy --unit eV)
distill=(parent distill "${common[@]}" --teacher "$parent")
same() { # FOLDER REFERENCE
  cmp "$out/$1/parent.hdf5" "$out/$2/parent.hdf5" || fail "the weights of $1 differ"
  cmp "$out/$1/parent.hdf5.json" "$out/$2/parent.hdf5.json" || fail "the description of $1 differs"
  cmp "$out/$1/structures.csv" "$out/$2/structures.csv" || fail "the predictions of $1 differ"
  [[ ! -e $out/$1/checkpoint.h5 ]] || fail "the state of $1 was not removed"
}
run 1 "${train[@]}" --out "$out/reference" --beside "$parent"
grep -q "the one beside" "$out/log" || fail "the other parent is not reported"
run 1 "${distill[@]}" --out "$out/student"
grep -q "of the variance of V1" "$out/log" || fail "the student is not reported"
for folder in reference student; do
  tr -d '\n ' <"$out/$folder/run.json" | grep -q '"passed_over":{"\.txt":{"count":1' || fail "$folder does not list the skipped files"
done

# Killed during the training.
start "$ranks" "${train[@]}" --out "$out/killed" --checkpoint-every 0
wait_until exists "$out/killed/checkpoint.h5"
signal KILL
ended any
exists "$out/killed/checkpoint.h5" || fail "no state was saved"
[[ ! -e $out/killed/parent.hdf5 ]] || fail "the run ended before it was killed"
run "$other" "${train[@]}" --out "$out/killed"
same killed reference
refused 1 "training would replace it" "${train[@]}" --out "$out/killed"

# A signal to one rank: all ranks save a state, end and report it.
start "$ranks" "${distill[@]}" --out "$out/interrupted" --checkpoint-every 0
wait_until exists "$out/interrupted/checkpoint.h5"
signal TERM first
ended 75
grep -q '"status": "interrupted"' "$out/interrupted/run.json" || fail "run.json does not record the interruption"
grep -q "^interrupted after" "$out/log" || fail "the interruption is not reported"
run "$other" "${distill[@]}" --out "$out/interrupted"
same interrupted student

# The parent computes features for the elements of its training set.
run 1 featurize --input "$golden/labelled/Li2S.cif" --representation CAMN --parent "$out/student/parent.hdf5" --store "$out/S.h5"
sed 's/\bS\([0-9]*\)\b/Ac\1/g' "$golden/labelled/Li2S.cif" >"$out/actinium.cif"
refused 1 "none of 1 entries gave a structure" featurize --input "$out/actinium.cif" --representation CAMN --parent "$out/student/parent.hdf5" --store "$out/A.h5"
grep -q "has not learned the element Ac.*published weights" "$out/A.failures.csv" || fail "an unseen element is not reported"
