#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# given.sh IONSIFT SOURCE RANKS OUT: descriptors from CSV tables of a user, without a build: trained on, validated, evaluated, screened with.
set -euo pipefail
program=$1 source=$2 ranks=$3 folder=$4
demo=$source/inputs/demo
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
fail() {
  echo "given.sh: $*"
  exit 1
}
run() { ${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$program" "$@" >>log 2>&1; }
refused() { # TEXT ARGUMENT...
  local status=0
  "$program" "${@:2}" >refused.log 2>&1 || status=$?
  ((status == 2)) || fail "exit status $status instead of 2: ${*:2}"
  tr '\n' ' ' <refused.log | tr -s ' ' | grep -qF -- "$1" || fail "no \"$1\" in: $(<refused.log)"
}

parent=$source/inputs/parent/formation-energy.hdf5
run featurize --input "$demo/labelled" --parent "$parent" --store labelled.h5
run featurize --input "$demo/unlabelled" --parent "$parent" --store candidates.h5
run barrier --store labelled.h5 --spacing 0.5 --out labelled.csv
run barrier --store candidates.h5 --spacing 0.5 --out barriers.csv
# One that tells the class of every labelled structure, so that learning from it can be seen.
awk -F, 'NR == 1 { print "id,answer" } NR > 1 { print $1 "," ($2 >= 1e-4 ? 1 : 0) }' "$demo/labels.csv" >answers.csv
# Of candidates all but one have it.
(cd "$demo/unlabelled" && printf '%s\n' *.cif) | awk 'BEGIN { print "id,answer" } NR > 1 { print $0 "," NR % 2 }' >given.csv
left_out=$(cd "$demo/unlabelled" && printf '%s\n' *.cif | head -n 1)
echo '{"representation": "CAMNS", "level": 1, "seeds": 3, "configurations": [
  {"name": "given", "model": "trees", "blocks": ["given"], "trees": 30, "label_noise": 0}]}' >members.json
train=(train --store labelled.h5 --labels "$demo/labels.csv" --members members.json --ensemble ensemble)
screen=(screen --store candidates.h5 --reference labelled.h5 --ensemble ensemble --out screen)

refused "Name their tables with --descriptors" "${train[@]}"
refused "no column of descriptors is named" "${train[@]}" --descriptors answers.csv
refused "no configuration of the plan has the block" train --store labelled.h5 --labels "$demo/labels.csv" --ensemble other \
  --descriptors answers.csv --descriptor-columns answer
run "${train[@]}" --descriptors answers.csv --descriptor-columns answer || fail "training: $(tail -3 log)"
refused "it was trained on the columns answer" "${screen[@]}"
run "${screen[@]}" --descriptors given.csv || fail "screening: $(tail -3 log)"
# The answer decides, and what has none is not judged.
python3 - screen/ranking.csv given.csv "${left_out%.cif}" <<'END' || fail "the descriptor was not learned from"
import csv, sys
answer = {row["id"].removesuffix(".cif"): row["answer"] for row in csv.DictReader(open(sys.argv[2]))}
rows = list(csv.DictReader(open(sys.argv[1])))
judged = [row for row in rows if row["P_SI"]]
assert len(judged) == len(rows) - 1 >= 40, (len(judged), len(rows))
assert all((float(row["P_SI"]) > 0.5) == (answer[row["id"]] == "1") for row in judged)
[other] = [row for row in rows if not row["P_SI"]]
assert other["id"] == sys.argv[3] and other["status"] == "not judged: no features that the ensemble needs", other
END
# Another table predicts again.
sed 's/,1$/,2/; s/,0$/,1/; s/,2$/,0/' given.csv >turned.csv
cp screen/ranking.csv before.csv
run "${screen[@]}" --descriptors turned.csv
! cmp -s before.csv screen/ranking.csv || fail "predictions of another table were taken over"
run "${screen[@]}" --descriptors given.csv
cmp before.csv screen/ranking.csv || fail "the same table gives another ranking"

# Validated and evaluated, with columns of ionsift barrier; a labelled structure without a value is counted.
echo '{"representation": "CAMNS", "level": 1, "seeds": 2, "configurations": [
  {"name": "both", "model": "trees", "blocks": ["composition", "given"], "trees": 30}]}' >both.json
dropped=$(awk -F, '$2 == "train" { print $1; exit }' "$demo/split.csv")
awk -F, -v dropped="$dropped" '$1 != dropped' labelled.csv >fewer.csv
run crossvalidate --store labelled.h5 --labels "$demo/labels.csv" --split "$demo/split.csv" --members both.json --out folds --draws 20 \
  --descriptors fewer.csv --descriptor-columns barrier_1d,barrier_3d || fail "cross-validation: $(tail -3 log)"
grep -q '"without_descriptors": 1' folds/run.json || fail "the structure without a barrier is not counted"
run train --store labelled.h5 --labels "$demo/labels.csv" --split "$demo/split.csv" --members both.json --ensemble both \
  --descriptors labelled.csv answers.csv --descriptor-columns barrier_3d,answer || fail "two tables: $(tail -3 log)"
run evaluate --ensemble both --store labelled.h5 --labels "$demo/labels.csv" --split "$demo/split.csv" --out evaluation --draws 20 \
  --descriptors labelled.csv answers.csv || fail "evaluating: $(tail -3 log)"
grep -q '"given.barrier_3d"' both/ensemble.json || fail "the ensemble does not record its descriptors"
grep -q '"sha256"' both/run.json || fail "the record does not have the tables"

# The same on one rank.
if ((ranks > 1)); then
  mv ensemble many && mv screen many-screen
  ranks=1
  run "${train[@]}" --descriptors answers.csv --descriptor-columns answer
  run "${screen[@]}" --descriptors given.csv
  for member in many/member_*.h5; do cmp "$member" "ensemble/${member#many/}" || fail "other members on one rank"; done
  cmp many-screen/ranking.csv screen/ranking.csv || fail "another ranking on one rank"
fi
