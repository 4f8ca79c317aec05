#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# trust-kills.sh [OUT]: featurize, tune, train and screen are killed (SIGKILL) at random moments under 2 and under 3 ranks, KILLS
# times each (default 16, which makes 128), continued by as many or by other ranks, and compared with undisturbed runs. SEED
# (default: the time) draws the moments. Prints the counts. Needs a build with tests.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

out=${1:-$(mktemp -d)}
kills=${KILLS:-16} seed=${SEED:-$EPOCHSECONDS}
require_built tests/golden/golden_make_parent -DIONSIFT_BUILD_TESTS=ON
mkdir -p "$out"
"$build/tests/golden/golden_make_parent" "$out/parent.hdf5"
# Containers may forbid one rank to read another's memory (Open MPI before 5, and from then on).
[[ -z ${OMPI_MCA_rmaps_base_oversubscribe:-} ]] || export OMPI_MCA_btl_vader_single_copy_mechanism=none
[[ -z ${PRTE_MCA_rmaps_default_mapping_policy:-} ]] || export OMPI_MCA_smsc=^cma

say "seed $seed"
for command in featurizing training tuning screening; do
  for pair in "2 3" "3 2"; do
    read -r ranks other <<<"$pair"
    "$root/tests/trust/kills.sh" "$build/ionsift" "$out/parent.hdf5" "$command" "$ranks" "$other" "$kills" "$((seed += 1))" \
      "$out/$command-np$ranks"
  done
done
say "all runs"
# Of each line: kills, what they hit, rounds, continued runs, equal results.
cat "$out"/*/counts | sed -nE 's/.*: ([0-9]+) kills \((.*)\) in ([0-9]+) rounds, ([0-9]+) continued, ([0-9]+) equal.*/\1;\2;\3;\4;\5/p' |
  awk -F';' '{ kills += $1; rounds += $3; continued += $4; equal += $5
               n = split($2, parts, ", "); for (i = 1; i <= n; ++i) { split(parts[i], p, " "); hit[p[1]] += p[2] } }
             END { printf "%d kills, %d runs continued, %d of %d results equal to the undisturbed ones; hit:", kills, continued, equal, rounds
                   for (name in hit) printf " %s %d", name, hit[name]; print "" }'
