# SPDX-License-Identifier: BSD-3-Clause
# Shared by the tests in this folder, which set binary, parent and out; not run by itself.
# shellcheck shell=bash disable=SC2154,SC2034

trust=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/cli/killed_lib.sh
source "$trust/../cli/killed_lib.sh"
inputs=$trust/../../inputs

# skip WHY: for tests that this machine does not allow; ctest shows them as skipped.
skip() {
  echo "skipped: $*"
  exit 77
}

milliseconds() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# named: the last run's log ends in an error of ours, with a reason, and not in a bug or a crash.
named() {
  tr '\n' ' ' <"$out/log" | grep -qE 'ionsift: .*\(.+\)' && ! grep -qE 'bug in ionsift|Segmentation|terminate called' "$out/log"
}

# fresh: an empty folder out.
fresh() {
  rm -rf "$out"
  mkdir -p "$out"
}

# many_structures COPIES: a folder of the demonstration's CIFs, each COPIES times under other names.
many_structures() {
  local copy file text
  mkdir -p "$out/in"
  for file in "$inputs"/demo/labelled/*.cif "$inputs"/demo/unlabelled/*.cif; do
    text=$(<"$file")
    for ((copy = 0; copy < $1; ++copy)); do # without a process for each file
      printf '%s\n' "$text" >"$out/in/$copy-${file##*/}"
    done
  done
}

# The arguments of each command; its output goes to FOLDER. HOW is run, start or "refused RANKS TEXT" with its ranks.

featurizing() { # FOLDER, HOW RANKS...
  local folder=$1
  shift
  mkdir -p "$folder"
  "$@" featurize --input "$out/in" --parent "$parent" --representation CAMN,CAN,CAMNS,CANS --levels 0,1,2,3 --batch 24 \
    --release trust --release-time 2026-01-01T00:00:00Z --store "$folder/S.h5"
}

training() { # FOLDER HOW RANKS...
  local folder=$1
  shift
  "$@" train --store "$out/labelled.h5" --labels "$golden/labels.csv" --split "$golden/split.csv" \
    --members "$out/members.json" --checkpoint-every 0.05 --quiet --ensemble "$folder/ensemble"
}

# All proposals are random and nothing is halved, so that the search has the same result on any number of ranks.
tuning() { # FOLDER HOW RANKS...
  local folder=$1
  shift
  "$@" tune --store "$out/labelled.h5" --labels "$golden/labels.csv" --split "$out/folds.csv" --by fold \
    --space "$golden/space.json" --trials 8 --random-start 8 --best 2 --repeats 2 --grace 200 --epochs 200 --factor 2 \
    --after 5 --window 5 --seeds 2 --quiet --out "$folder/search"
}

screening() { # FOLDER HOW RANKS...
  local folder=$1
  shift
  "$@" screen --store "$out/candidates.h5" --reference "$out/labelled.h5" --ensemble "$out/ensemble" --chunk 4 \
    --gap-parent "$parent" --min-probability 0.3 --min-band-gap -1000 --filters probability,band_gap --quiet \
    --out "$folder/screening"
}

# prepare COMMAND: makes its inputs in the folder out.
prepare() {
  case $1 in
    featurizing) many_structures 10 ;;
    training | tuning)
      run 1 featurize --input "$golden/labelled" --parent "$parent" --store "$out/labelled.h5"
      plan 4 300 >"$out/members.json"
      run 1 split --labels "$golden/labels.csv" --split "$golden/split.csv" --folds 2 --out "$out/folds.csv"
      ;;
    screening)
      run 1 featurize --input "$golden/labelled" --parent "$parent" --store "$out/labelled.h5"
      plan 2 40 >"$out/members.json"
      training "$out" run 1
      many_structures 6
      run 1 featurize --input "$out/in" --parent "$parent" --store "$out/candidates.h5"
      ;;
  esac
}

plan() { # SEEDS EPOCHS
  cat <<END
{"representation": "CAMNS", "level": 1, "seeds": $1, "configurations": [
  {"name": "a", "layers": 2, "width": 32, "readout_hidden": 32, "batch": 4, "epochs": $2, "dropout_before": 0.1},
  {"name": "b", "layers": 1, "width": 48, "readout_hidden": 16, "batch": 4, "epochs": $2, "dropout_after": 0.1}]}
END
}

