#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# From CIFs to lists, on real data: OBELiX's labelled structures, and the open labels without a structure where they are at
# hand, train an ensemble; the Li-bearing structures of the Materials Project are screened with it.
#
#   jobs/screen-materials-project.sh [OUT]        RANKS=8 jobs/screen-materials-project.sh /scratch/run1
#
# OUT (default outputs/materials-project) gets the stores, two ensembles (one on OBELiX's training set, which is
# evaluated on its test set; one on everything, which screens), barriers, candidates.csv, lists.csv and a run.json for each
# step. What was trained on is said first, and kept in each run.json.
# Environment: RANKS (default: cores), IONSIFT_DATA (default: ../shared), MEMBERS (default: inputs/members.json), YEARS
# (default: 2005,2010,2015): the page also shows what ensembles trained on what was known by then would have found; empty: not.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

require_data
out=${1:-$outputs/materials-project}
members=${MEMBERS:-$root/inputs/members.json}
years=${YEARS-2005,2010,2015}
obelix=$data/data/obelix
mkdir -p "$out"
require_built ionsift

best_labels

known=()
[[ ! -f $data/data/labels/materials-project-known.csv ]] || known=(--known "$data/data/labels/materials-project-known.csv")

step "featurize OBELiX (4 representations, V0..V3)" ionsift featurize --input "$obelix/cifs" \
  --parent "$data/models/formation_energy-mp-2019.4.1.hdf5" --representation CAMN,CAN,CAMNS,CANS --levels 0,1,2,3 \
  --store "$out/obelix.h5" --overwrite
step "featurize the Materials Project (CAMNS V1)" ionsift featurize \
  --input "$data/data/candidates/materials-project-li.tar.gz" \
  --parent "$data/models/formation_energy-mp-2019.4.1.hdf5" --store "$out/candidates.h5" --overwrite
step "barriers of lithium" ionsift barrier --store "$out/candidates.h5" --out "$out/barriers.csv"
step "train on the training set" train_ensemble "$out/ensemble-train" --store "$out/obelix.h5" "${labelled[@]}" \
  --split "$split" --members "$members" --table-entries
step "evaluate on OBELiX's test set" ionsift evaluate --ensemble "$out/ensemble-train" --store "$out/obelix.h5" \
  "${labelled[@]}" --split "$split" --out "$out/evaluation"
step "train on all labels" train_ensemble "$out/ensemble-all" --store "$out/obelix.h5" "${labelled[@]}" \
  --members "$members" --table-entries
step "screen the Materials Project" ionsift screen --store "$out/candidates.h5" --reference "$out/obelix.h5" \
  --ensemble "$out/ensemble-all" --gap-parent "$data/models/band_gap_regression-mp-2018.6.1.hdf5" \
  --gaps "$data/data/candidates/materials-project-li.csv" --barriers "$out/barriers.csv" "${known[@]}" --write-cifs 100 --out "$out/screen"
looking_back=()
if [[ -n $years && ${#known[@]} -gt 0 ]]; then
  step "look back from $years" ionsift recover --store "$out/obelix.h5" "${labelled[@]}" --split "$split" --members "$members" \
    --candidates "$out/candidates.h5" "${known[@]}" --barriers "$out/barriers.csv" --years "$years" --out "$out/recovery"
  looking_back=(--recovery "$out/recovery")
fi
step "report" "$build/ionsift" report --out "$out/report" --screening "$out/screen" --evaluation "$out/evaluation" "${labelled[@]}" "${looking_back[@]}" \
  --runs "$out/candidates.run.json" "$out/ensemble-all/run.json"

say "on $ranks ranks, trained on $trained_on"
printf '%s\n' "${timings[@]}"
say "the table is $out/screen/ranking.csv, the lists are $out/screen/lists.csv, the page $out/report/report.html"
