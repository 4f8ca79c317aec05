#!/usr/bin/env bash
# install.sh BUILD OUT: installs a build and links ionsift::learn from a project outside.
set -euo pipefail
build=$1 out=$2
rm -rf "$out"
cmake --install "$build" --prefix "$out/prefix" >/dev/null
for file in bin/ionsift share/man/man1/ionsift.1 share/bash-completion/completions/ionsift \
  share/zsh/site-functions/_ionsift share/fish/vendor_completions.d/ionsift.fish share/ionsift/inputs/members.json \
  include/ionsift/learn/ensemble.hpp; do
  [[ -s $out/prefix/$file ]] || { echo "not installed: $file"; exit 1; }
done
"$out/prefix/bin/ionsift" --version

# Nothing of the source or the build may be needed.
if grep -rl --include='*.cmake' -e "$(cd "$build" && pwd)" "$out/prefix"; then
  echo "installed files name the build's folder"
  exit 1
fi
cmake -S "$(dirname "$0")/consumer" -B "$out/consumer" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_PREFIX_PATH="$out/prefix" >"$out/configure.log" 2>&1 || { cat "$out/configure.log"; exit 1; }
cmake --build "$out/consumer" >"$out/build.log" 2>&1 || { cat "$out/build.log"; exit 1; }
"$out/consumer/consumer" | tee "$out/said"
grep -q "^ionsift [0-9.]*, libtorch .* HDF5 .* ranks: 1" "$out/said"
