#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# refusals.sh IONSIFT DAMAGE PARENT OUT: incompatible or incomplete inputs are refused with a reason.
set -euo pipefail
binary=$1 damage=$2 parent=$3 out=$4
# shellcheck source=tests/trust/trust_lib.sh
source "$(dirname "$0")/trust_lib.sh"
fresh
prepare screening
cases=0
# says TEXT ARGUMENT...: the run is refused on one rank and on two, with TEXT and not as a bug.
says() {
  local n
  for n in 1 2; do
    refused "$n" "$1" "${@:2}"
    named || fail "no reason: ionsift ${*:2}"
  done
  : $((cases += 1))
}
featurize=(featurize --input "$golden/labelled")
screen=(screen --reference "$out/labelled.h5" --ensemble "$out/ensemble" --out "$out/refused")
train=(train --store "$out/labelled.h5" --members "$out/members.json" --ensemble "$out/refused")

# Another parent, cutoff, representation, schema than the store's or the ensemble's.
embedded=$inputs/parent/formation-energy.hdf5
says "parent" "${featurize[@]}" --parent "$embedded" --store "$out/labelled.h5"
cp "$parent" "$out/shorter.hdf5"
sed -E 's/"cutoff": ?[0-9.]+/"cutoff": 4.0/' "$parent.json" >"$out/shorter.hdf5.json"
says "cutoff" "${featurize[@]}" --parent "$out/shorter.hdf5" --store "$out/labelled.h5"
says "levels" "${featurize[@]}" --parent "$parent" --levels 0,1 --store "$out/labelled.h5"
run 1 "${featurize[@]}" --parent "$embedded" --store "$out/other-parent.h5"
says "parent network" "${screen[@]}" --store "$out/other-parent.h5"
run 1 "${featurize[@]}" --parent "$out/shorter.hdf5" --store "$out/other-cutoff.h5"
says "cutoff" "${screen[@]}" --store "$out/other-cutoff.h5"
run 1 "${featurize[@]}" --parent "$parent" --representation CAN --store "$out/other-representation.h5"
says "CAMNS is needed" "${screen[@]}" --store "$out/other-representation.h5"
cp "$out/labelled.h5" "$out/schema.h5"
"$damage" attribute "$out/schema.h5" schema 9
says "schema 9" "${screen[@]}" --store "$out/schema.h5"
cp "$out/labelled.h5" "$out/version.h5"
"$damage" attribute "$out/version.h5" program_version 9.9.9
says "checksum" "${screen[@]}" --store "$out/version.h5"
says "no such file\|does not exist" "${screen[@]}" --store "$out/nothing.h5"
says "not the file\|HDF5" "${screen[@]}" --store "$golden/labels.csv"

# Incomplete ensembles.
spoil_ensemble() { # FILE: a copy of the ensemble, to be damaged
  rm -rf "$out/spoilt"
  cp -r "$out/ensemble" "$out/spoilt"
  screen=(screen --store "$out/candidates.h5" --reference "$out/labelled.h5" --ensemble "$out/spoilt" --out "$out/refused")
}
spoil_ensemble
rm "$out/spoilt/member_01_00.h5"
says "member_01_00.h5 does not exist" "${screen[@]}"
spoil_ensemble
cp "$out/spoilt/member_00_00.h5" "$out/spoilt/member_01_00.h5"
says "is not the file that was trained" "${screen[@]}"
spoil_ensemble
sed -i '0,/"labels": \[/s//"babels": [/' "$out/spoilt/ensemble.json"
says "ensemble.json" "${screen[@]}"
spoil_ensemble
head -c 1000 "$out/ensemble/ensemble.json" >"$out/spoilt/ensemble.json"
says "ensemble.json" "${screen[@]}"
spoil_ensemble
rm "$out/spoilt/ensemble.json"
says "ensemble.json" "${screen[@]}"
run 1 featurize --input "$golden/labelled/Li2S.cif" --parent "$parent" --store "$out/one.h5"
says "lacks the training structure" screen --store "$out/candidates.h5" --reference "$out/one.h5" \
  --ensemble "$out/ensemble" --out "$out/refused"

# Labels.
labels() { # WORDS SED-SCRIPT
  sed "$2" "$golden/labels.csv" >"$out/labels.csv"
  ! cmp -s "$golden/labels.csv" "$out/labels.csv" || fail "nothing was changed by $2"
  says "$1" "${train[@]}" --labels "$out/labels.csv"
}
labels "no column\|column" '1s/^[^,]*,/nothing,/'
labels "no column of conductivities" '1s/onductivity/urrent/g'
labels "the unit of" '1s/S.cm/MS\/cm/'
labels "is not a number" '2s/,.*/,much/'
labels "is not a number" '2s/,.*/,inf/'
labels "negative" '2s/,.*/,-3/'
labels "leaves the class open" '2s/,.*/,<0.1/'
labels "cells in record" '2s/$/,more/'
labels "two classes" '$a LiF,1'

# Keys that do not exist.
printf 'labels = %s\nstoer = S.h5\n' "$golden/labels.csv" >"$out/run.ini"
says "stoer" "${train[@]}" --labels "$golden/labels.csv" --config "$out/run.ini"
says "seed" "${train[@]}" --labels "$golden/labels.csv" --sede 3
sed 's/"width": 32/"widht": 32/' "$out/members.json" >"$out/spoilt.json"
says "widht" train --store "$out/labelled.h5" --labels "$golden/labels.csv" --members "$out/spoilt.json" --ensemble "$out/refused"
sed 's/"seeds"/"sedes"/' "$out/members.json" >"$out/spoilt.json"
says "sedes" train --store "$out/labelled.h5" --labels "$golden/labels.csv" --members "$out/spoilt.json" --ensemble "$out/refused"
sed 's/"search"/"saerch"/' "$golden/space.json" >"$out/spoilt.json"
says "saerch" tune --store "$out/labelled.h5" --labels "$golden/labels.csv" --split "$golden/split.csv" --space "$out/spoilt.json" \
  --out "$out/refused"
[[ ! -e $out/refused/ensemble.json && ! -e $out/refused/candidates.csv ]] || fail "a refused run has left a result"
echo "$cases cases refused, each on 1 and 2 ranks"
