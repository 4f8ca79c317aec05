#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Candidates as weak negatives: used for training, but not in their own prediction, on any number of ranks; and a trace of the run.
#
#   unlabelled.sh PROGRAM SOURCE RANKS FOLDER
set -euo pipefail
program=$1 source=$2 ranks=$3 folder=$4
rm -rf "$folder"
mkdir -p "$folder"
demo=$source/inputs/demo
fail() {
  echo "unlabelled.sh: $*" >&2
  exit 1
}
ionsift() { ${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$program" "$@" --quiet; }
refused() { # TEXT COMMAND ...
  local text=$1 status=0
  shift
  "$program" "$@" >/dev/null 2>"$folder/refused.txt" || status=$?
  [[ $status == 2 ]] || fail "status $status of: $*"
  grep -q -- "$text" "$folder/refused.txt" || { cat "$folder/refused.txt" >&2; fail "no \"$text\" in the message of: $*"; }
}

parent=$source/inputs/parent/formation-energy.hdf5
ionsift featurize --input "$demo/labelled" --parent "$parent" --store "$folder/labelled.h5" --trace "$folder/featurize.trace.json" >/dev/null
ionsift featurize "$demo/unlabelled" --parent "$parent" --store "$folder/candidates.h5" >/dev/null
cat >"$folder/members.json" <<END
{"representation": "CAMNS", "level": 1, "seeds": 2, "configurations": [
  {"name": "composition", "model": "trees", "trees": 50},
  {"name": "features", "model": "trees", "trees": 20, "views": ["CAMNS:V1"], "blocks": []}]}
END
sed 's/"trees": 50/"trees": 50, "unlabelled_weight": 0.3/' "$folder/members.json" >"$folder/weak.json"
sed '/composition/d' "$folder/members.json" >"$folder/features.json"
train=(train --store "$folder/labelled.h5" --labels "$demo/labels.csv")

refused 'Name a store of candidates with --unlabelled' "${train[@]}" --members "$folder/weak.json" --ensemble "$folder/no"
refused 'look at compositions alone' "${train[@]}" --members "$folder/features.json" --unlabelled "$folder/candidates.h5" --ensemble "$folder/no"
refused 'a positive number' "${train[@]}" --members "$folder/members.json" --unlabelled "$folder/candidates.h5" --unlabelled-weight -1 --ensemble "$folder/no"
[[ ! -e $folder/no/ensemble.json ]] || fail "a refused training left an ensemble"

ionsift "${train[@]}" --members "$folder/members.json" --ensemble "$folder/without" >/dev/null
ionsift "${train[@]}" --members "$folder/members.json" --unlabelled "$folder/candidates.h5" --unlabelled-weight 0.3 --ensemble "$folder/option" >/dev/null
"$program" "${train[@]}" --members "$folder/weak.json" --unlabelled "$folder/candidates.h5" --ensemble "$folder/plan" --quiet >/dev/null
for file in "$folder"/option/member_*.h5; do
  cmp "$file" "$folder/plan/$(basename "$file")" || fail "the option and the plan, or $ranks ranks and one, train other members"
done
cmp -s "$folder/option/member_00_00.h5" "$folder/without/member_00_00.h5" && fail "the candidates changed nothing"
cmp "$folder/option/member_01_00.h5" "$folder/without/member_01_00.h5" || fail "members that use structures changed"
for kind in without option; do
  ionsift screen --store "$folder/candidates.h5" --reference "$folder/labelled.h5" --ensemble "$folder/$kind" --out "$folder/$kind-screen" >/dev/null
done
ionsift crossvalidate --store "$folder/labelled.h5" --labels "$demo/labels.csv" --split "$demo/split.csv" --members "$folder/members.json,$folder/weak.json" \
  --unlabelled "$folder/candidates.h5" --draws 20 --out "$folder/folds" >"$folder/folds.txt"
python3 - "$folder" "$ranks" <<'END'
import csv
import json
import sys

folder, ranks = sys.argv[1], int(sys.argv[2])
negatives = json.load(open(f"{folder}/option/ensemble.json"))["training"]["unlabelled"]
assert negatives["store"] == "candidates.h5" and 20 < negatives["compositions"] <= 55, negatives


def mean(kind):
    rows = list(csv.DictReader(open(f"{folder}/{kind}-screen/ranking.csv")))
    values = [float(row["P_SI"]) for row in rows if row["P_SI"]]
    assert len(values) > 40, len(values)
    return sum(values) / len(values)


assert mean("option") < mean("without") - 0.02, (mean("option"), mean("without"))
events = json.load(open(f"{folder}/featurize.trace.json"))["traceEvents"]
assert {e["pid"] for e in events if e["ph"] == "X"} == set(range(ranks))
assert any(e["name"] == "features" for e in events), sorted({e["name"] for e in events})[:20]
END
grep -q '^weak ' "$folder/folds.txt" || fail "the plans are not compared"
