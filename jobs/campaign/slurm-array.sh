#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Many releases under SLURM, a task of an array for each, screened with one ensemble. In the root of a clone, after train:
#   ls /data/releases/*.tar.gz >releases.txt
#   RELEASES=$PWD/releases.txt sbatch --array=1-$(wc -l <releases.txt)%8 jobs/campaign/slurm-array.sh OUT
#SBATCH --job-name=ionsift-release
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=16
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=2G
#SBATCH --time=02:00:00
#SBATCH --requeue
#SBATCH --signal=B:USR2@120
#SBATCH --open-mode=append
#SBATCH --output=%x-%A-%a.log
set -euo pipefail
source "${IONSIFT_ROOT:-$SLURM_SUBMIT_DIR}/jobs/campaign/slurm-job.sh"
export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
run_stage release "$1" "$SLURM_ARRAY_TASK_ID"