# stage COMMAND FOLDER: how far a run has come, judged by its files.
stage() {
  local here=$2
  case $1 in
    featurizing)
      if [[ -e $here/S.h5 ]]; then echo whole
      elif exists "$here/S.h5.partial.d/*"; then echo records
      elif [[ -e $here/S.h5.partial ]]; then echo begun
      else echo before; fi
      ;;
    training)
      if [[ -e $here/ensemble/ensemble.json ]]; then echo whole
      elif exists "$here/ensemble/member_??_??.h5"; then echo members
      elif exists "$here/ensemble/member_*.state.h5"; then echo states
      elif [[ -d $here/ensemble/journal ]]; then echo begun
      else echo before; fi
      ;;
    tuning)
      if [[ -e $here/search/members.json ]]; then echo whole
      elif lines 1 '"end"' "$here/search/journal.jsonl"; then echo trainings
      elif [[ -e $here/search/journal.jsonl ]]; then echo begun
      else echo before; fi
      ;;
    screening)
      if [[ -e $here/screening/summary.json ]]; then echo whole
      elif [[ -e $here/screening/predictions.h5 ]]; then echo tables
      elif exists "$here/screening/predictions.h5.partial.d/*"; then echo chunks
      elif [[ -e $here/screening/predictions.h5.partial ]]; then echo begun
      else echo before; fi
      ;;
  esac
}

# The columns seconds and rank are the last two.
without_times() { sed 's/,[^,]*,[^,]*$//' "$1" | sort; }

# The records of finished trainings in the journal, without frames, numbers, times and ranks.
ends() { grep '"end"' "$1" | cut -d, -f2- | sed -E 's/"(end|seconds|rank)":[0-9.e+-]+,?//g' | sort; }

# same COMMAND FOLDER: the command's output equals that of an undisturbed run in the folder whole.
same() {
  local whole=$out/whole here=$2 file
  case $1 in
    featurizing)
      cmp "$whole/S.h5" "$here/S.h5" &&
        cmp "$whole/S.failures.csv" "$here/S.failures.csv"
      ;;
    training)
      for file in "$whole"/ensemble/member_*.h5; do
        cmp "$file" "$here/ensemble/$(basename "$file")" || return 1
      done
      cmp <(grep -v '"seconds"' "$whole/ensemble/ensemble.json") <(grep -v '"seconds"' "$here/ensemble/ensemble.json")
      ;;
    tuning)
      cmp "$whole/search/members.json" "$here/search/members.json" &&
        cmp <(without_times "$whole/search/trials.csv") <(without_times "$here/search/trials.csv") &&
        cmp <(ends "$whole/search/journal.jsonl") <(ends "$here/search/journal.jsonl")
      ;;
    screening)
      h5diff "$whole/screening/predictions.h5" "$here/screening/predictions.h5" &&
        cmp "$whole/screening/candidates.csv" "$here/screening/candidates.csv" &&
        cmp "$whole/screening/summary.json" "$here/screening/summary.json"
      ;;
  esac
}

# no_half COMMAND FOLDER: the output of a killed run is never taken for a complete result, unless it is one.
no_half() {
  local here=$2
  case $1 in
    featurizing)
      [[ -e $here/S.h5.partial ]] || return 0
      cp "$here/S.h5.partial" "$out/half.h5"
      ! "$binary" verify --store "$out/half.h5" >"$out/log" 2>&1 ||
        cmp "$out/whole/S.h5" "$out/half.h5"
      ;;
    training)
      [[ -d $here/ensemble && ! -e $here/ensemble/ensemble.json ]] || return 0
      ! "$binary" inspect "$here/ensemble" >"$out/log" 2>&1
      ;;
    tuning) # lines are not changed, and a truncated one is removed
      [[ ! -e $here/search/journal.jsonl ]] || grep -cE '^\[.*\]$' "$here/search/journal.jsonl" >"$out/lines" || true
      ;;
    screening)
      [[ ! -e $here/screening/predictions.h5 ]] ||
        h5diff "$out/whole/screening/predictions.h5" "$here/screening/predictions.h5"
      ;;
  esac
}
