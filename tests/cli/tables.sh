#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# tables.sh IONSIFT SOURCE OUT: tables of labels in common formats, made from the demonstration's, give its 29
# superionic compounds of 64 whatever their unit, encoding and separator; tables that are not understood are refused.
set -euo pipefail
binary=$1 source=$2 out=$3
rm -rf "$out"
mkdir -p "$out"
cd "$out"
cut -d, -f1,2 "$source/inputs/demo/labels.csv" >plain.csv # no quotes in the first two columns

# values FACTOR HEADING: the values divided by FACTOR under another heading
values() {
  awk -F, -v factor="$1" -v heading="$2" 'NR == 1 { print "id," heading; next }
    { bound = $2 ~ /^</ ? "<" : ""; sub(/^</, "", $2); printf "%s,%s%.6g\n", $1, bound, $2 / factor }' plain.csv
}
count() { # count FILE OPTION...: "structures superionic"
  local file=$1
  shift
  "$binary" split --labels "$file" --out "$file.split.csv" --overwrite --json "$@" 2>"$file.log" |
    python3 -c 'import json, sys
parts = json.load(sys.stdin)["result"]["parts"]
whole = [part for name, part in parts.items() if "fold" not in name]
print(sum(part["structures"] for part in whole), sum(part["superionic"] for part in whole))'
}
expect() { # expect "64 29" FILE OPTION...
  local wanted=$1
  shift
  local found
  found=$(count "$@") || { echo "$*: failed"; cat "$1.log"; exit 1; }
  [[ $found == "$wanted" ]] || { echo "$*: $found instead of $wanted"; cat "$1.log"; exit 1; }
}
refuse() { # refuse WORDS FILE OPTION...
  local words=$1 file=$2 status=0
  shift 2
  "$binary" split --labels "$file" --out "$file.split.csv" --overwrite "$@" >"$file.log" 2>&1 || status=$?
  [[ $status == 1 || $status == 2 ]] || { echo "$file: exit status $status"; cat "$file.log"; exit 1; }
  grep -qF -e "$words" "$file.log" || { echo "$file: nothing of \"$words\""; cat "$file.log"; exit 1; }
}

expect "64 29" plain.csv
# Units in headings
n=0
while IFS='|' read -r factor heading; do
  n=$((n + 1))
  values "$factor" "$heading" >"unit-$n.csv"
  expect "64 29" "unit-$n.csv"
  [[ $factor == 1 ]] || grep -q "so S/cm is" "unit-$n.csv.log"
done <<'UNITS'
1e-6|conductivity (µS/cm)
1e-6|conductivity (μS/cm)
1e-6|conductivity (uS cm-1)
1e-3|conductivity (10^-3 S/cm)
1e-3|conductivity (x10-3 S cm-1)
1e-3|conductivity (×10⁻³ S cm⁻¹)
1e-3|sigma (mS/cm)
1e-2|sigma [S/m]
1|conductivity (Ω⁻¹ cm⁻¹)
UNITS
values 1e-3 "sigma (mS/cm)" >named.csv
expect "64 29" named.csv --conductivity-column "sigma (mS/cm)"
values 1e-3 sigma >bare.csv
refuse "--conductivity-unit" bare.csv
refuse "--conductivity-unit" bare.csv --conductivity-column sigma
expect "64 29" bare.csv --conductivity-unit mS/cm
values 1 "sigma (mS/cm)" >wrong.csv
expect "64 29" wrong.csv --conductivity-unit S/cm
grep -q "comes before mS/cm" wrong.csv.log
values 1e3 "sigma x 10^3 (S/cm)" >power.csv
refuse "power of ten" power.csv

# Spreadsheets
tr , ';' <plain.csv >semicolons.csv
expect "64 29" semicolons.csv
tr ',.' ';,' <plain.csv | sed 's/^\(Li[^;]*\);/\1;/' | awk -F';' 'NR == 1 { print "id;conductivity (S/cm)"; next }
  { gsub(",", ".", $1); print $1 ";" $2 }' >commas.csv
expect "64 29" commas.csv
tr , '\t' <plain.csv | iconv -f UTF-8 -t UTF-16 >utf16.txt
expect "64 29" utf16.txt
{ echo 'sep=,'; cat plain.csv; } >sep.csv
expect "64 29" sep.csv

# Cells of Li2S, whose conductivity is a bound
cell() { sed "s/^Li2S,.*/Li2S,$1/" plain.csv; }
cell '1.2(3)e-4' >uncertain.csv
expect "64 30" uncertain.csv
cell '1.2e−4' >minus.csv
expect "64 30" minus.csv
cell '~1e-9' >about.csv
expect "64 29" about.csv
cell 'NaN' >unknown.csv
expect "63 29" unknown.csv
grep -q "1 rows are skipped" unknown.csv.log
cell 120 >high.csv
expect "64 30" high.csv
grep -q "Li2S (120 S/cm)" high.csv.log
{ cat plain.csv; echo "Li2S,2e-9"; } >repeated.csv
expect "64 29" repeated.csv
grep -q "repeat an id" repeated.csv.log
sed 's/(S\/cm)/(S\/cm) at 300 C/' plain.csv >hot.csv
expect "64 29" hot.csv
grep -q "573.15 K" hot.csv.log
sed -e 's/^Li2S,.*/Li2S,fast/' -e 's/^Li2O,.*/Li2O,03.01.2021/' plain.csv >bad.csv
refuse "2 cells" bad.csv
grep -q 'structure Li2S: "fast"' bad.csv.log
grep -q 'structure Li2O: "03.01.2021" is a date' bad.csv.log

# A table that was changed by hand is not replaced, an unchanged one is.
"$binary" split --labels plain.csv --out kept.csv >/dev/null
"$binary" split --labels plain.csv --out kept.csv --seed 2 >/dev/null
echo "by hand,train,,," >>kept.csv
status=0
"$binary" split --labels plain.csv --out kept.csv >kept.log 2>&1 || status=$?
[[ $status == 1 ]] && grep -q "was changed since" kept.log && grep -q "by hand" kept.csv
"$binary" split --labels plain.csv --out kept.csv --overwrite >/dev/null


# A table that was changed is replaced only on request.
"$binary" cluster --table plain.csv --id-column id --composition-column id --out clusters.csv >clusters.log 2>&1 || { cat clusters.log; exit 1; }
"$binary" cluster --table plain.csv --id-column id --composition-column id --out clusters.csv >clusters.log 2>&1 || { cat clusters.log; exit 1; }
echo "mine,Li2O,0,0,9" >>clusters.csv
! "$binary" cluster --table plain.csv --id-column id --composition-column id --out clusters.csv >clusters.log 2>&1 ||
  { echo "a table that was changed is overwritten"; exit 1; }
grep -q "changed since ionsift wrote it" clusters.log && grep -q "^mine" clusters.csv
"$binary" cluster --table plain.csv --id-column id --composition-column id --out clusters.csv --overwrite >clusters.log 2>&1
! grep -q "^mine" clusters.csv
echo "tables: all as expected"
