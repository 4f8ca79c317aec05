#!/usr/bin/env bash
# A stage on CPUs under SLURM, in the root of a clone:    sbatch jobs/campaign/slurm-cpu.sh STAGE OUT [NUMBER]
# Two minutes before its end a training keeps its state; ended by the time limit it goes back into the queue and goes on.
#SBATCH --job-name=ionsift
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=64
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=2G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --signal=USR1@120
#SBATCH --open-mode=append
#SBATCH --output=%x-%j.log
set -euo pipefail
# SLURM runs a copy of this file: the clone is where sbatch was called, or where this says.
root=${IONSIFT_ROOT:-$SLURM_SUBMIT_DIR}
export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
export LAUNCH=${LAUNCH:-srun --cpu-bind=cores --kill-on-bad-exit=1 ${SRUN_MPI:+--mpi=$SRUN_MPI}}

status=0
"$root/jobs/campaign/step.sh" "$1" "$2" "${3:-${SLURM_ARRAY_TASK_ID:-}}" || status=$?
((status != 75)) || scontrol requeue "$SLURM_JOB_ID"
exit "$status"
