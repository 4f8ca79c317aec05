#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Another distribution in a folder: makes it, builds this commit there, runs tests and the demonstration, and prints the line of
# docs/platforms.md. Needs root (chroot), debootstrap and a mirror of Debian; takes 20 minutes or more. Not in every CI run.
#
#   jobs/check-platforms.sh [SUITE] [FOLDER]       trixie (Debian 13) in /var/tmp/ionsift-SUITE; a folder that is there is used again
#
# Environment: MIRROR (http://deb.debian.org/debian); MPI (openmpi, or mpich); JOBS (cores); CTEST, arguments of ctest (-LE nightly);
# DATA, the folder of the real data, for the tests that need it; PATIENCE, by which the tests' time limits are multiplied on a machine that
# does other things as well (1); CMAKE, further arguments of cmake; COLD=1, nothing of an earlier compilation is used again; TABLE, the candidates.csv of a
# demonstration elsewhere, with which this one's is compared.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
suite=${1:-trixie}
folder=${2:-/var/tmp/ionsift-$suite}
mpi=${MPI:-openmpi}
# nproc alone would answer with OMP_NUM_THREADS.
jobs=${JOBS:-$(env -u OMP_NUM_THREADS nproc)}
say() { printf '\n== %s\n' "$*" >&2; }

((EUID == 0)) || { say "chroot needs root"; exit 1; }
command -v debootstrap >/dev/null || { say "there is no debootstrap: apt-get install debootstrap"; exit 1; }
[[ -e $folder/etc/debian_version ]] || {
  say "making $suite in $folder"
  debootstrap --variant=minbase "$suite" "$folder" "${MIRROR:-http://deb.debian.org/debian}" >"$folder.log"
}

mounted=()
leave() {
  local place
  for place in "${mounted[@]}"; do umount "$place" || true; done
}
trap leave EXIT
for place in proc sys dev dev/pts dev/shm; do
  # The last is left first.
  mountpoint -q "$folder/$place" || { mount --bind "/$place" "$folder/$place" && mounted=("$folder/$place" "${mounted[@]}"); }
done
cp /etc/resolv.conf "$folder/etc/"

# The commit, as an archive of the source that a user unpacks.
commit=$(git -C "$root" rev-parse --short HEAD)
rm -rf "$folder/source"
mkdir -p "$folder/source"
git -C "$root" archive --format=tar HEAD | tar -x -C "$folder/source"

if [[ -n ${DATA:-} ]]; then
  mkdir -p "$folder/data"
  mountpoint -q "$folder/data" || { mount --bind -o ro "$DATA" "$folder/data" && mounted=("$folder/data" "${mounted[@]}"); }
fi

inside() { # COMMAND ...: with nothing of this machine but its proxies
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive CCACHE_DIR=/ccache ${COLD:+CCACHE_RECACHE=1} \
    http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" OMP_NUM_THREADS=1 ${DATA:+IONSIFT_DATA=/data} chroot "$folder" "$@"
}
say "packages"
# What jobs/lib.sh installs, with the MPI asked for; and what tests need.
mapfile -t packages < <(source "$root/jobs/lib.sh" && printf '%s\n' "${packages[@]}")
packages+=(catch2 hdf5-tools python3 python3-h5py python3-pandas python3-xxhash python3-openpyxl strace dpkg-dev)
choice=()
if [[ $mpi == mpich ]]; then
  mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sed 's/^libopenmpi-dev$/libmpich-dev/; s/^openmpi-bin$/mpich/; s/^libhdf5-openmpi-dev$/libhdf5-mpich-dev/')
  choice=(-DMPI_CXX_COMPILER=mpicxx.mpich -DMPIEXEC_EXECUTABLE=/usr/bin/mpiexec.mpich -DHDF5_ROOT=/usr/lib/x86_64-linux-gnu/hdf5/mpich)
fi
inside apt-get update -qq
inside apt-get install -y -qq --no-install-recommends "${packages[@]}" >"$folder.apt.log"

say "building"
build=/build/$mpi
# Seconds of the clock, and of the processor, which count where others use the machine too.
TIMEFORMAT='%R %U %S'
build_all() {
  # shellcheck disable=SC2086 # several arguments
  inside cmake -S /source -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DIONSIFT_BUILD_TESTS=ON -DIONSIFT_UNITY=ON -DIONSIFT_WERROR=ON \
    "${choice[@]}" ${CMAKE:-} &&
    inside cmake --build "$build" -j "$jobs" -- -k 0 # all that fails at once
}
inside ccache --zero-stats >/dev/null
{ time build_all >"$folder.build.log" 2>&1; } 2>"$folder.build.seconds" || { grep -E 'error|FAILED' "$folder.build.log" | head -n 40; exit 1; }
read -r clock user system <"$folder.build.seconds"
hits=$(inside ccache --print-stats | awk '/^(direct|preprocessed)_cache_hit/ { sum += $2 } END { print sum + 0 }')
seconds="$(awk -v u="$user" -v s="$system" -v c="$clock" 'BEGIN { printf "%.0f s of processor, %.0f s of clock", u + s, c }')"
((hits == 0)) || seconds+=", $hits compilations from the cache"

say "tests"
[[ ${PATIENCE:-1} == 1 ]] ||
  find "$folder$build" -name CTestTestfile.cmake -exec perl -pi -e 's/(TIMEOUT "?)(\d+)/$1.$2*'"$PATIENCE"'/ge' {} +
# shellcheck disable=SC2086
inside ctest --test-dir "$build" --output-on-failure --no-tests=error -j "$jobs" ${CTEST:--LE nightly} >"$folder.tests.log" || true
tests=$(grep -E 'tests passed' "$folder.tests.log" || echo "no summary: $folder.tests.log")
grep -E '^\s+[0-9]+ - ' "$folder.tests.log" || true

say "demonstration"
start=mpirun
[[ $mpi != mpich ]] || start=mpiexec.mpich
inside env IONSIFT_BUILD="$build" IONSIFT_MPIEXEC=$start RANKS=2 /source/jobs/demonstration.sh "/build/demonstration-$mpi" >"$folder.demonstration.log" 2>&1 ||
  { tail -n 20 "$folder.demonstration.log"; exit 1; }
candidates=$folder/build/demonstration-$mpi/screen/candidates.csv
table="cksum $(cksum <"$candidates")"
[[ -z ${TABLE:-} ]] || { cmp "$TABLE" "$candidates" && table="equal to that of $TABLE" || table="differs from that of $TABLE"; }

inside "$build/ionsift" --version
printf '| %s, %s | %s | %s | %s | %s | candidates.csv: %s | %s |\n' "$suite" "$mpi" \
  "$(inside "$build/ionsift" --version | sed -nE 's/^(compiler|MPI|HDF5|libtorch) +//p' | paste -sd';')" "$commit" "$seconds" "$tests" "$table" "$(date -u +%F)"
