#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# hindrances.sh IONSIFT PARENT WHAT OUT: other faults that interrupt runs. WHAT is a function below.
set -euo pipefail
binary=$1 parent=$2 what=$3 out=$4
# shellcheck source=tests/trust/trust_lib.sh
source "$(dirname "$0")/trust_lib.sh"

# A folder that must not be written to: refused with a reason, on one rank and on two, and not changed.
read_only() {
  local as=() place=$out/protected command before status ranks
  if ((EUID == 0)); then # permissions do not restrict root
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    chmod -R a+rX "$out"
    "${as[@]}" "$binary" --version >/dev/null 2>&1 || as=()
  fi
  for command in featurizing training tuning screening; do
    prepare "$command"
    mkdir -p "$place/here"
    chmod -R a+rX "$out"
    chmod a-w "$place/here"
    if ((EUID == 0 && ${#as[@]} == 0)); then
      mount --bind "$place" "$place" && mount -o remount,ro,bind "$place" ||
        skip "root, another user cannot run the program from here, and nothing can be mounted"
    fi
    before=$(find "$place" | sort)
    for ranks in 1 2; do
      status=0
      "$command" "$place/here" protected "$ranks" || status=$?
      ((status == 1)) || fail "$command on $ranks ranks: exit status $status instead of 1"
      named || fail "$command on $ranks ranks: no reason is given"
      grep -qE "denied|Read-only|permission" "$out/log" || fail "$command: another reason is given"
      [[ $(find "$place" | sort) == "$before" ]] || fail "$command: the folder has changed"
    done
    ((EUID != 0 || ${#as[@]} > 0)) || umount "$place"
    rm -rf "$place"
  done
}
protected() { # RANKS ARGUMENT...
  local ranks=$1 launcher=()
  ((ranks == 1)) || launcher=(${IONSIFT_MPIEXEC:-mpirun} -n "$ranks")
  (
    cd /
    HOME=/tmp exec "${as[@]}" "${launcher[@]}" "$binary" "${@:2}"
  ) >"$out/log" 2>&1
}

# Input files are removed while they are read: each becomes a structure or an entry of the failure list.
vanished() {
  local gone=0 file ranks
  prepare featurizing
  featurizing "$out/whole" run 1
  for ranks in 1 2; do
    rm -rf "$out/in"
    many_structures 10
    featurizing "$out/np$ranks" start "$ranks"
    wait_until exists "$out/np$ranks/S.h5.partial.d/*"
    for file in "$out"/in/9-*.cif "$out"/in/8-*.cif; do
      rm "$file"
    done
    ended 0
    gone=$(grep -c ',missing,' "$out/np$ranks/S.failures.csv" || true)
    ((gone > 0)) || fail "all files had been read before they vanished"
    run 1 verify --store "$out/np$ranks/S.h5"
    read -r structures failures < <(sed -nE 's/^ *"structures": ([0-9]+).*/\1/p; s/^ *"failures": ([0-9]+).*/\1/p' \
      "$out/np$ranks/S.run.json" | sort -rn | paste -sd' ')
    ((structures + failures == 1190)) || fail "$structures structures and $failures failures of 1190 files"
    # Once they are back, the store is updated.
    many_structures 10
    featurizing "$out/np$ranks" run "$ranks"
    h5diff --exclude-path /releases --exclude-path /gone --exclude-path /structures/release \
      --exclude-path /structures/origin_checksum --exclude-path /blocks/checksum "$out/whole/S.h5" "$out/np$ranks/S.h5" || fail "the store differs"
    echo "$ranks ranks: $gone of 1190 files vanished and are in the list of failures"
  done
}

# Two runs with one output: the second is refused and names the first. Locks of runs that have ended are ignored.
two_runs() {
  local command lock content
  for command in featurizing training tuning screening; do
    rm -rf "$out/in" "$out/ensemble" "$out/whole"
    prepare "$command"
    "$command" "$out/whole" run 1
    "$command" "$out/$command" start 2
    lock=$out/$command/$(case $command in
      featurizing) echo S.h5.lock ;;
      training) echo ensemble/run.lock ;;
      tuning) echo search/run.lock ;;
      screening) echo screening/run.lock ;;
    esac)
    wait_until lines 1 host "$lock"
    signal STOP # the first must not finish before the second begins
    mv "$out/pids" "$out/first.pids"
    content=$(<"$lock")
    [[ $content == *"\"host\":\"$(uname -n)\""* && $content == *'"pid":'* ]] || fail "the lock does not name its owner"
    mv "$out/log" "$out/first.log"
    "$command" "$out/$command" refused 1 "is held by another run.*$(uname -n)"
    named || fail "$command: no reason"
    mv "$out/first.pids" "$out/pids"
    signal CONT
    ended 0
    same "$command" "$out/$command" || fail "$command: the first run was disturbed"
    [[ ! -e $lock ]] || fail "the lock was not removed"

    for content in '' '{"host":"' "{\"host\":\"$(uname -n)\",\"pid\":999999}" '{"host":"gone","pid":1}' '{"host":3,"pid":"x"}'; do
      rm -rf "$out/stale"
      mkdir -p "$(dirname "${lock/$command/stale}")"
      printf '%s' "$content" >"${lock/$command/stale}"
      "$command" "$out/stale" run 2
      same "$command" "$out/stale" || fail "$command: with the lock '$content', the result differs"
    done
  done
}

# Wrong clocks: files from the future, and a run whose clock is years behind the run that it resumes.
clocks() {
  local command past=()
  if command -v faketime >/dev/null; then
    past=(env FAKETIME_DONT_FAKE_MONOTONIC=1 faketime '2001-01-01 00:00:00')
  else
    echo "not tried: there is no faketime here"
  fi
  earlier() { # RANKS ARGUMENT...
    "${past[@]}" "$binary" "${@:2}" >"$out/log" 2>&1 || fail "ionsift ${*:2} failed"
  }
  for command in featurizing training tuning screening; do
    rm -rf "$out/in" "$out/ensemble" "$out/whole"
    prepare "$command"
    "$command" "$out/whole" run 1
    "$command" "$out/$command" start 2
    wait_until started "$command" "$out/$command"
    signal KILL
    ended any
    find "$out" -exec touch -d 2099-01-01 {} +
    "$command" "$out/$command" earlier 1
    same "$command" "$out/$command" || fail "$command: the result differs"
    if [[ $command == featurizing ]]; then # a release older than the previous one
      rm "$out"/in/3-*.cif
      featurizing "$out/$command" earlier 1
      grep -q '"gone": 119' "$out/$command/S.run.json" || fail "the update did not find the removed structures"
      run 1 verify --store "$out/$command/S.h5"
    fi
  done
}
started() { [[ ! $(stage "$@") =~ ^(before|begun)$ ]]; }

# SIGTERM while all ranks write: no store, and the same command resumes.
terminated() {
  local size k
  prepare featurizing
  featurizing "$out/whole" run 2
  size=$(stat -c %s "$out/whole/S.h5")
  # The ranks' own records; the store itself is written when all of them are complete.
  records() { { find "$out/here/S.h5.partial.d" -type f -printf "%s\n" 2>/dev/null || true; } | awk '{ sum += $1 } END { print sum + 0 }'; }
  grown() { (($(records) > $1)); }
  for k in 1 2 3 4 5 6; do
    rm -rf "$out/here"
    featurizing "$out/here" start $((2 + k % 2))
    wait_until grown $((size * k / 16))
    if ((k % 2)); then signal TERM; else signal TERM first; fi
    ended any
    [[ ! -e $out/here/S.h5 ]] || fail "an interrupted run left a store"
    no_half featurizing "$out/here" || fail "the partial output passes for a complete store"
    featurizing "$out/here" run $((1 + k % 3))
    same featurizing "$out/here" || fail "the store differs"
  done
}

fresh
"$what"
echo "$what: as expected"
