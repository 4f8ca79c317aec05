#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Averaged disorder against ordered supercells (the study's Fig. 2), on OBELiX's training set:
#
#   jobs/order-comparison.sh OUT            RANKS=8 jobs/order-comparison.sh /scratch/order
#
# AtomSets on CAN V1 of ordered cells and of the average (linear combination), on the same compounds and folds, in the
# k-fold setting of the study. Written into OUT:
#   ordering.csv   how each structure was ordered, failures.csv why some were not
#   cost.csv       seconds of ordering and featurizing against featurizing the average, three turns on one rank;
#                  the last line has the shortest of each
#   epochs.csv     AUC-PR and MCC by epoch: mean and standard deviation over the folds
#   scores.csv     scores of both at the last epoch and at the best ones, and the controls
#   predictions.csv  P_SI of each structure by the members that were not trained on it, both ways
#   averaged/, ordered/   all that crossvalidate writes
# A run that was killed continues with the trainings that are missing.
# Environment: RANKS (default: cores), IONSIFT_DATA (default: ../shared), REPEATS (5) members a fold, READOUT (128) hidden
# units: 512 as published costs seven times as much.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

require_data
out=${1:?usage: jobs/order-comparison.sh OUT}
obelix=$data/data/obelix
obelix_labels
mkdir -p "$out"
require_built ionsift

featurize() {
  ionsift featurize --input "$1" --parent "$data/models/formation_energy-mp-2019.4.1.hdf5" --representation CAN --levels 1 \
    --store "$2" --overwrite --quiet >/dev/null
}

say "features, ordering, features of the ordered, three turns"
echo "turn,featurize_averaged,order,featurize_ordered,ratio" >"$out/cost.csv"
for turn in 1 2 3; do
  ranks=1 featurize "$obelix/cifs" "$out/averaged.h5"
  ranks=1 ionsift order --store "$out/averaged.h5" --out "$out/cells" --overwrite --quiet
  ranks=1 featurize "$out/cells/cifs" "$out/ordered.h5"
  averaged=$(seconds_of "$out/averaged.run.json") ordering=$(seconds_of "$out/cells/run.json")
  ordered=$(seconds_of "$out/ordered.run.json")
  awk -v a="$averaged" -v b="$ordering" -v c="$ordered" -v t=$turn \
    'BEGIN { printf "%d,%.3f,%.3f,%.3f,%.1f\n", t, a, b, c, (b + c) / a }' >>"$out/cost.csv"
done
# What else the machine does only ever adds to a time.
awk -F, 'NR > 1 { for (i = 2; i <= 4; ++i) if (NR == 2 || $i < least[i]) least[i] = $i }
  END { printf "shortest,%.3f,%.3f,%.3f,%.1f\n", least[2], least[3], least[4], (least[3] + least[4]) / least[2] }' \
  "$out/cost.csv" >"$out/cost.shortest"
cat "$out/cost.shortest" >>"$out/cost.csv"
rm "$out/cost.shortest"
cp "$out/cells/order.csv" "$out/ordering.csv"
cp "$out/cells/failures.csv" "$out/failures.csv"

# Folds of what could be ordered; the others are in neither comparison.
ionsift split --store "$out/ordered.h5" "${labelled[@]}" --split "$obelix/split.csv" --set train --out "$out/folds.csv"
for cells in averaged ordered; do
  say "AtomSets on CAN V1, $cells"
  ionsift crossvalidate --store "$out/$cells.h5" "${labelled[@]}" --split "$out/folds.csv" \
    --members "$(kfold_plan "${READOUT:-128}" "$out")" --repeats "${REPEATS:-5}" --view CAN:V1 --out "$out/$cells" >/dev/null
done

say "tables"
for cells in averaged ordered; do
  awk -F, -v cells=$cells '
    FNR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; next }
    {
      e = $at["epoch"]; p = $at["auc_pr"]; m = $at["mcc"]
      if (!(e in n)) order[++epochs] = e
      ++n[e]; sp[e] += p; pp[e] += p * p; sm[e] += m; mm[e] += m * m
    }
    function sd(sum, squares, count,  v) { v = squares / count - (sum / count) ^ 2; return v > 0 ? sqrt(v) : 0 }
    END {
      for (i = 1; i <= epochs; ++i) {
        e = order[i]
        printf "%s,%d,%.4f,%.4f,%.4f,%.4f\n", cells, e, sp[e] / n[e], sd(sp[e], pp[e], n[e]), sm[e] / n[e], sd(sm[e], mm[e], n[e])
      }
    }' "$out/$cells/curves.csv"
done | { echo "cells,epoch,auc_pr,auc_pr_sd,mcc,mcc_sd" && cat; } >"$out/epochs.csv"
# What is said of the folds together, and the controls of each.
for cells in averaged ordered; do
  awk -F, -v cells=$cells 'FNR == 1 { if (cells == "averaged") { $1 = "cells"; print }; next }
    $3 == "mean" || $3 == "sd" || $3 == "pooled" || $4 ~ /shuffled|training mean/ { $1 = cells; print }' OFS=, \
    "$out/$cells/scores.csv"
done >"$out/scores.csv"
awk -F, 'FNR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; ++file; next }
  { id = $at["id"] }
  file == 1 { method[id] = $at["method"]; next }
  file == 2 { averaged[id] = $at["P_SI"]; next }
  { if (!header++) print "id,superionic,method,averaged,ordered"
    print id "," $at["label"] "," method[id] "," averaged[id] "," $at["P_SI"] }' \
  "$out/ordering.csv" "$out/averaged/predictions.csv" "$out/ordered/predictions.csv" >"$out/predictions.csv"
awk -F, 'NR > 1 { n[$2 == "failed" ? "failed" : $3]++ } END { for (m in n) printf "%s: %d structures\n", m, n[m] }' \
  "$out/ordering.csv" | sort
tail -n 1 "$out/cost.csv"
awk -F, '$3 == "mean" && $4 ~ /best epoch|others|ensemble|members/' "$out/scores.csv"
