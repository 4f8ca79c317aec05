#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# ranks.sh ROOT IONSIFT PARENT OUT: the whole campaign as jobs of SLURM on 2 nodes x 2 ranks gives the bytes of one rank; so do the tasks of an
# array and a search; if a stage fails, nothing stays in the queue.
set -euo pipefail
root=$1 binary=$2 parent=$3 out=$4
# shellcheck source=tests/slurm/cluster.sh
source "$root/tests/slurm/cluster.sh"
require_slurm
rm -rf "$out"
mkdir -p "$out/nothing"
start_cluster "$out/cluster" 2
log=$out/log
demo=$root/inputs/demo

export IONSIFT=$binary IONSIFT_DATA=$out/nothing DEVICE=cpu
export LABELLED=$demo/labelled LABELS=$demo/labels.csv PARENT=$parent RELEASE=$demo/unlabelled
unset LAUNCH MEMBERS STAGES LINKS GAP_PARENT MAX_HOURS REQUEUES SRUN_MPI RANKS
cat >"$out/members.json" <<'END'
{"representation": "CAMNS", "level": 1, "seeds": 3, "configurations": [
  {"name": "a", "layers": 1, "width": 16, "readout_hidden": 8, "batch": 16, "epochs": 20, "dropout_before": 0.1},
  {"name": "trees", "model": "trees", "blocks": ["composition"]}]}
END
export MEMBERS=$out/members.json
wide=(--nodes=2 --ntasks-per-node=2 --cpus-per-task=1 --mem-per-cpu=500M --time=10)
chain() { # SCHEDULER FOLDER [OPTION ...]: sets numbers, the jobs by their stages
  "$root/jobs/campaign/chain.sh" "$@" >"$out/stages" 2>"$log" || fail "chain.sh $1 ends with status $?"
}
job_of() { awk -v stage="$1" '$1 == stage { print $2 }' "$out/stages"; }
same() { # FOLDER
  local file
  h5diff --exclude-path /releases "$out/one/labelled.h5" "$1/labelled.h5" || fail "$1: the store differs"
  h5diff --exclude-path /releases "$out/one/release.h5" "$1/release.h5" || fail "$1: the store of the release differs"
  for file in "$out"/one/ensemble/member_*.h5 "$out"/one/screen/candidates.csv "$out"/one/screen/training.csv; do
    cmp "$file" "$1/${file#"$out/one/"}" || fail "$1 differs"
  done
}

# One rank, without a scheduler.
STAGES="featurize train screen" LAUNCH=env chain mpirun "$out/one"

# Two nodes with two ranks each.
STAGES="featurize train screen" chain slurm "$out/four" -- "${wide[@]}"
for stage in featurize train screen; do
  log=$(echo "$out/four/$stage"-*.log)
  job_ends "$(job_of "$stage")" COMPLETED
done
same "$out/four"
# The doctor's verdicts depend on the machine: a busy one has slow products.
log=$out/doctor.log
doctor=$(cd "$root" && sbatch --parsable "${wide[@]}" --output="$log" jobs/campaign/slurm-cpu.sh doctor "$out/four")
wait_until grep -q "doctor finished in" "$log"
job_ends "$doctor" "$(grep -q '"status": "problems"' "$out/four/doctor.json" && echo FAILED || echo COMPLETED)"
python3 - "$out/four/doctor.json" "$out/four/labelled.h5.run.json" <<'END' || fail "the doctor was not on four ranks of two nodes"
import json, sys
doctor, run = (json.load(open(path)) for path in sys.argv[1:])
assert len(doctor["result"]["ranks"]) == 4 and run["environment"]["ranks"] == 4
END
log=$out/log
[[ $(scontrol show job "$(job_of train)" | grep -oE "NodeList=n.*") == "NodeList=n[1-2]" ]] || fail "not on both nodes"

# A search whose trials are drawn in advance, and which stops none of them.
search() { # FOLDER LAUNCHER ...
  local here=$1
  shift
  "$@" "$binary" tune --store "$out/one/labelled.h5" --labels "$LABELS" --split "$demo/split.csv" --by fold --device cpu --quiet \
    --space "$root/tests/golden/space.json" --trials 2 --grace 8 --epochs 8 --after 1 --best 1 --repeats 2 --window 3 --seeds 2 --out "$here" \
    >"$log" 2>&1 || fail "the search ends with status $?"
}
search "$out/search-one"
export SLURM_CPU_BIND=none
search "$out/search-four" srun --nodes=2 --ntasks=4 --mem-per-cpu=500M --mpi=pmix
unset SLURM_CPU_BIND
cmp "$out/search-one/members.json" "$out/search-four/members.json" || fail "the plan of the search on four ranks differs"

# An array: each task has its own release of candidates.
mkdir -p "$out/first" "$out/second"
cp "$demo"/unlabelled/Li[0-9]*.cif "$out/first"
cp "$demo"/unlabelled/Li[A-F]*.cif "$out/second"
printf '%s\n' "$out/first" "$out/second" >"$out/releases.txt"
array=$(cd "$root" && RELEASES=$out/releases.txt sbatch --parsable --array=1-2 --nodes=1 --ntasks-per-node=2 --mem-per-cpu=500M --time=10 \
  --output="$out/array-%a.log" jobs/campaign/slurm-array.sh "$out/four")
for task in 1 2; do
  log=$out/array-$task.log
  job_ends "${array}_$task" COMPLETED
  release=$(sed -n "${task}p" "$out/releases.txt")
  (RELEASES=$out/releases.txt LAUNCH=env "$root/jobs/campaign/step.sh" release "$out/one" "$task") >"$log" 2>&1 || fail "release $release fails"
  cmp "$out/one/releases/$task/candidates.csv" "$out/four/releases/$task/candidates.csv" || fail "task $task of the array gives a different table"
done
log=$out/log

# A stage that fails: the stages after it leave the queue.
export LABELS=$out/nothing/labels.csv
chain slurm "$out/failing" -- "${wide[@]}"
[[ $(awk '{ print $1 }' "$out/stages" | paste -sd' ') == "featurize train screen" ]] || fail "the chain has other stages"
job_ends "$(job_of featurize)" COMPLETED
job_ends "$(job_of train)" FAILED
job_ends "$(job_of screen)" CANCELLED
[[ -z $(squeue -h) ]] || fail "jobs stay in the queue: $(squeue -h)"
