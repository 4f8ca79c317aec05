#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Fuzzes the readers of foreign files (docs/fuzzing.md) with clang's libFuzzer, address and undefined-behaviour sanitizers: each
# harness for a number of executions, one after the other, or those named.
#   jobs/fuzz.sh [HARNESS...]
#   RUNS=1000000       executions of each harness
#   SECONDS_EACH=7200  at most
#   OUT=build/fuzz-out the corpus that grows, the log and what was found of each harness; a second run goes on from there
# Fails when a harness found something. The input then lies in OUT/HARNESS/; mend what is wrong, and copy it to
# tests/fuzz/regressions/HARNESS.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

runs=${RUNS:-1000000}
seconds=${SECONDS_EACH:-7200}
out=${OUT:-$root/build/fuzz-out}
harnesses=("$@")
((${#harnesses[@]})) || harnesses=(csv json archive cif parent)

configure_for_clang
cmake --build "$fuzz_build" --target "${harnesses[@]/#/fuzz_}"

# Files in memory, where there is a place for them.
[[ ! -d /dev/shm ]] || export TMPDIR=/dev/shm
export UBSAN_OPTIONS=print_stacktrace=1

# summary LOG: executions, seconds and edges as libFuzzer says them.
summary() {
  awk '/ cov: / { for (i = 1; i < NF; ++i) if ($i == "cov:") edges = $(i + 1) }
    /^Done / { runs = $2; seconds = $5 }
    END { printf "%s executions, %s s, %s edges\n", runs, seconds, edges }' "$1"
}

found=()
for harness in "${harnesses[@]}"; do
  folder=$out/$harness
  mkdir -p "$folder/corpus"
  options=(-runs="$runs" -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=3000 -verbosity=1 -print_final_stats=1
    -dict="$root/tests/fuzz/$harness.dict" -artifact_prefix="$folder/")
  say "$harness"
  if "$fuzz_build/tests/fuzz/fuzz_$harness" "${options[@]}" "$folder/corpus" "$root/tests/fuzz/seeds/$harness" \
    "$root/tests/fuzz/regressions/$harness" >"$folder/log.txt" 2>&1; then
    printf '%-8s %s\n' "$harness" "$(summary "$folder/log.txt")"
  else
    tail -n 40 "$folder/log.txt"
    found+=("$harness")
  fi
done
if ((${#found[@]})); then
  say "found something: ${found[*]}"
  exit 1
fi
