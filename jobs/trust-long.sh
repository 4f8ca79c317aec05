#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# trust-long.sh [OUT]: the long form of `ctest -L trust`: what docs/promises.md promises, tried until one may believe it.
# RUNS (of each fuzz harness), KILLS (of each command and number of ranks) and FLIPS (of each kind of file) make it longer. Needs a build with tests.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

out=${1:-$(mktemp -d)}
seed=${SEED:-$EPOCHSECONDS} flips=${FLIPS:-500}
"$root/jobs/trust-kills.sh" "$out/kills"
say "spoilt files, seed $seed"
for what in store labelled member weights predictions state; do
  "$root/tests/trust/flips.sh" "$build/ionsift" "$build/tests/trust/trust_damage" "$out/kills/parent.hdf5" "$what" "$flips" \
    "$seed" "$out/flips-$what"
done
"$root/jobs/fuzz.sh"
