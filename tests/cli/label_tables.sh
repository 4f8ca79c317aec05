#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Several tables of labels at once, and entries without a structure: used for training, predicted by composition, counted.
#
#   label_tables.sh PROGRAM SOURCE RANKS FOLDER
set -euo pipefail
program=$1 source=$2 ranks=$3 folder=$4
rm -rf "$folder"
mkdir -p "$folder"
demo=$source/inputs/demo
fail() {
  echo "label_tables.sh: $*" >&2
  exit 1
}
ionsift() { ${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$program" "$@" --quiet; }

ionsift featurize --input "$demo/labelled" --parent "$source/inputs/parent/formation-energy.hdf5" --store "$folder/labelled.h5" >/dev/null
cat >"$folder/members.json" <<END
{"representation": "CAMNS", "level": 1, "seeds": 1, "configurations": [
  {"name": "composition", "model": "trees", "trees": 50, "blocks": ["composition"], "weight": 3},
  {"name": "features", "model": "trees", "trees": 50, "views": ["CAMNS:V1"], "blocks": []}]}
END
# The demonstration's ids are compositions, some followed by a word.
awk -F, -v OFS=, 'NR == 1 { print $0, "composition" } NR > 1 { name = $1; sub(/-.*/, "", name); print $0, name }' \
  "$demo/labels.csv" >"$folder/labels.csv"
# The second table has its own columns and unit: a measurement of the first under another name, a compound of the first by
# its id, and compounds without a store, two of which share a publication or, except for a trace, the composition of one.
cat >"$folder/more.csv" <<END
Entry ID;Formula;sigma (mS/cm);Source
m1;Li20Ge2P4S24;12;doi:10.1038/NMAT3066
Li10SiP2S12.cif;Li10SiP2S12;2.3;
m2;Li3InBr6;0.51;10.1002/adma.201803075
m3;Li2S;1e-8;10.1038/nmat3066
m4;Li1.3Al0.3Ti1.7P3O12Zn0.01;0.7;
m5;Li9Zn;;
m6;unreadable!;1e-5;
m7;LiAlH4;1e-5;
m8;Li2CO3;1e-9;
m9;Li7P3S11;4;
END
train=(train --store "$folder/labelled.h5" --members "$folder/members.json" --labels "$folder/labels.csv" "$folder/more.csv")
"$program" "${train[@]}" --ensemble "$folder/counted" >/dev/null 2>"$folder/counted.txt"
grep -q "entries have the composition of one in another table and its conductivity or DOI" "$folder/counted.txt" || fail "m1 counts twice"
grep -q "have no structure and are not used, although" "$folder/counted.txt" || fail "entries are left out without a message"
ionsift "${train[@]}" --table-entries --ensemble "$folder/ensemble" >/dev/null
python3 - "$folder" <<'END'
import hashlib
import json
import sys

folder = sys.argv[1]
labels = json.load(open(f"{folder}/ensemble/ensemble.json"))["labels"]
first, second = labels["tables"]
sha = lambda path: hashlib.sha256(open(path, "rb").read()).hexdigest()
assert (first["table"], second["table"]) == ("labels.csv", "more.csv")
assert (first["sha256"], second["sha256"]) == (sha(f"{folder}/labels.csv"), sha(f"{folder}/more.csv"))
assert (first["unit"], second["unit"]) == ("S/cm", "mS/cm"), labels
assert (second["same_measurement"], second["known_before"], second["rows_skipped"]) == (1, 1, 1), second
assert (second["labels"], second["table_entries"], second["structures"], second["not_used"]) == (7, 6, 0, 1), second
assert first["structures"] == first["labels"] - first["not_used"], first
assert labels["table_of"]["m2"] == "more.csv" and labels["table_of"]["Li10SiP2S12"] == "labels.csv"
assert labels["references"]["m2"] == "10.1002/adma.201803075"
run = json.load(open(f"{folder}/ensemble/run.json"))
assert run["result"]["label_tables"] == labels["tables"], run["result"]
assert run["counts"]["table_entries"] == 6 and run["counts"]["table_entries_unreadable"] == 1
END

# Contradictions are errors that name both values.
refused() { # refused WORDS OPTION...
  local words=$1 status=0
  shift
  "$program" "$@" --ensemble "$folder/refused" >"$folder/refused.txt" 2>&1 || status=$?
  [[ $status != 0 ]] || fail "$*: accepted"
  grep -qF -e "$words" "$folder/refused.txt" || fail "$*: nothing of \"$words\": $(cat "$folder/refused.txt")"
}
printf 'id,sigma (S/cm)\nLi10SiP2S12,1e-9\n' >"$folder/against.csv"
refused "Li10SiP2S12 has 1e-09 S/cm here" "${train[@]}" "$folder/against.csv"
refused "has the content of a table before" "${train[@]}" "$folder/more.csv"

# Evaluated: structures by all members, entries by those that use only compositions.
{
  echo "id,set"
  awk -F, 'NR > 1 { print $1 "," (NR % 4 ? "train" : "test") }' "$demo/labels.csv"
  printf 'm2,test\nm3,train\nm4,test\nm7,train\nm8,test\nm9,test\n'
} >"$folder/split.csv"
ionsift "${train[@]}" --split "$folder/split.csv" --table-entries --ensemble "$folder/split" >/dev/null
evaluate=(evaluate --ensemble "$folder/split" --split "$folder/split.csv" --draws 50 --labels "$folder/labels.csv" "$folder/more.csv")
ionsift "${evaluate[@]}" --store "$folder/labelled.h5" --table-entries --out "$folder/evaluation" >"$folder/evaluation.txt"
"$program" "${evaluate[@]}" --store "$folder/labelled.h5" --out "$folder/plain" >/dev/null 2>"$folder/plain.txt"
grep -q "have no structure and are not evaluated" "$folder/plain.txt" || fail "entries are left out of the evaluation without a message"
"$program" "${evaluate[@]}" --by-composition --out "$folder/compositions" --quiet >"$folder/compositions.txt"
grep -q "1 members judge (composition), 1 need a structure and abstain (features)" "$folder/evaluation.txt" || fail "$(cat "$folder/evaluation.txt")"
grep -q "75 % of the weight in P_SI, which is made 100 % here" "$folder/evaluation.txt" || fail "nothing of weights"
grep -q "^both together: " "$folder/evaluation.txt" || fail "nothing of both together"
python3 - "$folder" <<'END'
import json
import sys

folder = sys.argv[1]
read = lambda name: json.load(open(f"{folder}/{name}/evaluation.json"))
evaluation, compositions, plain = read("evaluation"), read("compositions"), read("plain")
entries = evaluation["table_entries"]
assert plain["predictions"] == evaluation["predictions"] and "table_entries" not in plain
assert entries["structures"] == 4 and entries["positive"] == 3, entries
assert evaluation["together"]["structures"] == evaluation["structures"] + 4
assert entries["members"]["judging"] == 1 and entries["members"]["abstaining"] == 1
assert all(row["members"] == 1 and "d_training" not in row for row in entries["predictions"])
leaks = entries["also_trained_on"]
assert leaks["dopant"]["entries"] == 1, leaks                      # m4: Li1.3Al0.3Ti1.7P3O12 is trained on
assert evaluation["also_trained_on"]["table_entries"]["doi"]["entries"] in (0, 1)
# By compositions only: the same entries get the same P_SI, structures are predicted like them.
assert compositions["structures"] == evaluation["together"]["structures"], compositions["structures"]
by_id = {row["id"]: row for row in compositions["predictions"]}
for row in entries["predictions"]:
    assert abs(by_id[row["id"]]["P_SI"] - row["P_SI"]) < 1e-6, row
assert all(row["members"] == 1 for row in compositions["predictions"])
END
