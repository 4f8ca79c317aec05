#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# ionsift run on the demonstration: from structures to a table and a page in one command; a repeated run finds everything
# up to date, changed labels train again, a killed run resumes to the same ensemble and table.
#
#   run.sh PROGRAM SOURCE RANKS FOLDER
set -euo pipefail
program=$1 source=$2 ranks=$3 folder=$4
rm -rf "$folder"
mkdir -p "$folder"
demo=$source/inputs/demo
fail() {
  echo "run.sh: $*" >&2
  exit 1
}
# ionsift run into a folder. Half of the members and folds of the default are enough here.
run() {
  local out=$1
  shift
  ${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$program" run "$demo/labelled" --labels "${LABELS:-$demo/labels.csv}" --screen "$demo/unlabelled" \
    --parent "$source/inputs/parent/formation-energy.hdf5" --folds 2 --out "$out" "$@"
}
# Results that must not depend on interruptions.
results() { (cd "$1" && cat ensemble/member_*.h5 screening/candidates.csv screening/ranking.csv screening/cifs/*.cif folds.csv | sha256sum); }

run "$folder/out" >"$folder/first.txt" 2>"$folder/first.err" || fail "the first run failed: $(tail -5 "$folder/first.err")"
for file in screening/candidates.csv report/report.html ensemble/ensemble.json crossvalidation/crossvalidation.json run.json; do
  [[ -s $folder/out/$file ]] || fail "$file is missing"
done
before=$(results "$folder/out")

run "$folder/out" 2>"$folder/second.err" >/dev/null
grep -q '"up_to_date": \[' "$folder/out/run.json" || fail "nothing was up to date"
python3 - "$folder/out/run.json" <<'END' || fail "the second run did not skip finished stages"
import json, sys
sys.exit(json.load(open(sys.argv[1]))["result"]["up_to_date"] != ["folds", "validation", "ensemble"])
END
[[ $(results "$folder/out") == "$before" ]] || fail "the second run changed something"

# The configuration file of a run repeats the run.
${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$program" run --config "$folder/out/campaign.ini" >/dev/null 2>"$folder/repeated.err" ||
  fail "the configuration of a run does not repeat it: $(tail -3 "$folder/repeated.err")"
[[ $(results "$folder/out") == "$before" ]] || fail "the repeated run changed something"

# Killed later and later, until the run completes.
for ((i = 1; i < 40; ++i)); do
  if timeout -s KILL "$(awk -v i=$i 'BEGIN { print 0.5 + 1.3 * i }')" \
    ${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$program" run "$demo/labelled" --labels "$demo/labels.csv" --screen "$demo/unlabelled" \
    --parent "$source/inputs/parent/formation-energy.hdf5" --folds 2 --out "$folder/killed" >/dev/null 2>"$folder/killed.err"; then
    break
  fi
done
[[ -s $folder/killed/report/report.html ]] || fail "the killed run never ended"
((i > 1)) || fail "no run was killed"
[[ $(results "$folder/killed") == "$before" ]] || fail "the results of the resumed run differ"

# Other labels train again, into the same folder.
sed '2d' "$demo/labels.csv" >"$folder/labels.csv"
LABELS=$folder/labels.csv run "$folder/out" >/dev/null 2>"$folder/third.err" || fail "other labels: $(tail -3 "$folder/third.err")"
[[ $(results "$folder/out") != "$before" ]] || fail "other labels changed nothing"

# Every structure is in the ranking; structures of the first 20 candidates are written.
(($(wc -l <"$folder/out/screening/ranking.csv") == 1 + $(ls "$demo"/unlabelled/*.cif | wc -l))) || fail "not everything is ranked"
(($(ls "$folder/out/screening/cifs" | wc -l) == 20)) || fail "not the structures of the first 20"

# The workbook has the tables, unless this build has no libxlsxwriter.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tables=$folder/out/screening
if [[ -e $tables/ranking.xlsx ]]; then
  "${PYTHON:-/usr/bin/python3}" "$here/workbook.py" "$tables/ranking.xlsx" "ranking=$tables/ranking.csv" "candidates=$tables/candidates.csv" \
    "lists=$tables/lists.csv" || (($? == 77)) || fail "the workbook differs from the tables"
else
  "$program" screen --xlsx --store none --reference none --ensemble none --out "$folder/none" 2>&1 | grep -q "without libxlsxwriter" ||
    fail "there is no workbook"
fi

# Known compounds are not candidates, by name or by composition, also if they are given later.
known() { awk -F, -v id="$1" '$2 == id' "$folder/out/screening/ranking.csv"; }
[[ $(known Li2Se) == *",candidate,"* && $(known LiAlSi2O6-spodumene) == *",candidate,"* ]] || fail "no candidates before"
printf 'name,formula,conductivity (S/cm)\nLi2Se,,2e-7\nours,LiAlSi2O6,\n' >"$folder/known.csv"
run "$folder/out" --known "$folder/known.csv" --write-cifs 0 >/dev/null 2>"$folder/known.err" || fail "--known: $(tail -3 "$folder/known.err")"
[[ $(known Li2Se) == *",measured already: 2.0e-07 S/cm,"* ]] || fail "Li2Se: $(known Li2Se)"
[[ $(known LiAlSi2O6-spodumene) == *",composition known,"* ]] || fail "spodumene: $(known LiAlSi2O6-spodumene)"
grep -q "^known = " "$folder/out/campaign.ini" || fail "the configuration lacks the known compounds"
