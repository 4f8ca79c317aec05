#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What each step of featurize and an epoch of training cost, and how that compares with the Python way
# (docs/performance.md).
#
#   jobs/bench.sh [steps] [python] [candidates] [training]        all where none is named; about ten minutes on two cores
#
# steps       each step on OBELiX (four representations, V0..V3) and on every 20th candidate, beside the rate of matrix
#             products
# python      OBELiX from CIF bytes to stored features by pymatgen and numpy and by ionsift, in turns, on one core with one
#             thread; needs python3-pymatgen, python3-h5py and python3-numpy, and says so where they are missing
# candidates  all candidates, CAMNS V1 and predicted band gaps, on one rank and on two, in turns
# training    an epoch of the faithful AtomSets on OBELiX's training set, beside the floor of its arithmetic and, in turns, beside
#             PyTorch (python3-torch, python3-h5py), which gets the same settings of malloc and once none, as users run it
#
# Results go to $OUT (default outputs/bench). CORE (default 0) is the core that single processes are pinned to; SLICES
# (default 4) in how many turns Python takes OBELiX; SAMPLE (default 1) has Python take only one file of so many, for a
# quick look; TURNS (default 2) how often the candidates are done.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

require_data
out=${OUT:-$outputs/bench}
core=${CORE:-0}
bench=$build/ionsift-bench
python=${PYTHON:-/usr/bin/python3}
formation=$data/models/formation_energy-mp-2019.4.1.hdf5
gap=$data/models/band_gap_regression-mp-2018.6.1.hdf5
obelix=$data/data/obelix/cifs
candidates=$data/data/candidates/materials-project-li.tar.gz
mkdir -p "$out"
require_built ionsift-bench -DIONSIFT_BUILD_BENCH=ON
require_built ionsift
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
pinned() { taskset -c "$core" "$@"; }

bench_steps() {
  say "steps: OBELiX, four representations, V0..V3"
  pinned "$bench" --sections products,steps --input "$obelix" --parent "$formation" --passes 7 \
    --json "$out/steps-obelix.json"
  say "steps: candidates, CAMNS V1"
  pinned "$bench" --sections steps --input "$candidates" --parent "$formation" --representation CAMNS --levels 1 \
    --every 20 --passes 5 --json "$out/steps-candidates.json"
  say "steps: candidates, the band gap's parent"
  pinned "$bench" --sections steps --input "$candidates" --parent "$gap" --representation CAMN --levels 1 --prediction \
    --every 20 --passes 5 --json "$out/steps-gaps.json"
}

# in_turns NAME SLICES OF REPRESENTATIONS LEVELS DEPTH: Python on slice after slice of OBELiX (one file of OF), ionsift on
# all of it between them; then Python once more in double precision, which is what the features are judged by.
in_turns() {
  local name=$1 slices=$2 of=$3 representations=$4 levels=$5 depth=$6 slice
  local store=$out/$name.h5 ours=() theirs=() exact=()
  # yardstick SLICE PRECISION RESULT
  yardstick() {
    pinned "$python" "$root/tests/bench/python_pipeline.py" --cifs "$obelix" --weights "$formation" --store "$store" \
      --out "$out/$name-python.h5" --every "$of" --offset "$1" --representations "$representations" \
      --depth "$depth" --precision "$2" >"$3"
  }
  for ((slice = 0; slice < slices; ++slice)); do
    pinned "$bench" --sections pipeline --input "$obelix" --parent "$formation" --representation "$representations" \
      --levels "$levels" --passes 5 --store "$store" --json "$out/$name-ionsift-$slice.json" >/dev/null
    ours+=("$out/$name-ionsift-$slice.json")
    yardstick "$slice" float32 "$out/$name-python-$slice.json" || {
      say "ionsift alone: Python lacks a package"
      theirs=()
      break
    }
    theirs+=("$out/$name-python-$slice.json")
  done
  for ((slice = 0; slice < ${#theirs[@]}; ++slice)); do
    yardstick "$slice" float64 "$out/$name-exact-$slice.json"
    exact+=("$out/$name-exact-$slice.json")
  done
  "$python" "$root/tests/bench/compare.py" --ionsift "${ours[@]}" --python "${theirs[@]}" --exact "${exact[@]}" --json "$out/$name.json"
}

bench_python() {
  local slices=${SLICES:-4} of
  of=$((slices * ${SAMPLE:-1}))
  say "Python and ionsift in turns: OBELiX, four representations, V0..V3"
  in_turns four-representations "$slices" "$of" CAMN,CAN,CAMNS,CANS 0,1,2,3 3
  say "Python and ionsift in turns: OBELiX, CAMNS, V0 and V1"
  in_turns camns-v1 2 $((2 * of)) CAMNS 0,1 1
}

bench_candidates() {
  local turn n
  for ((turn = 0; turn < ${TURNS:-2}; ++turn)); do
    for n in 1 2; do
      say "candidates, CAMNS V1 and band gaps, ranks: $n"
      "${launcher[@]}" -n "$n" "$bench" --sections pipeline --input "$candidates" --parent "$formation" --representation CAMNS \
        --levels 1 --gap-parent "$gap" --passes 1 --store "$out/candidates.h5" --json "$out/candidates-$n-$turn.json"
    done
  done
  "$python" "$root/tests/bench/compare.py" --one "$out"/candidates-1-*.json --two "$out"/candidates-2-*.json \
    --json "$out/candidates.json"
}

bench_training() {
  local store=$out/training.h5 turn ours=() theirs=() plain=$out/training-python-plain.json
  local tables=(--labels "$data/data/obelix/labels.csv" --split "$data/data/obelix/split.csv")
  "$build/ionsift" featurize --input "$obelix" --parent "$formation" --store "$store" --overwrite >/dev/null
  yardstick() {
    pinned "$python" -W ignore "$root/tests/bench/python_training.py" --store "$store" "${tables[@]}" "$@"
  }
  for ((turn = 0; turn < ${TURNS:-2}; ++turn)); do
    say "training: ionsift, then PyTorch"
    ours+=("$out/training-ionsift-$turn.json")
    pinned "$bench" --sections training --store "$store" "${tables[@]}" --members "$root/inputs/bench-training.json" \
      --json "${ours[-1]}"
    theirs+=("$out/training-python-$turn.json")
    # What ionsift sets for itself: freed memory is kept. By default PyTorch spends most of its time on fresh pages.
    MALLOC_MMAP_THRESHOLD_=536870912 MALLOC_TRIM_THRESHOLD_=536870912 MALLOC_TOP_PAD_=16777216 \
      yardstick >"${theirs[-1]}" || {
      say "ionsift alone: Python lacks a package"
      theirs=()
      break
    }
  done
  if ((${#theirs[@]})); then
    say "training: PyTorch as it comes"
    yardstick --epochs 5 >"$plain"
    theirs+=("$plain")
  fi
  "$python" "$root/tests/bench/compare.py" --ionsift-training "${ours[@]}" --python-training "${theirs[@]}" \
    --json "$out/training.json"
}

(($#)) || set -- steps python candidates training
for section in "$@"; do
  case $section in
  steps | python | candidates | training) "bench_$section" ;;
  *)
    say "there is no section '$section': steps, python, candidates or training"
    exit 2
    ;;
  esac
done
say "results are in $out"
