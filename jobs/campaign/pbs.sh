#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A stage under PBS, in the root of a clone:    qsub -v STAGE=train,OUT=/scratch/run jobs/campaign/pbs.sh
# This script was not run under PBS: there was none where it was written. What it shares with the others (step.sh) was.
# Three minutes before the walltime the stage ends by itself with its state kept (MAX_HOURS, see step.sh), and the same qsub continues. If
# the walltime cannot be read, SIGTERM ends it, which PBS sends its site's kill_delay before SIGKILL.
#PBS -N ionsift
#PBS -l select=1:ncpus=64:mpiprocs=64:mem=128gb
#PBS -l walltime=04:00:00
#PBS -r y
#PBS -j oe
set -euo pipefail
root=${IONSIFT_ROOT:-$PBS_O_WORKDIR}
source "$root/jobs/lib.sh"
tasks=$(wc -l <"$PBS_NODEFILE")
if [[ -z ${LAUNCH:-} ]]; then
  LAUNCH="${launcher[*]} -n $tasks"
  ! is_open_mpi ||
    LAUNCH="${launcher[*]} $patience --bind-to core --map-by slot:PE=$OMP_NUM_THREADS -n $tasks"
fi
if [[ -z ${MAX_HOURS:-} ]]; then # "Resource_List.walltime = 04:00:00"
  MAX_HOURS=$(qstat -f "${PBS_JOBID:-}" 2>/dev/null |
    awk '$1 == "Resource_List.walltime" { split($3, t, ":"); printf "%.4f", t[1] + t[2] / 60 + t[3] / 3600 - 0.05 }' || true)
fi
export LAUNCH MAX_HOURS
exec "$root/jobs/campaign/step.sh" "${STAGE:?qsub -v STAGE=...,OUT=...}" "${OUT:?qsub -v STAGE=...,OUT=...}" "${PBS_ARRAY_INDEX:-}"
