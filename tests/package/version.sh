#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# version.sh ROOT IONSIFT OUT: the source of the version and the commit, and the output of --version.
set -euo pipefail
root=$1 binary=$2 out=$3
rm -rf "$out"
mkdir -p "$out/source"
"$binary" --version | tee "$out/said"
for fact in commit compiler MPI HDF5 libtorch BLAS; do
  grep -qE "^$fact +[^ ]" "$out/said" || { echo "--version does not print $fact"; exit 1; }
done

cat >"$out/ask.cmake" <<END
include($root/cmake/IonsiftVersion.cmake)
ionsift_version(version $out/source)
ionsift_commit(commit $out/source)
message("\${version} \${commit}")
END
ask() { cmake -P "$out/ask.cmake" 2>&1; }
is() { [[ $(ask) == "$1" ]] || { echo "expected '$1', found '$(ask)'"; exit 1; }; }
is "0.1.0 unknown"
printf 'commit: 0123456789abcdef0123\ndescribe: v0.7.2-4-g0123456\n' >"$out/source/.git_archival.txt"
is "0.7.2 0123456789ab"
# As in a clone; in an archive git has filled it in.
printf 'commit: $Format:%%H$\ndescribe: $Format:%%(describe:tags=true,match=v[0-9]*)$\n' >"$out/source/.git_archival.txt"
is "0.1.0 unknown"
command -v git >/dev/null || exit 0
git() { command git -C "$out/source" -c user.name=test -c user.email=test@example.org "$@"; }
git init -q && git add . && git commit -qm first
is "0.1.0 $(git rev-parse --short=12 HEAD)"
git tag v1.4.2 && git commit -qm second --allow-empty
is "1.4.2 $(git rev-parse --short=12 HEAD)"
echo changed >"$out/source/.git_archival.txt"
is "1.4.2 $(git rev-parse --short=12 HEAD)-dirty"
