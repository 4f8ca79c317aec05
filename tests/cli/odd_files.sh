#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# odd_files.sh IONSIFT PARENT RANKS OUT: files beside structures, inputs without any, and failing disks. Nothing
# is lost without a message, and nothing ends as a bug.
# shellcheck disable=SC2034 # used by sourced scripts
set -euo pipefail
binary=$1 parent=$2 ranks=$3 out=$4
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
demo=$here/../../inputs/demo
rm -rf "$out"
mkdir -p "$out"

fail() {
  echo "$*" >&2
  cat "$out/log" >&2
  exit 1
}

# ends STATUS TEXT ARGUMENT...: the run ends with STATUS and prints TEXT.
ends() {
  local status=0
  ${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$binary" "${@:3}" >"$out/log" 2>&1 || status=$?
  [[ $status == "$1" ]] || fail "status $status instead of $1: ${*:3}"
  tr '\n' ' ' <"$out/log" | grep -q "$2" || fail "there is no message '$2'"
}
featurize() { echo featurize --parent "$parent" --store "$1" --input; }
json() { python3 -c "import json, sys; print(json.load(open(sys.argv[1]))$2)" "$1"; }

mkdir "$out/in" "$out/other" "$out/empty"
cp "$demo"/labelled/Li3N.cif "$demo"/labelled/LiF.cif "$out/in" 2>/dev/null || cp "$(ls "$demo"/labelled/*.cif | head -1)" "$out/in"
n=$(ls "$out"/in/*.cif | wc -l)
echo notes >"$out/in/notes.txt"
echo notes >"$out/other/a.txt"
echo notes >"$out/other/b.pdf"

# Other files are counted by kind, in the summary and in the record.
# shellcheck disable=SC2046
ends 0 "passed over: 1 .txt" $(featurize "$out/S.h5") "$out/in"
[[ $(json "$out/S.run.json" "['result']['passed_over']['.txt']['count']") == 1 ]] || fail "not counted"

# Inputs without structures are errors; the store holds the structures of the others.
# shellcheck disable=SC2046
ends 1 "other holds no structures (passed over were 1 .pdf, 1 .txt)" $(featurize "$out/T.h5") "$out/other"
# shellcheck disable=SC2046
ends 1 "empty holds no structures (nothing is in it)" $(featurize "$out/U.h5") "$out/empty" "$out/in"
[[ $(json "$out/U.run.json" "['counts']['structures']") == "$n" ]] || fail "the others were not read"
# If no input has a structure, the reason is reported.
mkdir "$out/bad"
for i in 1 2 3; do sed 's/_cell_length_a .*/_cell_length_a ?/' "$(ls "$out"/in/*.cif | head -1)" >"$out/bad/$i.cif"; done
# shellcheck disable=SC2046
ends 1 "none of 3 entries gave a structure (3 of them for one reason: _cell_length_a is missing" $(featurize "$out/V.h5") "$out/bad"
cp "$out"/in/*.cif "$out/bad"
rm -f "$out/bad/LiF.cif"
# shellcheck disable=SC2046
ends 0 "most entries failed, 3 beside 1 structures; 3 of them for one reason" $(featurize "$out/V.h5") "$out/bad"

# A field of ids that does not exist is refused, one that is not used gives a message.
echo '[{"name": "a", "structure": {"lattice": {"matrix": [[4,0,0],[0,4,0],[0,0,4]]}, "sites": [{"species": [{"element": "Li",
  "occu": 1}], "abc": [0,0,0]}]}}]' >"$out/d.json"
# shellcheck disable=SC2046
ends 1 "no field 'absent'" $(featurize "$out/W.h5") "$out/d.json" --id-column absent
# shellcheck disable=SC2046
ends 0 "id-column name was not used" $(featurize "$out/W.h5") "$out/in" --id-column name

# Stores with the same stem have separate lists.
# shellcheck disable=SC2046
ends 0 "structures" $(featurize "$out/S.dat") "$out/bad"
[[ $(wc -l <"$out/S.failures.csv") == 1 && $(wc -l <"$out/S.dat.failures.csv") == 4 ]] || fail "lists are shared"
[[ -e $out/S.dat.run.json ]] || fail "the store has no own record"

# A link to a store remains a link.
mkdir "$out/real"
ln -s "$out/real/store.h5" "$out/link.h5"
# shellcheck disable=SC2046
ends 0 "$n new" $(featurize "$out/link.h5") "$out/in"
# shellcheck disable=SC2046
ends 0 "$n unchanged" $(featurize "$out/link.h5") "$out/in"
[[ -L $out/link.h5 && -f $out/real/store.h5 ]] || fail "the link was replaced"

# Results that cannot be printed are an error.
for option in "" --json; do
  status=0
  # shellcheck disable=SC2046,SC2086
  "$binary" $(featurize "$out/X.h5") "$out/in" $option >/dev/full 2>"$out/log" || status=$?
  [[ $status == 1 ]] || fail "status $status with a full disk"
  grep -q "standard output cannot be written" "$out/log" || fail "the full disk is not reported"
done
status=0
"$binary" --help >/dev/full 2>"$out/log" || status=$?
[[ $status == 1 ]] || fail "status $status of --help with a full disk"

# A folder without read permission is named, and is not a bug. (Root can read everything.)
if [[ $(id -u) != 0 ]]; then
  mkdir -p "$out/in/locked"
  chmod 000 "$out/in/locked"
  # shellcheck disable=SC2046
  ends 0 "1 failures" $(featurize "$out/Y.h5") "$out/in"
  grep -q "in/locked,.*,io," "$out/Y.failures.csv" || fail "the folder is not listed"
  # shellcheck disable=SC2046
  ends 1 "Permission denied" $(featurize "$out/locked/Z.h5") "$out/in/locked/x.cif"
  chmod 755 "$out/in/locked"
fi
