#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Results of a screening for every structure: lithium, gaps that are unknown or too small, known compounds, the
# conductivities of similar compounds, unreadable files; and the structures of the first candidates as CIFs.
#
#   screening.sh PROGRAM SOURCE RANKS FOLDER
set -euo pipefail
program=$1 source=$2 ranks=$3 folder=$4
rm -rf "$folder"
mkdir -p "$folder/in"
demo=$source/inputs/demo
parent=$source/inputs/parent/formation-energy.hdf5
fail() {
  echo "screening.sh: $*" >&2
  exit 1
}
ionsift() { ${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$program" "$@" --quiet; }

# Usage errors come before any file is opened.
refused() { # refused WORDS OPTION...
  local words=$1 status=0
  shift
  "$program" screen --store nowhere.h5 --reference nowhere.h5 --ensemble nowhere --out "$folder/refused" "$@" \
    >"$folder/refused.txt" 2>&1 || status=$?
  [[ $status == 2 ]] || fail "$*: exit status $status: $(cat "$folder/refused.txt")"
  grep -qF -e "$words" "$folder/refused.txt" || fail "$*: nothing of \"$words\": $(cat "$folder/refused.txt")"
  ! grep -q nowhere "$folder/refused.txt" || fail "$*: the missing store was found first"
}
refused "Did you mean 0.7?" --min-probability 70
refused "from 0 to 1" --min-probability -0.1
refused "Did you mean 'probability'?" --filters probabilty
refused "--max-hull activates it" --filters hull
refused "expected drop or keep" --unknown-gap maybe
refused "no --hull is given" --max-hull 0.1
refused "Did you mean 0.9?" --coverage 90

cp "$demo"/unlabelled/*.cif "$demo/labelled/Li10GeP2S12.cif" "$folder/in"
sed 's/Li/Na/g' "$demo/labelled/Li6PS5Cl.cif" >"$folder/in/Na6PS5Cl.cif"
echo "no crystal at all" >"$folder/in/broken.cif"
ionsift featurize --input "$demo/labelled" --parent "$parent" --store "$folder/labelled.h5" >/dev/null
ionsift featurize --input "$folder/in" --parent "$parent" --store "$folder/candidates.h5" >/dev/null
ionsift train --store "$folder/labelled.h5" --labels "$demo/labels.csv" --members "$demo/members.json" \
  --ensemble "$folder/ensemble" >/dev/null
# Ids in common spellings; the gap of Li2Se is too small, that of Li2Te is empty, all others are fine.
{
  echo "id,band_gap"
  for file in "$folder"/in/*.cif; do
    case $file in
      */Li2Se.cif) echo "Li2Se.cif,0.2" ;;
      */Li2Te.cif | */broken.cif) echo "$(basename "$file")," ;;
      *) echo "$(basename "$file"),3.5" ;;
    esac
  done
} >"$folder/gaps.csv"
# Two of the compounds are known: one by name, one by composition.
printf 'Compound,sigma (mS/cm),Reference\nLiAlSi2O6,1e-6,in house\nLi2SiO3.cif,,a patent\n' >"$folder/known.csv"

screen() { # screen RANKS OUT OPTION...
  local n=$1 out=$2
  shift 2
  ${IONSIFT_MPIEXEC:-mpirun} -n "$n" "$program" screen --store "$folder/candidates.h5" --reference "$folder/labelled.h5" \
    --ensemble "$folder/ensemble" --gaps "$folder/gaps.csv" --out "$out" "$@"
}
screen "$ranks" "$folder/out" --known "$folder/known.csv" --write-cifs 3 >"$folder/out.txt" 2>"$folder/out.err" ||
  fail "$(tail -3 "$folder/out.err")"
python3 - "$folder" <<'END'
import csv, json, os, sys

