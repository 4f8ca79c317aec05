#!/usr/bin/env bash
# A stage on GPUs under SLURM, one rank for each, in the root of a clone:    sbatch jobs/campaign/slurm-gpu.sh STAGE OUT [NUMBER]
# Two minutes before its end a training keeps its state; ended by the time limit it goes back into the queue and goes on.
#SBATCH --job-name=ionsift
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=4
#SBATCH --gpus-per-node=4
#SBATCH --cpus-per-task=4
#SBATCH --mem-per-cpu=4G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --signal=USR1@120
#SBATCH --open-mode=append
#SBATCH --output=%x-%j.log
set -euo pipefail
# SLURM runs a copy of this file: the clone is where sbatch was called, or where this says.
root=${IONSIFT_ROOT:-$SLURM_SUBMIT_DIR}
export OMP_NUM_THREADS=1 DEVICE=${DEVICE:-cuda}
# Every rank sees all GPUs of its node and takes that of its number there: no --gpus-per-task.
export LAUNCH=${LAUNCH:-srun --cpu-bind=cores --kill-on-bad-exit=1 ${SRUN_MPI:+--mpi=$SRUN_MPI}}

status=0
"$root/jobs/campaign/step.sh" "$1" "$2" "${3:-${SLURM_ARRAY_TASK_ID:-}}" || status=$?
((status != 75)) || scontrol requeue "$SLURM_JOB_ID"
exit "$status"
