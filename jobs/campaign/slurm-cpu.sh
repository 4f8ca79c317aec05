#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A stage on CPUs under SLURM, in the root of a clone:    sbatch jobs/campaign/slurm-cpu.sh STAGE OUT [NUMBER]
# Two minutes before its time limit the stage ends with its state kept, and the job goes back into the queue and continues.
#SBATCH --job-name=ionsift
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=64
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=2G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --signal=B:USR2@120
#SBATCH --open-mode=append
#SBATCH --output=%x-%j.log
set -euo pipefail
source "${IONSIFT_ROOT:-$SLURM_SUBMIT_DIR}/jobs/campaign/slurm-job.sh"
export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
run_stage "$1" "$2" "${3:-${SLURM_ARRAY_TASK_ID:-}}"
