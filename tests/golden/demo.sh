#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# demo.sh IONSIFT PARENT RANKS OUT: the demonstration's crystals are featurized without a failure, at the strict level,
# and its split equals the result of the command in its README.
set -euo pipefail
binary=$1 parent=$2 ranks=$3 out=$4
demo=$(cd "$(dirname "$0")/../../inputs/demo" && pwd)
rm -rf "$out"
mkdir -p "$out"
ionsift() { ${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$binary" "$@" --quiet; }

for set in labelled unlabelled; do
  ionsift featurize --input "$demo/$set" --parent "$parent" --strictness strict --store "$out/$set.h5"
  failures=$(($(wc -l <"$out/$set.failures.csv") - 1))
  ((failures == 0)) || {
    cat "$out/$set.failures.csv" >&2
    exit 1
  }
done
ionsift split --labels "$demo/labels.csv" --test 0.25 --folds 4 --seed 1 --out "$out/split.csv" >/dev/null
cmp "$out/split.csv" "$demo/split.csv"
