#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The same study on many nodes: one SLURM job for each stage and number of nodes, and the summary after them.
#
#   NODES="1 2 4 8" jobs/scaling/slurm.sh OUT [STAGE ...] [-- sbatch option ...]
#   NODES="1 4" jobs/scaling/slurm.sh /scratch/scaling train -- --partition=short --account=me --time=00:30:00
#
# The program is built or installed before (docs/sites.md); jobs build nothing.
#
# TASKS (default 64) ranks a node. SBATCH (default sbatch) submits a job and prints its number.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

out=${1:?usage: jobs/scaling/slurm.sh OUT [STAGE ...] [-- sbatch option ...]}
shift
stages=()
while (($#)) && [[ $1 != -- ]]; do
  stages+=("$1")
  shift
done
(($#)) && shift
((${#stages[@]})) || stages=(featurize train tune screen)
tasks=${TASKS:-64}
mkdir -p "$out"

# submit NAME NODES TASKS AFTER COMMAND ...: prints the job's number
submit() {
  local name=$1 nodes=$2 ntasks=$3 after=$4
  shift 4
  ${SBATCH:-sbatch} --parsable --job-name="ionsift-$name" --nodes="$nodes" --ntasks="$ntasks" --cpus-per-task=1 \
    --output="$out/$name-%j.log" ${after:+--dependency=afterok:$after} --kill-on-invalid-dep=yes "${sbatch_options[@]}" --wrap "$*"
}
sbatch_options=("$@")

prepared=$(submit prepare 1 "$tasks" "" "$here/stage.sh" prepare "$out")
echo "$prepared"
for stage in "${stages[@]}"; do
  jobs=()
  for nodes in ${NODES:-1 2 4}; do
    jobs+=("$(submit "$stage-$nodes" "$nodes" $((nodes * tasks)) "$prepared" "$here/stage.sh" "$stage" "$out")")
  done
  printf '%s\n' "${jobs[@]}"
  submit "$stage-summary" 1 1 "$(IFS=:; echo "${jobs[*]}")" "$here/summary.sh" "$out" "$stage"
done
