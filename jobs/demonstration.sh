#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The whole way of the data on what comes with the program: 64 labelled compounds train an ensemble, 55 others are
# screened with it. Needs no data, no network. A demonstration, not science (inputs/demo/README.md).
#
#   jobs/demonstration.sh [OUT]        RANKS=1 PARENT=weights.hdf5 jobs/demonstration.sh /scratch/demo
#
# OUT (default outputs/demonstration) gets the stores, two ensembles (one on the training set, which is evaluated on the
# test set; one on all labels, which screens), ranking.csv, candidates.csv, report.html and a run.json for each step.
# Environment: RANKS (default: cores), PARENT (MEGNet weights; default: the one in inputs/parent),
# MEMBERS (default: inputs/demo/members.json).
set -euo pipefail
source "$(dirname "$0")/lib.sh"

demo=$root/inputs/demo
out=${1:-$outputs/demonstration}
members=${MEMBERS:-$demo/members.json}

# Prints the parent's file: $PARENT, else the first of inputs/parent that predicts no band gap.
find_parent() {
  local file
  for file in ${PARENT:+"$PARENT"} "$root"/inputs/parent/*.hdf5; do
    if [[ -f $file && ($file == "${PARENT:-}" || ${file##*/} != *gap*) ]]; then
      echo "$file"
      return 0
    fi
    [[ -z ${PARENT:-} ]] || break
  done
  say "no parent network: ${PARENT:-inputs/parent holds no .hdf5 file}
   Give one by PARENT=FILE (Keras HDF5, with FILE.json beside it): the published weights, which
   'jobs/fetch-data.sh weights' gets, or one of your own ('build/release/ionsift --help' names the commands that make one)."
  return 1
}

parent=$(find_parent)
# A parent that predicts band gaps decides about one more filter.
gaps=()
for file in "$root"/inputs/parent/*gap*.hdf5; do
  [[ ! -f $file ]] || gaps=(--gap-parent "$file")
done
require_built ionsift
mkdir -p "$out"

labelled=(--store "$out/labelled.h5" --labels "$demo/labels.csv")

step "featurize the labelled compounds" ionsift featurize --input "$demo/labelled" --parent "$parent" \
  --store "$out/labelled.h5" --overwrite
step "featurize the others" ionsift featurize --input "$demo/unlabelled" --parent "$parent" \
  --store "$out/candidates.h5" --overwrite
# Of another parent perhaps, and soon made again.
rm -rf "$out/ensemble-train" "$out/ensemble-all"
step "train on the training set" ionsift train "${labelled[@]}" --split "$demo/split.csv" --members "$members" \
  --ensemble "$out/ensemble-train"
step "evaluate on the test set" ionsift evaluate "${labelled[@]}" --split "$demo/split.csv" \
  --ensemble "$out/ensemble-train" --out "$out/evaluation"
step "train on all labels" ionsift train "${labelled[@]}" --members "$members" --ensemble "$out/ensemble-all"
step "screen the others" ionsift screen --store "$out/candidates.h5" --reference "$out/labelled.h5" \
  --ensemble "$out/ensemble-all" "${gaps[@]}" --write-cifs 20 --previous none --out "$out/screen"
step "report" "$build/ionsift" report --out "$out/report" --title "A demonstration, not science" --screening "$out/screen" \
  --evaluation "$out/evaluation" --labels "$demo/labels.csv" --runs "$out/candidates.run.json" "$out/ensemble-all/run.json"

say "on $ranks ranks, parent $parent"
printf '%s\n' "${timings[@]}"
say "the table is $out/screen/ranking.csv, the page $out/report/report.html; it demonstrates the way, and says nothing about materials
   where to go next: 'jobs/fetch-data.sh' lists public data and weights, docs/data.md says where they belong,
   jobs/screen-materials-project.sh screens the Materials Project with them"
