#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# kills.sh IONSIFT PARENT COMMAND RANKS OTHER KILLS SEED OUT: COMMAND (featurizing, training, tuning, screening) on RANKS ranks is
# killed (SIGKILL) at random moments, KILLS times in total; sometimes the run that resumes it is killed as well.
# Partial output is never taken for a complete result, and OTHER ranks, or RANKS, resume to the result of an undisturbed run.
set -euo pipefail
binary=$1 parent=$2 command=$3 ranks=$4 other=$5 kills=$6 seed=$7 out=$8
# shellcheck source=tests/trust/trust_lib.sh
source "$(dirname "$0")/trust_lib.sh"
fresh
prepare "$command"
RANDOM=$seed

begin=$(milliseconds)
"$command" "$out/whole" start "$ranks"
ended 0
duration=$(($(milliseconds) - begin))

# kill_run: kills one rank, all ranks, or all with their launcher; none survives.
kill_run() {
  local pids=() i
  mapfile -t pids < <(ls "$out/pids")
  case $((RANDOM % 3)) in
    0) ((${#pids[@]} == 0)) || kill -KILL "${pids[RANDOM % ${#pids[@]}]}" 2>/dev/null || true ;;
    1) ((${#pids[@]} == 0)) || kill -KILL "${pids[@]}" 2>/dev/null || true ;;
    2) kill -KILL "$job" "${pids[@]}" 2>/dev/null || true ;;
  esac
  ((${#pids[@]} > 0)) || kill -KILL "$job" 2>/dev/null || true
  for ((i = 0; i < 1000; ++i)); do # ranks without a launcher end by themselves, or here
    mapfile -t pids < <(ls "$out/pids")
    alive "${pids[@]}" || break
    ((i < 100)) || kill -KILL "${pids[@]}" 2>/dev/null || true
    sleep 0.01
  done
  wait "$job" 2>/dev/null || true
}
alive() {
  local pid
  for pid in "$job" "$@"; do
    [[ -e /proc/$pid && $(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null) != Z ]] && return 0
  done
  return 1
}

declare -A found=()
killed=0 rounds=0 continued=0 equal=0
while ((killed < kills)); do
  here=$out/round-$((rounds += 1))
  for ((chain = 0; killed < kills && chain < 3 && (chain == 0 || RANDOM % 3 == 0); ++chain)); do
    "$command" "$here" start "$ranks"
    delay=$((duration * (RANDOM % 1000) / 1000))
    sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
    kill_run
    : $((killed += 1))
    now=$(stage "$command" "$here")
    found[$now]=$((${found[$now]:-0} + 1))
    no_half "$command" "$here" || fail "round $rounds: the output of a killed run passes for a complete result ($now)"
    [[ $now != whole ]] || break
  done
  if [[ $now == whole ]]; then
    same "$command" "$here" || fail "round $rounds: killed at its very end, and the result differs"
    : $((equal += 1))
  fi
  # A finished ensemble is not trained again.
  if [[ $now != whole || $command != training ]]; then
    "$command" "$here" run $((RANDOM % 2 ? ranks : other))
    : $((continued += 1))
    same "$command" "$here" || fail "round $rounds: the result differs ($now)"
    [[ $now == whole ]] || : $((equal += 1))
    for rest in "$here"/*.partial* "$here"/*/*.partial* "$here"/*.lock "$here"/*/run.lock "$here"/*/*.state.h5; do
      [[ ! -e $rest || $rest == *.partial.[0-9]* ]] || fail "round $rounds: $rest is left behind"
    done
  fi
  rm -rf "$here"
done
for name in "${!found[@]}"; do
  summary=${summary:-}${summary:+, }"$name ${found[$name]}"
done
echo "$command on $ranks ranks, continued by $ranks or $other: $killed kills ($summary) in $rounds rounds," \
  "$continued continued, $equal equal to the undisturbed run of $duration ms" | tee "$out/counts"
((equal == rounds)) || fail "not all are equal"
