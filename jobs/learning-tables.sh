#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The tables of the learning stage, on real data:
#
#   jobs/learning-tables.sh OUT [STEP ...]        RANKS=8 jobs/learning-tables.sh /scratch/tables kfold loco
#
#   store     features of OBELiX, four representations, V0..V3; and the tables of folds
#   kfold     (a) 5 folds inside OBELiX's training set, every representation and level, beside the published scores
#   readout   the same for a few views with the published readout of 512 hidden units
#   loco      (b) leave one cluster out, with the study's clusters on its 243 open entries
#   models    the default preset beside the plans of inputs/comparison, by random folds and by folds that leave
#             publications, then families whole; and a learning curve
#   ensemble  (c) the default preset on OBELiX's training set, evaluated on its test set
#   transfer  (d) kfold and loco once more, from weights pretrained on metals and non-metals; and AtomSets on the test
#             set, with and without
#
# Without steps: all of them in this order. A step that was killed continues where it was. OUT/STEP/ has the
# tables, a run.json and table.txt, what was printed.
# Environment: RANKS (default: cores), IONSIFT_DATA (default: ../shared), REPEATS (3) and LOCO_REPEATS (2) members for
# each view and fold, READOUT (128) hidden units of (a), (b) and (d): 512 as published costs seven times as much;
# PRETRAIN_EPOCHS (10) on the metals.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

