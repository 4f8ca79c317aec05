#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A scaling study on this machine, or inside one allocation: every stage under several numbers of ranks, one after the other.
#
#   jobs/scaling/study.sh OUT [STAGE ...]      COUNTS="1 2 4 8" jobs/scaling/study.sh /scratch/scaling featurize train
#
# Without stages: featurize, train, tune and screen. COUNTS (default: 1 and the cores). Else as stage.sh and summary.sh.
set -euo pipefail
source "$(dirname "$0")/../lib.sh"

out=${1:?usage: jobs/scaling/study.sh OUT [STAGE ...]}
shift
(($#)) || set -- featurize train tune screen
counts=${COUNTS:-1 $(env -u OMP_NUM_THREADS nproc)}
"$root/jobs/scaling/stage.sh" prepare "$out"
for stage in "$@"; do
  for n in $counts; do
    say "$stage, ranks: $n"
    RANKS=$n "$root/jobs/scaling/stage.sh" "$stage" "$out"
  done
  "$root/jobs/scaling/summary.sh" "$out" "$stage"
done
