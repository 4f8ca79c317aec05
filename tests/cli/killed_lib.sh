# SPDX-License-Identifier: BSD-3-Clause
# Shared by the tests of killed runs, which set binary, parent and out; not run by itself.
# shellcheck shell=bash disable=SC2154

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
golden=$here/../golden

fail() {
  echo "$*" >&2
  [[ ! -e $out/log ]] || cat "$out/log" >&2
  exit 1
}

# start RANKS ARGUMENT...: ionsift in the background; $job is its launcher, a file in $out/pids each of its ranks.
start() {
  local ranks=$1
  rm -rf "$out/pids"
  mkdir -p "$out/pids"
  # shellcheck disable=SC2016 # expanded by that shell
  ${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" bash -c 'touch "$0/$$"; exec "$@"' "$out/pids" "$binary" "${@:2}" >"$out/log" 2>&1 &
  job=$!
}

# signal NAME [first]: to all ranks, or to the first one.
signal() {
  local pids
  mapfile -t pids < <(ls "$out/pids")
  [[ ${2:-} != first ]] || pids=("${pids[0]}")
  kill -s "$1" "${pids[@]}" || fail "the run ended before signal $1"
}

# wait_until COMMAND...: waits until it succeeds; the run must not end before.
wait_until() {
  for ((i = 0; i < 3000; ++i)); do
    ! "$@" || return 0
    kill -0 "$job" 2>/dev/null || fail "the run ended before: $*"
    sleep 0.01
  done
  fail "timeout while waiting for: $*"
}

# ended STATUS: the run ends, with this status.
ended() {
  local status=0
  wait "$job" || status=$?
  [[ $1 == any || $status == "$1" ]] || fail "exit status $status instead of $1"
}

exists() { compgen -G "$1" >/dev/null; }
# count TEXT FILES: lines that contain TEXT; FILES is a pattern of names.
count() {
  # shellcheck disable=SC2086 # a pattern
  cat $2 2>/dev/null | grep -c "$1" || true
}
# lines NUMBER TEXT FILES: there are at least so many of them.
lines() { [[ $(count "$2" "$3") -ge $1 ]]; }
# all_listen RANKS: all ranks have installed their signal handlers.
all_listen() {
  local pid caught listen=0
  for pid in "$out"/pids/*; do
    caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/${pid##*/}/status" 2>/dev/null || true)
    ((((0x${caught:-0} >> 9) & 1) == 0)) || listen=$((listen + 1)) # SIGUSR1
  done
  ((listen == $1))
}

# run RANKS ARGUMENT...: a run that must succeed.
run() {
  local launcher=(${IONSIFT_MPIEXEC:-mpirun} -n "$1")
  (($1 > 1)) || launcher=() # quicker
  "${launcher[@]}" "$binary" "${@:2}" >"$out/log" 2>&1 || fail "ionsift ${*:2} failed"
}

# refused RANKS TEXT ARGUMENT...: a run that must fail with TEXT.
refused() {
  ! ${IONSIFT_MPIEXEC:-mpirun} -n "$1" "$binary" "${@:3}" >"$out/log" 2>&1 || fail "ionsift ${*:3} was not refused"
  grep -q "$2" "$out/log" || fail "the refusal has no reason"
}

make_store() {
  rm -rf "$out"
  mkdir -p "$out"
  run 1 featurize --input "$golden/labelled" --parent "$parent" --store "$out/S.h5"
}