require_data
out=${1:?usage: jobs/learning-tables.sh OUT [STEP ...]}
shift
steps=("$@")
((${#steps[@]})) || steps=(store kfold readout loco models ensemble transfer)
obelix=$data/data/obelix
study=$data/data/study
repeats=${REPEATS:-3} loco_repeats=${LOCO_REPEATS:-2} readout=${READOUT:-128}
pretrain_epochs=${PRETRAIN_EPOCHS:-10}
obelix_labels
mkdir -p "$out"
require_built ionsift

# crossvalidate NAME OPTION ...: into OUT/NAME
crossvalidate() {
  local name=$1
  shift
  mkdir -p "$out/$name"
  ionsift crossvalidate --store "$out/obelix.h5" "${labelled[@]}" --out "$out/$name" "$@" | tee "$out/$name/table.txt"
}

step_store() {
  ionsift featurize --input "$obelix/cifs" --parent "$data/models/formation_energy-mp-2019.4.1.hdf5" \
    --representation CAMN,CAN,CAMNS,CANS --levels 0,1,2,3 --store "$out/obelix.h5" --overwrite
  local inside=("${labelled[@]}" --split "$obelix/split.csv" --set train)
  ionsift split --store "$out/obelix.h5" "${inside[@]}" --out "$out/folds.csv"
  # Of all labelled entries, also those without a structure: members that need none may train on them.
  ionsift split "${inside[@]}" --group-column DOI --out "$out/folds-by-publication.csv"
  ionsift split "${inside[@]}" --group-column Family --out "$out/folds-by-family.csv"
  # The study's clusters by OBELiX's ids; entries without one have none and are left out.
  awk -F, '{ sub(/\r$/, "") }
           NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; print "id,set,cluster"; next }
           $at["obelix_id"] != "" { print $at["obelix_id"] ",open," $at["cluster"] }' \
    "$study/splits.csv" >"$out/study-clusters.csv"
}

step_kfold() {
  crossvalidate kfold --split "$out/folds.csv" --members "$(kfold_plan "$readout" "$out")" --repeats "$repeats" --view all \
    --published "$study/published.csv"
}

step_readout() {
  crossvalidate readout --split "$out/folds.csv" --preset kfold-study --repeats 1 --view CAMN:V0,CAN:V0,CAMNS:V1 \
    --published "$study/published.csv"
}

step_loco() {
  crossvalidate loco --split "$out/study-clusters.csv" --set open --by cluster --members "$(kfold_plan "$readout" "$out")" \
    --repeats "$loco_repeats" --view all --published "$study/published.csv"
}

step_models() {
  local plans folds
  plans=$(printf '%s,' "$root"/inputs/comparison/*.json)
  for folds in folds folds-by-publication folds-by-family; do
    crossvalidate "models${folds#folds}" --split "$out/$folds.csv" --preset default --members "${plans%,}" --table-entries \
      --every 0
  done
  crossvalidate learning-curve --split "$out/folds.csv" --preset default --repeats 2 --table-entries --every 0 \
    --learning-curve 0.1,0.25,0.5,1
}

step_ensemble() {
  train_ensemble "$out/ensemble" --store "$out/obelix.h5" "${labelled[@]}" --split "$obelix/split.csv" --preset default \
    --table-entries
  ionsift evaluate --ensemble "$out/ensemble" --store "$out/obelix.h5" "${labelled[@]}" --split "$obelix/split.csv" \
    --out "$out/evaluation" | tee "$out/ensemble/table.txt"
}

# One configuration for each representation and level, in the shape of the k-fold setting.
start_plan() {
  local shape representation level comma=
  shape="\"layers\": 2, \"width\": 64, \"readout_hidden\": $readout, \"readout_steps\": 3, \"dropout_before\": 0.1,
     \"dropout_after\": 0.1, \"l2_before\": 1e-4, \"l2_after\": 1e-4, \"init_lr\": 1e-3, \"max_lr\": 1e-3, \"batch\": 128"
  echo '{"representation": "CAMNS", "level": 1, "seeds": 1, "configurations": ['
  for representation in CAMN CAN CAMNS CANS; do
    for level in 0 1 2 3; do
      echo "$comma  {\"name\": \"$representation V$level\", \"representation\": \"$representation\", \"level\": $level, $shape}"
      comma=,
    done
  done
  echo ']}'
}

step_transfer() {
  local metals=$data/data/pretrain/materials-project-metals
  # A finished store and finished weights are kept.
  [[ -f $out/metals.h5 ]] || ionsift featurize --input "$metals.tar.gz" --store "$out/metals.h5" \
    --parent "$data/models/formation_energy-mp-2019.4.1.hdf5" --representation CAMN,CAN,CAMNS,CANS --levels 0,1,2,3
  start_plan >"$out/start.json"
  [[ -f $out/start/pretraining.json ]] || ionsift pretrain --store "$out/metals.h5" --labels "$metals.csv" \
    --label-column is_metal --exclude-column has_li,metal_label_contradicted --members "$out/start.json" \
    --epochs "$pretrain_epochs" --out "$out/start" --overwrite
  crossvalidate kfold-transfer --split "$out/folds.csv" --members "$(kfold_plan "$readout" "$out")" --repeats "$repeats" --view all \
    --start "$out/start" --published "$study/published.csv"
  crossvalidate loco-transfer --split "$out/study-clusters.csv" --set open --by cluster --members "$(kfold_plan "$readout" "$out")" \
    --repeats "$loco_repeats" --view all --start "$out/start" --published "$study/published.csv"
  # (c) with and without: the default preset has nothing that starts from weights, so the same AtomSets as in (a).
  local plan start
  plan=$(kfold_plan "$readout" "$out")
  for start in "" "$out/start"; do
    local name=atomsets${start:+-transfer}
    train_ensemble "$out/$name" --store "$out/obelix.h5" "${labelled[@]}" --split "$obelix/split.csv" --members "$plan" \
      --start "$start"
    ionsift evaluate --ensemble "$out/$name" --store "$out/obelix.h5" "${labelled[@]}" --split "$obelix/split.csv" \
      --out "$out/$name-evaluation" | tee "$out/$name/table.txt"
  done
}

for step in "${steps[@]}"; do
  [[ $(type -t "step_$step") == function ]] || {
    say "there is no step '$step'; the steps are store, kfold, readout, loco, models, ensemble, transfer"
    exit 2
  }
done
for step in "${steps[@]}"; do
  start=$SECONDS
  say "$step, on $ranks ranks"
  "step_$step"
  say "$step took $((SECONDS - start)) s"
done
