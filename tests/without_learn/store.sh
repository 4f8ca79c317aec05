#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# store.sh ROOT IONSIFT OUT: the demonstration's compounds become a store, which is verified, described and inspected, the same on 1 and 2 ranks.
set -euo pipefail
root=$1 binary=$2 out=$3
rm -rf "$out"
mkdir -p "$out"
fail() { echo "$*"; exit 1; }
"$binary" --version | tee "$out/version"
grep -q '^libtorch  none' "$out/version" || fail "this program has libtorch"
if ldd "$binary" | grep -E 'lib(torch|c10)'; then fail "libtorch is linked"; fi
for ranks in 1 2; do
  ${IONSIFT_MPIEXEC:-mpirun} -n $ranks "$binary" featurize --input "$root/inputs/demo/labelled" \
    --parent "$root/inputs/parent/formation-energy.hdf5" --store "$out/np$ranks.h5" --quiet
done
"$binary" verify "$out/np1.h5" "$out/np2.h5" --quiet || fail "a store is damaged"
"$binary" inspect "$out/np1.h5" | tee "$out/inspect"
grep -qE '^structures +64$' "$out/inspect" || fail "not 64 structures"
h5diff=$(command -v h5diff || true)
[[ -z $h5diff ]] || "$h5diff" "$out/np1.h5" "$out/np2.h5" /features || fail "the features of two ranks differ"
"$binary" atomistic --store "$out/np1.h5" --out "$out/features.csv" --quiet
[[ $(wc -l <"$out/features.csv") -gt 60 ]] || fail "no readable features"
status=0
"$binary" train --store "$out/np1.h5" >"$out/train" 2>&1 || status=$?
[[ $status == 2 ]] && grep -q "train" "$out/train" || fail "train ends with $status"
"$binary" inspect "$out" >"$out/folder" 2>&1 && fail "a folder is inspected"
grep -q "without libtorch" "$out/folder" || fail "libtorch is not mentioned"
