#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# time_limit.sh IONSIFT PARENT COMMAND OUT: a run with too small --max-hours ends by itself with status 75 and resumes when
# it is started again, with more time and on another number of ranks, until it is done; the result equals that of a run without limit, byte for byte.
set -euo pipefail
binary=$1 parent=$2 command=$3 out=$4
# shellcheck source=tests/cli/killed_lib.sh
source "$(dirname "$0")/killed_lib.sh"
rm -rf "$out"
mkdir -p "$out"

# The same structures under other names, so that there is enough work.
many() { # FOLDER COPIES
  python3 - "$golden/../../inputs/demo/unlabelled" "$@" <<'END'
import pathlib, shutil, sys

source, target, copies = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
target.mkdir()
for file in source.glob("*.cif"):
    for copy in range(copies):
        shutil.copy(file, target / f"{copy}-{file.name}")
END
}
store() { run 1 featurize --input "$1" --parent "$parent" --store "$out/S.h5"; }
members() { # EPOCHS
  echo "{\"representation\": \"CAMNS\", \"level\": 1, \"seeds\": 2, \"configurations\": [
    {\"name\": \"a\", \"layers\": 2, \"width\": 32, \"readout_hidden\": 32, \"batch\": 4, \"epochs\": $1, \"dropout_before\": 0.1}]}"
}

# arguments FOLDER: sets the command's arguments.
case $command in
featurize)
  many "$out/in" 100
  arguments() { arguments=(featurize --input "$out/in" --parent "$parent" --store "$1/S.h5" --levels 0,1,2,3 --release r); }
  same() { h5diff --exclude-path /releases "$out/whole/S.h5" "$1/S.h5"; }
  ;;
order)
  store "$golden/labelled"
  arguments() { arguments=(order --store "$out/S.h5" --out "$1" --max-arrangements 10 --steps 80000); }
  same() { diff -r "$out/whole/cifs" "$1/cifs" && diff <(sed 's/,[^,]*$//' "$out/whole/order.csv") <(sed 's/,[^,]*$//' "$1/order.csv"); }
  ;;
pretrain)
  store "$golden/../../inputs/demo/labelled"
  members 10 >"$out/members.json"
  awk -F, 'NR == 1 { print "id,is_metal" } NR > 1 { print $1 "," NR % 2 }' "$golden/../../inputs/demo/split.csv" >"$out/classes.csv"
  arguments() {
    arguments=(pretrain --store "$out/S.h5" --labels "$out/classes.csv" --label-column is_metal --members "$out/members.json" --epochs 3000
      --batch 4 --out "$1" --device cpu)
  }
  same() { cmp "$out/whole/start_00.h5" "$1/start_00.h5" && cmp "$out/whole/epochs.csv" "$1/epochs.csv"; }
  ;;
screen)
  many "$out/in" 40
  store "$golden/../../inputs/demo/labelled"
  mv "$out/S.h5" "$out/reference.h5"
  store "$out/in"
  members 5 >"$out/members.json"
  run 1 train --store "$out/reference.h5" --labels "$golden/../../inputs/demo/labels.csv" --members "$out/members.json" --ensemble "$out/ensemble"
  arguments() {
    arguments=(screen --store "$out/S.h5" --reference "$out/reference.h5" --ensemble "$out/ensemble" --out "$1" --chunk 8 --gap-parent "$parent"
      --all-gaps --min-probability 0 --min-band-gap -1000 --device cpu)
  }
  same() { cmp "$out/whole/candidates.csv" "$1/candidates.csv"; }
  ;;
recover)
  store "$golden/../../inputs/demo/labelled"
  mv "$out/S.h5" "$out/reference.h5"
  many "$out/in" 1
  store "$out/in"
  members 800 >"$out/members.json"
  # Which of them conducts is made up.
  (cd "$out/in" && printf '%s\n' *.cif) | awk 'BEGIN { print "id,superionic,first_year,first_superionic_year,chemistry" }
    NR <= 20 { sub(/[.]cif$/, ""); print $0 "," NR % 2 ",2005," (NR % 2 ? 2005 : "") ",Q-P" }' >"$out/known.csv"
  arguments() {
    arguments=(recover --store "$out/reference.h5" --labels "$golden/../../inputs/demo/labels.csv" --members "$out/members.json" --candidates "$out/S.h5"
      --known "$out/known.csv" --years 1990,1998,2004 --draws 20 --out "$1" --device cpu)
  }
  same() { cmp "$out/whole/recovery.json" "$1/recovery.json" && cmp "$out/whole/found.csv" "$1/found.csv" && cmp "$out/whole/lists.csv" "$1/lists.csv"; }
  ;;
esac

mkdir -p "$out/whole" "$out/limited"
arguments "$out/whole"
run 1 "${arguments[@]}"

arguments "$out/limited"
ended=0 continued=0 seconds=1
while true; do
  status=0
  ranks=$((ended % 2 + 1))
  ${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$binary" "${arguments[@]}" --max-hours "$(awk -v s="$seconds" 'BEGIN { printf "%.9f", s / 3600 }')" \
    --run-json "$out/run.json" >"$out/log" 2>&1 || status=$?
  ! grep -qE "left [0-9]+ (entries|chunks)|were left by an earlier run|was trained by an earlier run|^interrupted: [1-9]" "$out/log" || continued=$((continued + 1))
  ((status != 0)) || break
  ((status == 75)) || fail "with $seconds s the status is $status instead of 75"
  grep -q '"status": "interrupted"' "$out/run.json" || fail "run.json does not record the interruption"
  ((++ended < 40)) || fail "the run does not finish"
  seconds=$(awk -v s="$seconds" 'BEGIN { print 1.3 * s }')
done
grep -q '"status": "ok"' "$out/run.json" || fail "run.json does not record the success"
((ended > 0)) || fail "no run reached its limit"
((continued > 0)) || [[ $command == pretrain ]] || fail "no run resumed another"
same "$out/limited" || fail "the result differs"
[[ -z $(find "$out/limited" -name '*partial*') ]] || fail "files are left behind: $(find "$out/limited" -name '*partial*')"
echo "$command: ended $ended times, at last within $seconds s"

# Wrong limits are refused; the help of commands that save nothing has a note.
for hours in -1 nan 0h; do
  status=0
  "$binary" "${arguments[@]}" --max-hours "$hours" >"$out/log" 2>&1 || status=$?
  ((status == 2)) || fail "--max-hours $hours: exit status $status"
done
"$binary" "$command" --help | tr -s ' \n' ' ' | grep -q "the same command then continues" || fail "the help does not say that $command continues"
"$binary" cluster --help | tr -s ' \n' ' ' | grep -q "the same command then starts again" || fail "the help does not say that cluster begins again"
