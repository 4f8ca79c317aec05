#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# install.sh ROOT BUILD OUT: installs a build, follows the links of its documents, and links ionsift::learn and ionsift::crystal from a project
# outside.
set -euo pipefail
root=$1 build=$2 out=$3
rm -rf "$out"
cmake --install "$build" --prefix "$out/prefix" >/dev/null
for file in bin/ionsift share/man/man1/ionsift.1 share/bash-completion/completions/ionsift \
  share/zsh/site-functions/_ionsift share/fish/vendor_completions.d/ionsift.fish share/ionsift/inputs/members.json \
  share/ionsift/docs/tutorial.md include/ionsift/crystal/crystal.hpp; do
  [[ -s $out/prefix/$file ]] || { echo "not installed: $file"; exit 1; }
done
"$out/prefix/bin/ionsift" --version

# Documents, inputs and scripts have the same relative paths as in the source.
python3 "$root/tests/docs/links.py" "$out/prefix/share/ionsift" || { echo "installed documents have broken links"; exit 1; }
[[ -x $out/prefix/share/ionsift/jobs/demonstration.sh ]] || { echo "not installed: jobs"; exit 1; }

# Nothing of the source or the build may be needed.
if grep -rl --include='*.cmake' -e "$(cd "$build" && pwd)" "$out/prefix"; then
  echo "installed files name the build's folder"
  exit 1
fi

# consumer NAME CMAKE_ARGUMENT...: configures and builds a project that uses the installed ionsift only.
consumer() {
  local name=$1
  cmake -S "$(dirname "$0")/consumer" -B "$out/$name" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$out/prefix" "${@:2}" \
    >"$out/$name.log" 2>&1 || { cat "$out/$name.log"; exit 1; }
  cmake --build "$out/$name" >>"$out/$name.log" 2>&1 || { cat "$out/$name.log"; exit 1; }
}
# With the compiler and the launcher of the build, which belong to one MPI.
same=()
while IFS= read -r line; do same+=("-D$line"); done < <(grep -E '^(MPI_CXX_COMPILER|HDF5_ROOT|CMAKE_CXX_COMPILER|CMAKE_C_COMPILER|Torch_DIR):[A-Z]*=.' "$build/CMakeCache.txt")
if [[ -e $out/prefix/include/ionsift/learn/ensemble/ensemble.hpp && $(grep -c '^IONSIFT_WITH_LEARN:BOOL=OFF' "$build/CMakeCache.txt") == 0 ]]; then
  consumer learn "${same[@]}"
  "$out/learn/consumer" | tee "$out/said"
  grep -q "^ionsift [0-9.]*, libtorch .* HDF5 .* ranks: 1" "$out/said"
fi
# The part that reads crystals needs no libtorch and no Boost, and declares none.
consumer crystal -DCOMPONENT=crystal -DCMAKE_DISABLE_FIND_PACKAGE_Torch=ON -DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON "${same[@]}"
"$out/crystal/consumer" | tee "$out/said"
grep -q "^LiF" "$out/said"
# Missing packages are named, with the package that provides them.
if cmake -S "$(dirname "$0")/consumer" -B "$out/without" -G Ninja -DCMAKE_PREFIX_PATH="$out/prefix" -DCMAKE_DISABLE_FIND_PACKAGE_fmt=ON \
  -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON "${same[@]}" >"$out/without.log" 2>&1; then
  echo "configured without fmt and Eigen"
  exit 1
fi
for word in libfmt-dev libeigen3-dev; do
  grep -q "$word" "$out/without.log" || { cat "$out/without.log"; echo "$word is not mentioned"; exit 1; }
done
