#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# gpus.sh ROOT IONSIFT BINDING OUT: ranks use the GPUs that SLURM assigns, in every way: fake GPUs, which are device files.
set -euo pipefail
root=$1 binary=$2 binding=$3 out=$4
# shellcheck source=tests/slurm/cluster.sh
source "$root/tests/slurm/cluster.sh"
require_slurm
rm -rf "$out"
mkdir -p "$out"
start_cluster "$out/cluster" 2 2 4
log=$out/log
export OMP_NUM_THREADS=1

# bound EXPECTED OPTION ...: two ranks on each of two nodes; EXPECTED is the output of ranks 0 and 1 of a node.
bound() {
  local expected=$1
  shift
  srun --nodes=2 --ntasks-per-node=2 --mpi=pmix --cpu-bind=cores --mem-per-cpu=500M "$@" "$binding" >"$out/bound" 2>"$log" || fail "srun $* fails"
  sort "$out/bound" >"$log"
  for node in n1 n2; do
    [[ $(grep "^$node " "$log" | sed "s/^$node //" | paste -sd';') == "$expected" ]] || fail "$*: $node is not bound as $expected"
  done
  # The doctor sees the same GPUs, and that this build uses none of them.
  srun --nodes=2 --ntasks-per-node=2 --mpi=pmix --cpu-bind=cores --mem-per-cpu=500M "$@" "$binary" doctor --folder "$out" --megabytes 0.1 \
    --run-json "$out/doctor.json" >"$log" 2>&1 || true # its other verdicts depend on the machine
  python3 - "$out/doctor.json" "$expected" <<'END' || fail "$*: the doctor reports something else"
import json, re, sys
result = json.load(open(sys.argv[1]))["result"]
expected = re.findall(r"\[(.*?)\]", sys.argv[2])
given = [rank["gpus_given"] for rank in result["ranks"]]
assert given == 2 * expected, (given, expected)
words = [f for f in result["findings"] if f["topic"] == "gpu"]
assert any(("4 of 4 ranks were given GPUs" in f["found"]) == any(expected) for f in words), words
assert (words[0]["verdict"] == "ok") == (not any(expected)), words
END
}

bound "0 of 2: cpu of [], 1 on it;1 of 2: cpu of [], 1 on it"
# All GPUs of the node for all its ranks: each takes the one with its number.
bound "0 of 2: cuda:0 of [0,1], 1 on it;1 of 2: cuda:1 of [0,1], 1 on it" --gpus-per-node=2
bound "0 of 2: cuda:0 of [0,1,2,3], 1 on it;1 of 2: cuda:1 of [0,1,2,3], 1 on it" --gpus-per-node=4
bound "0 of 2: cuda:0 of [0], 2 on it;1 of 2: cuda:0 of [0], 2 on it" --gpus-per-node=1
# One GPU for each rank, which sees it as number 0.
bound "0 of 2: cuda:0 of [0], 1 on it;1 of 2: cuda:0 of [1], 1 on it" --gpus-per-task=1
bound "0 of 2: cuda:0 of [0], 1 on it;1 of 2: cuda:0 of [1], 1 on it" --gpus-per-node=2 --gpu-bind=single:1
bound "0 of 2: cuda:0 of [1], 1 on it;1 of 2: cuda:0 of [0], 1 on it" --gpus-per-node=2 --gpu-bind=map_gpu:1,0

# The batch file, which requests the GPUs of a node; each rank takes its own.
rm -f "$out/doctor.json"
log=$out/gpu.log
: >"$log"
job=$(cd "$root" && DEVICE=auto IONSIFT=$binary LABELLED=$root/inputs/demo/labelled LABELS=$root/inputs/demo/labels.csv PARENT=none \
  sbatch --parsable --nodes=2 --ntasks-per-node=2 --gpus-per-node=2 --cpus-per-task=1 --mem-per-cpu=500M --time=10 --output="$log" \
  jobs/campaign/slurm-gpu.sh doctor "$out")
wait_until grep -q "write-read" "$log"
job_ends "$job" "$(grep -q '"status": "problems"' "$out/doctor.json" && echo FAILED || echo COMPLETED)"
grep -q "4 of 4 ranks were given GPUs" "$log" || fail "the batch file gives its ranks no GPUs"
