#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# failing_run.sh IONSIFT RANKS OUT: a run that fails ends by itself, reports why and leaves its record.
set -euo pipefail
binary=$1 ranks=$2 out=$3
rm -rf "$out"
mkdir -p "$out"
status=0
${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$binary" featurize --input "$out/no-such.cif" --parent "$out/none.hdf5" --store "$out/S.h5" \
  >"$out/log" 2>&1 || status=$?
cat "$out/log"
[[ $status == 1 ]] || { echo "exit status $status instead of 1"; exit 1; }
grep -q "no-such.cif does not exist" "$out/log"
grep -q '"status": "failed"' "$out/S.run.json"
grep -q '"code": "missing"' "$out/S.run.json"
[[ ! -e $out/S.h5 ]]
