#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# chain.sh ROOT BUILD PARENT OUT: the whole chain of jobs/campaign on this machine, with a real mpirun and the program, on the demonstration's
# crystals: to a table of candidates; started again it computes nothing again; a training interrupted by a signal resumes.
set -euo pipefail
root=$1 build=$2 parent=$3 out=$4
rm -rf "$out"
mkdir -p "$out/nothing"
fail() {
  echo "$*"
  cat "$out/log"
  exit 1
}
demo=$root/inputs/demo
export IONSIFT_BUILD=$build IONSIFT_DATA=$out/nothing RANKS=2 DEVICE=cpu
export LABELLED=$demo/labelled LABELS=$demo/labels.csv PARENT=$parent RELEASE=$demo/unlabelled
export SPACE=$root/tests/golden/space.json TRIALS=3 BEST=1 REPEATS=1 EPOCHS=60
unset LAUNCH MEMBERS STAGES LINKS GAP_PARENT
chain() { "$root/jobs/campaign/chain.sh" mpirun "$out/run" >"$out/stages" 2>"$out/log" || fail "the chain ends with status $?"; }
rows() { python3 -c "import json, sys; print(json.load(open('$out/run/' + sys.argv[1]))['counts'][sys.argv[2]])" "$@"; }

STAGES="doctor featurize tune train screen" chain
[[ $(<"$out/stages") == $'doctor doctor\nfeaturize featurize\ntune tune\ntrain train\nscreen screen' ]] || fail "stages are missing"
[[ $(rows labelled.h5.run.json structures) == 64 && $(rows screen/run.json structures) == 55 ]] || fail "structures are missing"
[[ $(rows screen/run.json predictions_taken_over) == 0 ]] || fail "predictions are reused from nowhere"
head -n 1 "$out/run/screen/candidates.csv" | grep -q P_SI || fail "no table of candidates"
ensemble=$(cksum "$out/run"/ensemble/member_*.h5)

# The same release again: nothing is featurized, tuned, trained or predicted again.
chain
[[ $(rows labelled.h5.run.json reused_entries) == 64 && $(rows screen/run.json predictions_taken_over) == 55 ]] ||
  fail "existing results are computed again"
[[ $(cksum "$out/run"/ensemble/member_*.h5) == "$ensemble" ]] || fail "the ensemble differs"

# Half the chain with a given plan, interrupted by a signal as soon as it has begun, and started again.
export MEMBERS=$demo/members.json STAGES=train
rm -rf "$out/run/ensemble"
LINKS=1 "$root/jobs/campaign/chain.sh" mpirun "$out/run" >"$out/stages" 2>"$out/log" &
chain=$!
for ((i = 0; i < 600; ++i)); do
  [[ ! -d $out/run/ensemble/journal ]] || break
  sleep 0.1
done
# Only ranks of this run: their command line names its folder.
for pid in $(pgrep -f "ionsift train --ensemble $out/run/ensemble"); do
  [[ $(<"/proc/$pid/comm") != ionsift ]] || kill -TERM "$pid" || true
done
status=0
wait "$chain" || status=$?
[[ $status == 75 ]] || fail "a chain whose training is interrupted ends with $status"
chain
[[ -s $out/run/ensemble/ensemble.json ]] || fail "the training did not resume"
