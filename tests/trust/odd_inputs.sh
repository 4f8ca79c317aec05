#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# odd_inputs.sh IONSIFT PARENT OUT: very few structures, many identical ones, or classes in the wrong places, through the whole
# pipeline: a result that is the same on 1, 2 and 4 ranks (more than items), or a reason.
set -euo pipefail
binary=$1 parent=$2 out=$3
# shellcheck source=tests/trust/trust_lib.sh
source "$(dirname "$0")/trust_lib.sh"
fresh
prepare screening

# alike FILE: the same result for each number of ranks.
alike() {
  local n
  for n in 2 4; do
    cmp "$out/1/$1" "$out/$n/$1" || fail "$1 differs on $n ranks"
  done
}
no_numbers_missing() { ! grep -qiE '(^|,)-?(nan|inf)' "$1" || fail "$1 has numbers that are not finite"; }
screen=(screen --reference "$out/labelled.h5" --ensemble "$out/ensemble" --min-probability 0 --quiet)

# A single structure; none.
mkdir "$out/one" "$out/none"
cp "$golden/candidates/LiBr.cif" "$out/one"
cp "$golden/candidates/broken.cif" "$out/none"
for n in 1 2 4; do
  for what in one none; do
    mkdir -p "$out/$n/$what"
    featurize=(featurize --input "$out/$what" --parent "$parent" --store "$out/$n/$what/S.h5" --quiet)
    # Without any structure the store is written, but the command fails.
    if [[ $what == none ]]; then refused "$n" "none of 1 entries gave a structure" "${featurize[@]}"; else run "$n" "${featurize[@]}"; fi
    run "$n" "${screen[@]}" --store "$out/$n/$what/S.h5" --out "$out/$n/$what"
    no_numbers_missing "$out/$n/$what/candidates.csv"
  done
done
alike one/candidates.csv
alike none/candidates.csv
[[ $(wc -l <"$out/1/one/candidates.csv") == 2 ]] || fail "not exactly one structure"
[[ $(wc -l <"$out/1/none/candidates.csv") == 1 ]] || fail "not exactly no structure"
grep -q broken "$out/1/none/S.failures.csv" || fail "the broken file is not named"

# The same structure under many names, with both labels: features that are constant.
mkdir "$out/constant"
echo "id,conductivity (S/cm)" >"$out/constant.csv"
for i in {0..11}; do
  cp "$golden/labelled/Li3N.cif" "$out/constant/c$i.cif"
  echo "c$i,1e-$((2 + i % 2 * 6))" >>"$out/constant.csv"
done
cat >"$out/members-of-two-kinds.json" <<'EOF'
{"seeds": 1, "configurations": [
  {"name": "sets", "layers": 1, "width": 6, "readout_hidden": 4, "batch": 4, "epochs": 20},
  {"name": "trees", "model": "trees", "trees": 10, "views": ["CAMNS:V1"], "blocks": []}]}
EOF
cat >"$out/process.json" <<'EOF'
{"seeds": 1, "configurations": [{"name": "process", "model": "gaussian_process", "views": ["CAMNS:V1"], "blocks": []}]}
EOF
for n in 1 2 4; do
  mkdir -p "$out/$n/constant"
  run "$n" featurize --input "$out/constant" --parent "$parent" --store "$out/$n/constant/S.h5" --quiet
  run "$n" train --store "$out/$n/constant/S.h5" --labels "$out/constant.csv" --members "$out/members-of-two-kinds.json" \
    --ensemble "$out/$n/constant/ensemble" --quiet
  refused "$n" "nothing to learn from" train --store "$out/$n/constant/S.h5" --labels "$out/constant.csv" \
    --members "$out/process.json" --ensemble "$out/$n/constant/process"
  named || fail "no reason"
  refused "$n" "the same features" screen --store "$out/$n/one/S.h5" --reference "$out/$n/constant/S.h5" \
    --ensemble "$out/$n/constant/ensemble" --min-probability 0 --out "$out/$n/constant/screen"
  named || fail "no reason"
done
for member in member_00_00.h5 member_01_00.h5; do
  alike "constant/ensemble/$member"
done

# Folds of one class, a class that is missing.
awk -F, 'NR == 1 { print "id,set,fold,cluster"; next }
  { conducts = $2 + 0 >= 1e-4; print $1 ",train," !conducts "," !conducts * 2 + (++seen[conducts] % 2) }' "$golden/labels.csv" >"$out/by-class.csv"
sed -E '2,$s/,[^,]*/,1e-2/' "$golden/labels.csv" >"$out/conductors.csv"
folds=(crossvalidate --store "$out/labelled.h5" --labels "$golden/labels.csv" --split "$out/by-class.csv"
  --members "$out/members-of-two-kinds.json" --draws 20 --quiet)
for n in 1 2 4; do
  # Fold 0 has all conductors: the training set lacks this class.
  refused "$n" "class" "${folds[@]}" --by fold --out "$out/$n/refused"
  named || fail "no reason"
  # Clusters have one class each, but both are in the training set: predictions, and no ranking.
  run "$n" "${folds[@]}" --by cluster --out "$out/$n/by-cluster"
  no_numbers_missing "$out/$n/by-cluster/predictions.csv"
  refused "$n" "both classes" train --store "$out/labelled.h5" --labels "$out/conductors.csv" \
    --members "$out/members-of-two-kinds.json" --ensemble "$out/$n/one-class"
  named || fail "no reason"
done
alike by-cluster/predictions.csv
alike by-cluster/scores.csv
