#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# limits.sh ROOT IONSIFT PARENT OUT: jobs that end before their work is done. A job that reaches its time limit twice is requeued
# twice and ends by itself, one whose node dies ends on another, one that may be requeued once is requeued once; all end with the bytes of
# an undisturbed run.
set -euo pipefail
root=$1 binary=$2 parent=$3 out=$4
# shellcheck source=tests/slurm/cluster.sh
source "$root/tests/slurm/cluster.sh"
require_slurm
rm -rf "$out"
mkdir -p "$out/nothing"
start_cluster "$out/cluster" 3
log=$out/log
demo=$root/inputs/demo

export IONSIFT=$binary IONSIFT_DATA=$out/nothing DEVICE=cpu
export LABELLED=$demo/labelled LABELS=$demo/labels.csv PARENT=$parent RELEASE=$demo/unlabelled
unset LAUNCH MEMBERS STAGES LINKS GAP_PARENT MAX_HOURS REQUEUES SRUN_MPI RANKS
cat >"$out/members.json" <<'END'
{"representation": "CAMNS", "level": 1, "seeds": 6, "configurations": [
  {"name": "a", "layers": 2, "width": 32, "readout_hidden": 32, "batch": 4, "epochs": 600, "dropout_before": 0.1}]}
END
export MEMBERS=$out/members.json
(STAGES="featurize train" LAUNCH=env "$root/jobs/campaign/chain.sh" mpirun "$out/one") >"$log" 2>&1 || fail "the undisturbed run fails"

# submit FOLDER [OPTION ...]: a training that has its store; sets job and log.
submit() {
  mkdir -p "$out/$1"
  cp "$out/one/labelled.h5" "$out/$1"
  log=$out/$1/log
  job=$(cd "$root" && sbatch --parsable --nodes=2 --ntasks-per-node=2 --mem-per-cpu=500M --output="$log" "${@:2}" \
    jobs/campaign/slurm-cpu.sh train "$out/$1")
}
same() { # FOLDER
  local file
  for file in "$out"/one/ensemble/member_*.h5; do
    cmp "$file" "$out/$1/ensemble/$(basename "$file")" || fail "$1 differs"
  done
  [[ -s $out/$1/ensemble/ensemble.json && ! -e $out/$1/ensemble/journal ]] || fail "$1 is not complete"
}
# Ranks of a folder's training, counted at each start.
ranks_of() { pgrep -f "^$binary train --ensemble $out/$1/ensemble" || true; }
trains() { [[ -d $out/$1/ensemble/journal && $(ranks_of "$1" | wc -l) == 4 ]]; }
keeps() { trains "$1" && compgen -G "$out/$1/ensemble/member_*" >/dev/null; }
restarts() { [[ $(job_field "$job" Restarts) -ge $1 ]]; }
count() { [[ ! -e $log ]] || grep -c "$1" "$log" || true; }
said() { [[ $(count "$2") -ge $1 ]]; }

# Two time limits of a minute, or more on a slow machine; SLURM checks them every half minute. Ranks are frozen as soon as a member
# is trained, so that they are still at work at the limit on a quick machine, and have something to save on a slow one. A member takes a second: two
# are left when the first four are done. Frozen ranks that SLURM has killed since then do not count.
submit limits --time=1 --signal=B:USR2@30
for limit in 1 2; do
  wait_until keeps limits
  told=$(job_field "$job" Restarts) # once before each restart; perhaps once more already
  mapfile -t frozen < <(ranks_of limits)
  kill -STOP "${frozen[@]}" 2>/dev/null || true
  wait_until said $((told + 1)) "are told to end"
  kill -CONT "${frozen[@]}" 2>/dev/null || true
  wait_until restarts "$limit"
  compgen -G "$out/limits/ensemble/member_*" >/dev/null || fail "nothing was saved at the limit"
done
job_ends "$job" COMPLETED 300
[[ $(job_field "$job" Restarts) -ge 2 ]] || fail "the job was requeued $(job_field "$job" Restarts) times"
said 1 "goes back into the queue, requeue 1 of at most 20" && said 1 "goes back into the queue, requeue 2 of at most 20" || fail "the log does not count"
same limits

# A node dies with all that runs on it: its daemon, its steps, its ranks.
submit dies --time=10
wait_until trains dies
victim=$(scontrol show hostnames "$(squeue -h -j "$job" -o %N)" | tail -n 1)
kill_node "$victim"
job_ends "$job" COMPLETED 180
[[ $(job_field "$job" Restarts) -ge 1 ]] || fail "the job did not notice that its node was gone"
same dies
start_node "$victim"

# --max-hours instead of signals, and limited requeues: the job is requeued once, then the same sbatch does the rest.
export MAX_HOURS=0.0005 REQUEUES=1
submit bounded --time=10
job_ends "$job" FAILED 180
[[ $(job_field "$job" Restarts) == 1 ]] || fail "the job was requeued $(job_field "$job" Restarts) times instead of once"
said 1 "REQUEUES allows 1" || fail "the log has no reason"
unset MAX_HOURS REQUEUES
submit bounded --time=10
job_ends "$job" COMPLETED
same bounded
