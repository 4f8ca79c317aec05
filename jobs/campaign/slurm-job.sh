# SPDX-License-Identifier: BSD-3-Clause
# What the batch files of SLURM have in common; sourced by them, not run.
# shellcheck shell=bash

# SLURM runs a copy of the batch file: the clone is where sbatch was called, or where IONSIFT_ROOT says.
source "${IONSIFT_ROOT:-$SLURM_SUBMIT_DIR}/jobs/lib.sh"
export LAUNCH=${LAUNCH:-srun --cpu-bind=cores --kill-on-bad-exit=1 $(mpi_of_srun)}

# Whether all nodes of the job still start something: when one dies, ranks may fail before SLURM has noticed.
nodes_answer() {
  timeout 60 srun --mpi=none --nodes="$SLURM_JOB_NUM_NODES" --ntasks="$SLURM_JOB_NUM_NODES" --ntasks-per-node=1 true >/dev/null 2>&1
}

# run_stage STAGE OUT [NUMBER]: at its time limit the job goes back into the queue and continues, REQUEUES (20) times at most.
#
# SIGTERM, which SLURM sends at the limit, ends this shell too, so that nobody would be left to put the job back. Hence the batch files ask
# for SIGUSR2 to this shell alone some time before (--signal=B:USR2@SECONDS): it tells the ranks to end, waits for them and puts the job back.
run_stage() {
  local status=0 step
  "$root/jobs/campaign/step.sh" "$@" &
  step=$!
  # scancel with a signal reaches the job's steps, and not this shell. step.sh must know it too: it may be between two of them.
  trap 'echo "== the time is nearly up: the ranks of $1 are told to end" >&2; kill -TERM "$step"; scancel --signal=TERM "$SLURM_JOB_ID"' USR2
  # A signal ends a wait before the step has ended.
  while true; do
    status=0
    wait "$step" || status=$?
    kill -0 "$step" 2>/dev/null || break
  done
  if ((status != 0 && status != 75)) && ! nodes_answer; then
    echo "== $1: ended with $status, and not all nodes of the job answer" >&2
    status=75
  fi
  ((status == 75)) || return "$status"
  local times=${SLURM_RESTART_COUNT:-0} most=${REQUEUES:-20}
  if ((times < most)); then
    echo "== $1: job $SLURM_JOB_ID goes back into the queue, requeue $((times + 1)) of at most $most" >&2
    scontrol requeue "$SLURM_JOB_ID" || echo "== the job cannot be put back; the same sbatch continues" >&2
  else
    echo "== $1: this job was put back $times times, and REQUEUES allows $most; the same sbatch continues" >&2
  fi
  return "$status"
}
