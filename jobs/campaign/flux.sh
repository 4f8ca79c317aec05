#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A stage under Flux, in the root of a clone:    flux batch jobs/campaign/flux.sh STAGE OUT [NUMBER]
# This script was not run under Flux: there was none where it was written. What it shares with the others (step.sh) was.
# Three minutes before the time limit the stage ends by itself with its state kept (MAX_HOURS, see step.sh), and the same command continues.
#flux: --job-name=ionsift
#flux: --nslots=64
#flux: --cores-per-slot=1
#flux: --time-limit=4h
#flux: --output=ionsift-{{id}}.log
set -euo pipefail
root=${IONSIFT_ROOT:-$PWD}
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
export LAUNCH=${LAUNCH:-flux run -n ${TASKS:-64} -c $OMP_NUM_THREADS -o cpu-affinity=per-task}
if [[ -z ${MAX_HOURS:-} ]]; then # seconds that are left of this job
  MAX_HOURS=$(flux job timeleft 2>/dev/null | awk '$1 + 0 > 0 { printf "%.4f", $1 / 3600 - 0.05 }' || true)
fi
export MAX_HOURS
exec "$root/jobs/campaign/step.sh" "$@"
