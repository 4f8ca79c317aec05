#!/usr/bin/env bash
# A stage under Flux, in the root of a clone:    flux batch jobs/campaign/flux.sh STAGE OUT [NUMBER]
#flux: --job-name=ionsift
#flux: --nslots=64
#flux: --cores-per-slot=1
#flux: --time-limit=4h
#flux: --output=ionsift-{{id}}.log
set -euo pipefail
root=${IONSIFT_ROOT:-$PWD}
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
export LAUNCH=${LAUNCH:-flux run -n ${TASKS:-64} -c $OMP_NUM_THREADS -o cpu-affinity=per-task}
exec "$root/jobs/campaign/step.sh" "$@"
