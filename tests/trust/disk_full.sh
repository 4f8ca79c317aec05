#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# disk_full.sh IONSIFT PARENT HOW OUT: no room for the output. HOW is limit (the size of files is limited;
# always possible) or tmpfs (a small file system; skipped if mounting is not allowed). The run fails with a reason, no
# partial output passes for a result, and with room the same command resumes to the result of an undisturbed run.
set -euo pipefail
binary=$1 parent=$2 how=$3 out=$4
# shellcheck source=tests/trust/trust_lib.sh
source "$(dirname "$0")/trust_lib.sh"
small=$out/small
# Remains of a test that was killed.
! mountpoint -q "$small" || umount "$small"
fresh
mkdir "$small"
if [[ $how == tmpfs ]]; then
  mount -t tmpfs -o size=64k none "$small" 2>"$out/log" || skip "nothing can be mounted: $(<"$out/log")"
  umount "$small"
fi

# squeezed KIB RANKS ARGUMENT...: a run with room for KIB only.
squeezed() {
  local room=$1 ranks=$2 launcher=() status=0
  # One rank without a launcher starts a daemon of Open MPI, which the limit would kill.
  [[ $2 == 1 && $how == tmpfs ]] || launcher=(${IONSIFT_MPIEXEC:-mpirun} -n "$2")
  shift 2
  if [[ $how == tmpfs ]]; then
    "${launcher[@]}" "$binary" "$@" >"$out/log" 2>&1 || status=$?
  else
    # Only for the ranks: the launcher has its own files, and so have ranks that share memory.
    # Open MPI 5 cannot reach every machine at its own address, but it reaches lo.
    # shellcheck disable=SC2016 # expanded by that shell
    OMPI_MCA_btl=self,tcp OMPI_MCA_btl_tcp_if_include=lo OMPI_MCA_osc=^sm OMPI_MCA_coll=^sm "${launcher[@]}" \
      bash -c 'ulimit -f "$0"; exec "$@"' "$room" "$binary" "$@" >"$out/log" 2>&1 || status=$?
  fi
  ((status == 1)) || fail "without room: exit status $status instead of 1 (ionsift $1)"
  named || fail "without room: no reason is given (ionsift $1)"
  grep -qE "space|too large|full" "$out/log" || fail "without room: another reason is given (ionsift $1)"
}

# fill COMMAND KIB RANKS
fill() {
  local command=$1 room=$2 ranks=$3
  rm -rf "${small:?}"/*
  [[ $how != tmpfs ]] || mount -t tmpfs -o "size=${room}k" none "$small"
  "$command" "$small/here" squeezed "$room" "$ranks"
  [[ $(stage "$command" "$small/here") != whole ]] || fail "$command: a complete result without room"
  no_half "$command" "$small/here" || fail "$command: the partial output passes for a complete result"
  [[ $how != tmpfs ]] || mount -o remount,size=64m "$small"
  "$command" "$small/here" run "$ranks"
  same "$command" "$small/here" || fail "$command: with room again, the result differs"
  [[ $how != tmpfs ]] || umount "$small"
  : $((cases += 1))
}

cases=0
trap '[[ $how != tmpfs ]] || umount "$small" 2>/dev/null || true' EXIT
for command in featurizing training tuning screening; do
  rm -rf "$out/whole" "$out/in" "$out/ensemble"
  prepare "$command"
  "$command" "$out/whole" run 1
  for room in $(case $command in
    featurizing) echo 64 1024 ;;
    training) echo 8 40 ;;
    tuning) echo 4 ;;
    screening) echo 16 256 ;;
  esac); do
    for ranks in 1 2; do
      fill "$command" "$room" "$ranks"
    done
  done
done
echo "$cases runs without room ($how), each continued to the same result"
