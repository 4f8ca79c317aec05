#!/usr/bin/env bash
# deb.sh ROOT BUILD OUT: packs, and looks into the packages.
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
grep -qE '^./usr/lib/.*libionsift_learn.a$' "$out/development"
if grep -E '\.a$|/include/' "$out/runtime"; then
  echo "the program's package holds parts of the libraries'"
  exit 1
fi
depends=$(dpkg-deb -f "$runtime" Depends)
echo "$depends"
for library in libtorch libhdf5-openmpi libopenmpi libfmt; do
  [[ $depends == *$library* ]] || { echo "the package does not depend on $library"; exit 1; }
done
# What is inside runs.
dpkg-deb -x "$runtime" "$out/root"
"$out/root/usr/bin/ionsift" --version
