#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A stage on GPUs under SLURM, one rank for each, in the root of a clone:    sbatch jobs/campaign/slurm-gpu.sh STAGE OUT [NUMBER]
# Two minutes before its time limit the stage ends with its state kept, and the job goes back into the queue and continues.
#SBATCH --job-name=ionsift
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=4
#SBATCH --gpus-per-node=4
#SBATCH --cpus-per-task=4
#SBATCH --mem-per-cpu=4G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --signal=B:USR2@120
#SBATCH --open-mode=append
#SBATCH --output=%x-%j.log
set -euo pipefail
source "${IONSIFT_ROOT:-$SLURM_SUBMIT_DIR}/jobs/campaign/slurm-job.sh"
# Every rank sees all GPUs of its node and takes that of its number there: no --gpus-per-task.
export OMP_NUM_THREADS=1 DEVICE=${DEVICE:-cuda}
run_stage "$1" "$2" "${3:-${SLURM_ARRAY_TASK_ID:-}}"
