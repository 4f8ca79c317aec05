#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A whole campaign: every stage a job that waits for the one before.
#
#   jobs/campaign/chain.sh SCHEDULER OUT [-- option of the scheduler ...]
#   jobs/campaign/chain.sh slurm /scratch/run -- --partition=short --account=me --time=01:00:00
#
# SCHEDULER is slurm, slurm-gpu, pbs, flux or mpirun (here and now, without a scheduler).
# Environment: STAGES (featurize train screen; with a search: featurize tune train screen); LINKS, how many jobs a stage gets, each of which
# continues where the one before was ended and takes seconds if nothing is left (1 under SLURM, where jobs go back into the queue by
# themselves, else 2); SBATCH (sbatch), QSUB (qsub), FLUX (flux); what step.sh reads.
# Where a stage fails, the stages behind it are taken out of the queue.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
IONSIFT_ROOT=$(cd "$here/../.." && pwd)
export IONSIFT_ROOT

usage="usage: jobs/campaign/chain.sh slurm|slurm-gpu|pbs|flux|mpirun OUT [-- option ...]"
scheduler=${1:?$usage}
out=${2:?$usage}
shift 2
[[ ${1:-} != -- ]] || shift
options=("$@")
mkdir -p "$out"
out=$(cd "$out" && pwd)

# submit_SCHEDULER STAGE DEPENDENCY: prints the job's number; DEPENDENCY is afterok:NUMBER, afterany:NUMBER or empty.
submit_slurm() {
  "${SBATCH:-sbatch}" --parsable --job-name="ionsift-$1" --output="$out/$1-%j.log" ${2:+--dependency="$2"} \
    --kill-on-invalid-dep=yes --export=ALL "${options[@]}" "$here/${batch:-slurm-cpu.sh}" "$1" "$out"
}
submit_slurm-gpu() { batch=slurm-gpu.sh submit_slurm "$@"; }
submit_pbs() {
  "${QSUB:-qsub}" -N "ionsift-$1" -o "$out/$1.log" ${2:+-W "depend=$2"} -V \
    -v "IONSIFT_ROOT=$IONSIFT_ROOT,STAGE=$1,OUT=$out" "${options[@]}" "$here/pbs.sh"
}
submit_flux() {
  "${FLUX:-flux}" batch --job-name="ionsift-$1" --output="$out/$1-{{id}}.log" ${2:+--dependency="$2"} \
    "${options[@]}" "$here/flux.sh" "$1" "$out"
}
# Continues a stage that was ended, as the jobs of a scheduler do.
submit_mpirun() {
  local status=0 link
  for ((link = 0; link < ${LINKS:-2}; ++link)); do
    status=0
    "$here/step.sh" "$1" "$out" >&2 || status=$?
    ((status == 75)) || break
  done
  ((status == 0)) || exit "$status"
  echo "$1"
}
declare -F "submit_$scheduler" >/dev/null || {
  echo "there is no scheduler '$scheduler'; $usage" >&2
  exit 2
}

before=""
case $scheduler in
slurm | slurm-gpu) links=${LINKS:-1} ;;
mpirun) links=1 ;; # which has its own
*) links=${LINKS:-2} ;;
esac
for stage in ${STAGES:-featurize train screen}; do
  dependency=${before:+afterok:$before}
  for ((link = 0; link < links; ++link)); do
    before=$("submit_$scheduler" "$stage" "$dependency")
    before=${before%%;*} # SLURM adds the name of its cluster
    echo "$stage $before"
    dependency=afterany:$before
  done
done
