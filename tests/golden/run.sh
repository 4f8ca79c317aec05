#!/usr/bin/env bash
# run.sh IONSIFT PARENT RANKS OUT: the whole way of the data, on RANKS ranks, into the folder OUT.
set -euo pipefail
binary=$1 parent=$2 ranks=$3 out=$4
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$out"
mkdir -p "$out"
ionsift() { mpirun -n "$ranks" "$binary" "$@" --quiet; }

ionsift featurize --input "$here/labelled" --parent "$parent" --representation CAMNS,CAMN --levels 0,1,2,3 \
  --store "$out/labelled.h5"
ionsift featurize --input "$here/candidates" --parent "$parent" --store "$out/candidates.h5"
ionsift train --store "$out/labelled.h5" --labels "$here/labels.csv" --split "$here/split.csv" \
  --members "$here/members.json" --ensemble "$out/ensemble"
ionsift evaluate --ensemble "$out/ensemble" --store "$out/labelled.h5" --labels "$here/labels.csv" \
  --split "$here/split.csv" --out "$out/evaluation"
# Everything passes the probability filter, so that the table has something to compare.
ionsift screen --store "$out/candidates.h5" --reference "$out/labelled.h5" --ensemble "$out/ensemble" \
  --gap-parent "$parent" --gaps "$here/gaps.csv" --min-probability 0 --min-band-gap -1000 --out "$out/screen"
for file in labelled.h5 candidates.h5 ensemble predictions; do
  [[ $file == predictions ]] && file=screen/predictions.h5
  "$binary" inspect "$out/$file" >"$out/inspect-$(basename "$file").txt"
done
