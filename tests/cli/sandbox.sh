#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# sandbox.sh IONSIFT PARENT GOLDEN OUT: system calls of featurize, screen and report on one process, as seen by strace:
# no connections, no files written outside their output folder, no program started but gnuplot, and permissions as the
# umask sets them. GOLDEN is a golden run, for its ensemble.
set -euo pipefail
binary=$1 parent=$2 run=$3 out=$4
golden=$(cd "$(dirname "$0")/../golden" && pwd)
command -v strace >/dev/null || { echo "skipped: there is no strace"; exit 77; }
strace -o /dev/null true 2>/dev/null || { echo "skipped: strace may not trace here"; exit 77; }
rm -rf "$out"
mkdir -p "$out/in"
fail() { echo "$*" >&2; exit 1; }

# Structures in an archive, with members whose paths lead outside.
cp "$golden"/candidates/*.cif "$out/in"
tar -C "$out/in" -czf "$out/in.tar.gz" --transform 's,^./LiBr,../../../LiBr,' -P .
rm -r "$out/in"

umask 027
mkdir "$out/result"
traced() {
  local name=$1
  shift
  strace -f -y -e trace=network,file,process,openat,open,creat -o "$out/$name.trace" "$binary" "$@" --quiet >"$out/$name.log" 2>&1 ||
    { cat "$out/$name.log"; fail "$name failed"; }
}
traced featurize featurize --input "$out/in.tar.gz" --parent "$parent" --store "$out/result/S.h5"
traced screen screen --store "$out/result/S.h5" --reference "$run/labelled.h5" --ensemble "$run/ensemble" \
  --min-probability 0 --out "$out/result/screen"
pictures=(--no-pictures)
! command -v gnuplot >/dev/null || pictures=()
traced report report --screening "$out/result/screen" --out "$out/result/report" "${pictures[@]}"
grep -q LiBr "$out/result/screen/candidates.csv" || grep -q LiBr "$out/result/S.failures.csv" || fail "the climbing member is lost"

for name in featurize screen report; do
  trace=$out/$name.trace
  [[ $(grep -c openat "$trace") -gt 10 ]] || fail "nothing was traced"
  # Open MPI looks up its own addresses even for one process; nothing may be sent to or connected with a network.
  if grep -E '(connect|sendto|sendmsg|bind)\(' "$trace" | grep -E 'AF_INET' | grep -vE 'inet_addr\("(127\.0\.0\.1|0\.0\.0\.0)"\)|"::1?"'; then
    fail "$name: a connection"
  fi
  # Files of the session of Open MPI or MPICH, in its folder of the temporary ones and in shared memory (semaphores of MPI-IO, too), are
  # not ours.
  if grep -E 'O_WRONLY|O_RDWR|O_CREAT|^[0-9]+ (creat|mkdir|rename|unlink|symlink|link)[a-z0-9]*\(' "$trace" | grep -v ' = -1 ' |
    grep -vE "\"$out/result|\"(/tmp/|/dev/shm/|/run/user/[0-9]+/)(ompi|open_?mpi|pmix|vader|osc_rdma|ucx|psm|prrte|sm_segment\.|mpich_|sem\.)|\"/dev/(null|tty|pts)|\"/proc/|<$out/result"; then
    fail "$name: written elsewhere"
  fi
  if grep 'execve(' "$trace" | grep -v ' = -1 ' | grep -vE "execve\(\"($binary|[^\"]*/(orted|gnuplot|gnuplot-nox|gnuplot_[a-z0-9]*))\""; then
    fail "$name: another program"
  fi
done

wrong=$(find "$out/result" \( -type f ! -perm 640 -o -type d ! -perm 750 \) -printf '%m %p\n')
[[ -z $wrong ]] || fail "permissions other than the umask's: $wrong"
echo "$(find "$out/result" -type f | wc -l) files, all of them in their folder"
