#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What compilers and plain tests do not see (docs/contributing.md): for developers, before a release.
#   jobs/check-code.sh [STEP...]
#     lint       cppcheck and clang-tidy over src and include
#     sanitize   all tests in a build with the address and undefined-behaviour sanitizers, which counts lines, too
#     coverage   lines that the tests of `sanitize` reached, by stage
#     valgrind   featurize, train and screen of the golden inputs under memcheck
# Without steps: all of them. Hours on two cores: sanitizers make everything some five times slower.
#   TESTS='-L unit'  further arguments of ctest
#   OUT=build/checks logs and tables
set -euo pipefail
source "$(dirname "$0")/lib.sh"

out=${OUT:-$root/build/checks}
checked=$root/build/checked
checks=$root/tests/checks
steps=("$@")
((${#steps[@]})) || steps=(lint sanitize coverage valgrind)
mkdir -p "$out"

# A sanitizer that ends the process is a test that failed. What MPI and libtorch leave at the end is theirs; libtorch is not
# compiled with sanitizers, so containers that it fills look overrun. 99 is the exit status of none of our errors, which tests may expect.
export ASAN_OPTIONS=detect_leaks=0:detect_container_overflow=0:detect_odr_violation=0:allocator_may_return_null=1:exitcode=99
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1:exitcode=99

step_lint() {
  packages+=(cppcheck clang-tidy)
  install_packages
  (cd "$root" && cppcheck --enable=warning,performance,portability --std=c++20 --inline-suppr --quiet --error-exitcode=1 \
    --suppressions-list="$checks/cppcheck.suppressions" -I include -I src src include) 2>&1 | tee "$out/cppcheck.txt"
  # GCC's options and gemmi's headers as they are are not for clang.
  configure_for_clang
  cmake --build "$fuzz_build" --target ionsift_base
  printf '%s\n' "$root"/src/*/*.cpp |
    xargs -P "$(nproc)" -n 4 clang-tidy -p "$fuzz_build" --quiet --warnings-as-errors='*' >"$out/clang-tidy.txt" 2>"$out/clang-tidy.err" ||
    { grep -E 'error:' "$out/clang-tidy.txt" | sort -u | tail -n 40; return 1; }
  echo "clang-tidy: nothing" | tee -a "$out/clang-tidy.txt"
}

step_sanitize() {
  install_packages
  cmake -S "$root" -B "$checked" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="-O1 -g1 --coverage -fprofile-abs-path" \
    -DIONSIFT_SANITIZE=address,undefined -DIONSIFT_BUILD_TESTS=ON -DIONSIFT_WERROR=OFF >/dev/null
  cmake --build "$checked"
  find "$checked" -name '*.gcda' -delete
  # Tests state how long they may take without sanitizers.
  find "$checked" -name CTestTestfile.cmake -exec sed -i -E 's/TIMEOUT "[0-9]+"/TIMEOUT "3000"/' {} +
  # Not those of what is written (counted lines are) and of programs that link to us without sanitizers.
  # shellcheck disable=SC2086 # several arguments
  (cd "$checked" && ctest --output-on-failure --timeout 3000 -E '^(cli.sandbox|package.install)$' -j "$(env -u OMP_NUM_THREADS nproc)" ${TESTS:-} | tee "$out/sanitize.txt")
}

step_coverage() {
  packages+=(gcovr)
  install_packages
  gcovr --root "$root" --filter "$root/src/" --filter "$root/include/" --exclude-throw-branches --json-summary "$out/coverage.json" \
    "$checked/src" "$checked/tests" >/dev/null
  python3 "$checks/coverage_by_stage.py" "$out/coverage.json" | tee "$out/coverage.txt"
}

step_valgrind() {
  packages+=(valgrind)
  install_packages
  require_built ionsift
  local golden=$root/tests/golden run=$out/valgrind
  rm -rf "$run"
  mkdir -p "$run"
  parent=${PARENT:-$(find "$build/tests" -name 'random-parent.hdf5' | head -n 1)}
  memcheck() {
    valgrind --error-exitcode=99 --quiet --num-callers=30 --suppressions=/usr/share/openmpi/openmpi-valgrind.supp \
      --suppressions="$checks/valgrind.suppressions" --log-file="$run/$1.txt" "$build/ionsift" "$@" --quiet ||
      { tail -n 40 "$run/$1.txt"; return 1; }
  }
  memcheck featurize --input "$golden/labelled" --parent "$parent" --store "$run/labelled.h5"
  memcheck train --store "$run/labelled.h5" --labels "$golden/labels.csv" --split "$golden/split.csv" \
    --members "$golden/members.json" --ensemble "$run/ensemble"
  memcheck screen --store "$run/labelled.h5" --reference "$run/labelled.h5" --ensemble "$run/ensemble" --min-probability 0 \
    --out "$run/screen"
  echo "valgrind: nothing" | tee "$out/valgrind.txt"
}

for step in "${steps[@]}"; do
  [[ $(type -t "step_$step") == function ]] || { say "there is no step '$step'; the steps are lint, sanitize, coverage, valgrind"; exit 2; }
done
for step in "${steps[@]}"; do
  say "$step"
  "step_$step"
done
