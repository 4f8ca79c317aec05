#!/usr/bin/env bash
# A stage under PBS, in the root of a clone:    qsub -v STAGE=train,OUT=/scratch/run jobs/campaign/pbs.sh
# At its time limit PBS sends SIGTERM, and SIGKILL after the site's kill_delay: what was trained is kept, and the same qsub goes on.
#PBS -N ionsift
#PBS -l select=1:ncpus=64:mpiprocs=64:mem=128gb
#PBS -l walltime=04:00:00
#PBS -r y
#PBS -j oe
set -euo pipefail
root=${IONSIFT_ROOT:-$PBS_O_WORKDIR}
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
tasks=$(wc -l <"$PBS_NODEFILE")
# Open MPI's words for a core to each thread of a rank; MPICH's and Intel MPI's mpiexec have "-bind-to core".
binding="--bind-to core --map-by slot:PE=$OMP_NUM_THREADS"
mpirun --version 2>&1 | grep -qE 'Open MPI|OpenRTE' || binding="-bind-to core:$OMP_NUM_THREADS"
export LAUNCH=${LAUNCH:-mpirun $binding -n $tasks}
exec "$root/jobs/campaign/step.sh" "${STAGE:?qsub -v STAGE=...,OUT=...}" "${OUT:?qsub -v STAGE=...,OUT=...}" "${PBS_ARRAY_INDEX:-}"
