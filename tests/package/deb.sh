#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# deb.sh ROOT BUILD OUT: builds the packages, and checks their contents.
set -euo pipefail
build=$2 out=$3
command -v dpkg-shlibdeps >/dev/null || { echo "skipped: there is no dpkg-dev here"; exit 77; }
rm -rf "$out"
mkdir -p "$out"
(cd "$build" && cpack -G DEB -B "$out" >"$out/log" 2>&1) || { cat "$out/log"; exit 1; }
runtime=$(ls "$out"/ionsift_*.deb) development=$(ls "$out"/libionsift-dev_*.deb)
dpkg-deb -c "$runtime" | awk '{ print $6 }' >"$out/runtime"
dpkg-deb -c "$development" | awk '{ print $6 }' >"$out/development"
for path in bin/ionsift share/man/man1/ionsift.1 share/ionsift/inputs/members.json \
  share/bash-completion/completions/ionsift; do
  grep -qx "./usr/$path" "$out/runtime" || { echo "not in $runtime: $path"; exit 1; }
done
grep -qE '^./usr/lib/.*cmake/ionsift/ionsiftConfig.cmake$' "$out/development"
# The options of this build determine the contents and the dependencies.
last_stage=learn_ensemble
expected=(libfmt)
if grep -q '^IONSIFT_WITH_LEARN:BOOL=ON' "$build/CMakeCache.txt"; then expected+=(libtorch); else last_stage=dataset; fi
if ldd "$build/ionsift" | grep -q libmpich; then mpi=mpich; else mpi=openmpi; fi
expected+=("libhdf5-$mpi" "lib$mpi")
grep -qE "^./usr/lib/.*libionsift_$last_stage.a$" "$out/development"
if grep -E '\.a$|/include/' "$out/runtime"; then
  echo "the program's package holds parts of the libraries'"
  exit 1
fi
depends=$(dpkg-deb -f "$runtime" Depends)
echo "$depends"
for library in "${expected[@]}"; do
  [[ $depends == *$library* ]] || { echo "the package does not depend on $library"; exit 1; }
done
# dpkg refuses a list with an empty item.
depends=$(dpkg-deb -f "$development" Depends)
echo "$depends"
[[ $depends == *"libhdf5-$mpi-dev"* && ! $depends =~ ,[[:space:]]*, ]] || { echo "the libraries' package has wrong dependencies"; exit 1; }
# The packed program runs.
dpkg-deb -x "$runtime" "$out/root"
"$out/root/usr/bin/ionsift" --version
