#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Five readable features and a logistic regression against graph features (the study's Fig. 3 and 4), on OBELiX:
#
#   jobs/baseline-comparison.sh OUT [test]          RANKS=8 jobs/baseline-comparison.sh /scratch/baseline
#
# Both are validated on the same folds of the same compounds: those of OBELiX's training set that have Li. With `test`
# the regression on all of them also predicts the test set: a look that can be taken once. Written into OUT:
#   scores.csv         AUC-PR and MCC of each fold, their mean and standard deviation, and the published ones
#                      (AtomSets: single members averaged, and their ensemble, both after the last epoch)
#   coefficients.csv   of the regression on all training structures, with the sign in words
#   distributions.csv  the five features of each structure with its class; quantiles.csv their quantiles by class
#   logistic/, atomsets/   all that logistic and crossvalidate write
# A run that was killed continues with the trainings that are missing.
# Environment: RANKS (default: cores), IONSIFT_DATA (default: ../shared), REPEATS (5) members a fold, READOUT (128) hidden
# units of AtomSets: 512 as published costs seven times as much.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

require_data
out=${1:?usage: jobs/baseline-comparison.sh OUT [test]}
look=${2:-}
[[ -z $look || $look == test ]] || {
  say "'$look' is not known; the second argument is 'test' or nothing"
  exit 2
}
obelix=$data/data/obelix
obelix_labels
mkdir -p "$out"
require_built ionsift

say "features"
ionsift featurize --input "$obelix/cifs" --parent "$data/models/formation_energy-mp-2019.4.1.hdf5" --representation CAMNS \
  --levels 1 --store "$out/obelix.h5" --overwrite
ionsift atomistic --store "$out/obelix.h5" --out "$out/features.csv"
ionsift split --store "$out/obelix.h5" "${labelled[@]}" --split "$obelix/split.csv" --set train --out "$out/all-folds.csv" \
  >/dev/null
# Structures without Li have no such features; they are in neither comparison.
awk -F, 'NR == FNR { have[$1] = 1; next } FNR == 1 || ($1 in have)' "$out/features.csv" "$out/all-folds.csv" >"$out/folds.csv"

say "logistic regression"
ionsift logistic --features "$out/features.csv" "${labelled[@]}" --split "$out/folds.csv" --test-set "$look" \
  --out "$out/logistic" | tee "$out/logistic.txt"
cp "$out/logistic/coefficients.csv" "$out/coefficients.csv"

say "AtomSets on CAMNS V1"
ionsift crossvalidate --store "$out/obelix.h5" "${labelled[@]}" --split "$out/folds.csv" \
  --members "$(kfold_plan "${READOUT:-128}" "$out")" --repeats "${REPEATS:-5}" --view CAMNS:V1 --out "$out/atomsets" >/dev/null

say "tables"
{
  echo "model,fold,auc_pr,mcc"
  awk -F, 'FNR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; next }
    { print "logistic," $at["part"] "," $at["auc_pr"] "," $at["mcc"] }' "$out/logistic/scores.csv"
  # Single members, as in the study, and their mean; at the last epoch.
  awk -F, 'FNR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; next }
    $at["fold"] ~ /^[0-9]+$/ && $at["what"] == "members mean" { print "AtomSets CAMNS V1 member," $at["fold"] "," $at["auc_pr"] "," $at["mcc"] }
    $at["fold"] ~ /^[0-9]+$/ && $at["what"] == "ensemble" { print "AtomSets CAMNS V1 ensemble," $at["fold"] "," $at["auc_pr"] "," $at["mcc"] }
    $at["fold"] ~ /^[0-9]+$/ && $at["what"] == "labels shuffled" { print "labels shuffled," $at["fold"] "," $at["auc_pr"] "," $at["mcc"] }' \
    "$out/atomsets/scores.csv"
} | awk -F, 'NR == 1 || $2 == "test" { print; next }
  $2 ~ /^[0-9]+$/ {
    print; if (!($1 in n)) order[++models] = $1
    ++n[$1]; p[$1] += $3; pp[$1] += $3 * $3; m[$1] += $4; mm[$1] += $4 * $4
  }
  function sd(sum, squares, count,  v) { v = squares / count - (sum / count) ^ 2; return v > 0 ? sqrt(v) : 0 }
  END {
    for (i = 1; i <= models; ++i) {
      o = order[i]
      printf "%s,mean,%.4f,%.4f\n%s,sd,%.4f,%.4f\n", o, p[o] / n[o], m[o] / n[o], o, sd(p[o], pp[o], n[o]), sd(m[o], mm[o], n[o])
    }
  }' >"$out/scores.csv"
awk -F, '$2 == "LR-Atomistic" || $2 == "AS-CAMNS-V1" {
    printf "published %s,%s mean,%s,%s\n", $2, $1, $3, $5
    if ($4 != "") printf "published %s,%s sd,%s,%s\n", $2, $1, $4, $6
  }' "$data/data/study/published.csv" >>"$out/scores.csv"

# Every structure that was left out once, with its class.
awk -F, 'NR == FNR { if (FNR > 1 && $2 != "test") class[$1] = $3; next }
  FNR == 1 { sub(/^id/, "id,superionic"); print; next }
  $1 in class { id = $1; sub(/^[^,]*/, ""); print id "," class[id] $0 }' \
  "$out/logistic/predictions.csv" "$out/features.csv" >"$out/distributions.csv"
{
  echo "feature,superionic,structures,lowest,q10,q25,median,q75,q90,highest"
  for column in 3 4 5 6 7; do
    for class in 0 1; do
      name=$(awk -F, -v c=$column 'NR == 1 { print $c }' "$out/distributions.csv")
      awk -F, -v c=$column -v k=$class 'NR > 1 && $2 == k { print $c }' "$out/distributions.csv" | LC_ALL=C sort -g |
        awk -v name="$name" -v k=$class '{ x[NR] = $1 }
          function q(f,  h, i) { h = 1 + f * (NR - 1); i = int(h); return i < NR ? x[i] + (h - i) * (x[i + 1] - x[i]) : x[NR] }
          END { printf "%s,%d,%d,%g,%g,%g,%g,%g,%g,%g\n", name, k, NR, x[1], q(.1), q(.25), q(.5), q(.75), q(.9), x[NR] }'
    done
  done
} >"$out/quantiles.csv"
grep -E ",(.* )?(mean|sd)," "$out/scores.csv"