folder = sys.argv[1]
out = folder + "/out"
rows = list(csv.DictReader(open(out + "/ranking.csv")))
by_id = {row["id"]: row for row in rows}
structures = [name[:-4] for name in os.listdir(folder + "/in")]
assert sorted(by_id) == sorted(structures) and len(rows) == len(structures), "not every structure is in the ranking once"
status = {name: row["status"] for name, row in by_id.items()}
assert status["Na6PS5Cl"] == "no lithium", status["Na6PS5Cl"]
assert status["Li2Se"] == "band gap too small: 0.20", status["Li2Se"]
assert status["Li2Te"] == "band gap unknown", status["Li2Te"]
assert status["Li10GeP2S12"] == "measured already: 1.2e-02 S/cm (10.1038/nmat3066)", status["Li10GeP2S12"]
assert status["Li2SiO3"] == "composition known: a patent", status["Li2SiO3"]
assert status["LiAlSi2O6-spodumene"] == "measured already: 1.0e-09 S/cm (in house)", status["LiAlSi2O6-spodumene"]
assert status["broken"].startswith("failed to read: "), status["broken"]
ranked = [row for row in rows if row["rank"]]
assert [int(row["rank"]) for row in ranked] == list(range(1, len(ranked) + 1))
shares = [float(row["P_SI"]) for row in ranked]
assert shares == sorted(shares, reverse=True)
assert min(shares) < 0.5 and any(row["status"] == "candidate" and float(row["P_SI"]) < 0.5 for row in ranked), "there is a cut"
near = by_id["Li10Ge0.5Sn0.5P2S12"]
assert near["nearest_measured_1"].startswith("Li10GeP2S12: 1.2e-02 S/cm"), near
assert all(" S/cm" in near[f"nearest_measured_{n}"] for n in (1, 2, 3)), near
assert near["comment"].startswith("Likely (P_SI") and "polation" in near["comment"], near["comment"]
candidates = list(csv.DictReader(open(out + "/candidates.csv")))
assert {row["id"] for row in candidates} == {name for name, text in status.items() if text == "candidate"}
run = json.load(open(out + "/run.json"))
counts, summary = run["counts"], json.load(open(out + "/summary.json"))
assert counts["dropped_by"]["no_lithium"] == counts["dropped_by"]["band_gap"] == counts["dropped_by"]["band_gap_unknown"] == 1, counts
funnel = {step["filter"]: step["dropped"] for step in summary["funnel"]["filters"]}
assert funnel["band_gap"] == funnel["band_gap_unknown"] == 1 and funnel["probability"] == 0, funnel
assert sum(counts["statuses"].values()) == len(rows) and counts["statuses"] == summary["statuses"]
assert counts["statuses"]["candidate"] == counts["kept"] == len(candidates)
assert counts["cifs_written"] == 3 and counts["cifs_source_gone"] == 0, counts
first = [row for row in candidates if row["rank"]][:3]
files = sorted(os.listdir(out + "/cifs"))
assert [name[:3] for name in files] == ["001", "002", "003"], files
for row, name in zip(first, files):
    assert open(f"{out}/cifs/{name}").read() == open(f"{folder}/in/{row['id']}.cif").read(), name
text = open(folder + "/out.txt").read()
assert "band gap too small" in text and "band gap unknown" in text and "no lithium" in text, text
expected = sum(float(row["P_SI"]) for row in candidates[:10])
assert f"expected superionic among these 10: {expected:.1f}, the sum of P_SI" in text, text
END

# The same on any number of ranks; the missing source is reported and counted.
mv "$folder/in" "$folder/elsewhere"
python3 - "$folder" <<'END'
import hashlib, json, sys
path = sys.argv[1] + "/ensemble/ensemble.json"
document = json.load(open(path))
assert document["labels"]["references"]["Li10GeP2S12"] == "10.1038/nmat3066"
END
screen 1 "$folder/alone" --known "$folder/known.csv" --write-cifs 3 >/dev/null 2>"$folder/alone.err"
for table in ranking.csv candidates.csv lists.csv; do
  cmp "$folder/out/$table" "$folder/alone/$table" || fail "$table depends on the ranks"
done
grep -q "3 of the first 3 candidates have no file" "$folder/alone.err" || fail "the missing source is not reported: $(cat "$folder/alone.err")"
grep -q '"cifs_source_gone": 3' "$folder/alone/run.json" || fail "the missing source is not counted"
[[ ! -e $folder/alone/cifs ]] || [[ -z $(ls "$folder/alone/cifs") ]] || fail "files without a source"

# It is found in the folder that the option names.
mkdir "$folder/moved"
mv "$folder/elsewhere" "$folder/moved/in"
screen 1 "$folder/alone" --known "$folder/known.csv" --write-cifs 2 --structures "$folder/moved/in" --quiet >/dev/null
(($(ls "$folder/alone/cifs" | wc -l) == 2)) || fail "the moved source was not found"

# Unknown gaps can be kept, and with a table of other structures all gaps are unknown.
screen "$ranks" "$folder/kept" --unknown-gap keep --quiet >/dev/null
grep -q '"band_gap_unknown"' "$folder/kept/run.json" && fail "an unknown gap was dropped"
grep -q '^[0-9]*,Li2Te,.*,candidate,' "$folder/kept/ranking.csv" || fail "the structure of unknown gap is not a candidate"
