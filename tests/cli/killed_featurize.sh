#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# killed_featurize.sh IONSIFT RANKS OTHER OUT: featurize is killed (SIGKILL) at a given progress, several times,
# and resumes with another number of ranks. In the end the store equals that of an undisturbed run, and
# finished structures have not been computed again.
set -euo pipefail
binary=$1 ranks=$2 other=$3 out=$4
source "$(dirname "${BASH_SOURCE[0]}")/killed_lib.sh"
data=${IONSIFT_DATA:-../shared}
if [[ ! -d $data/data/obelix/cifs ]]; then
  echo "no real data in $data"
  [[ ${CI:-} != true ]] || exit 1
  exit 77
fi
rm -rf "$out"
mkdir -p "$out"

# Small batches, so that there is something to lose between them.
featurize=(featurize --input "$data/data/obelix/cifs" --levels "0,1,2,3" --representation "CAMN,CAN,CAMNS,CANS"
  --batch 24 --release test --parent "$data/models/formation_energy-mp-2019.4.1.hdf5" --store)
spilled() { { find "$out/S.h5.partial.d" -type f -printf "%s\n" 2>/dev/null || true; } | awk '{ sum += $1 } END { print sum + 0 }'; }
has_spilled() { (($(spilled) >= $1)); }

run 1 "${featurize[@]}" "$out/whole.h5"
total=$(stat -c %s "$out/whole.h5")

# kill_at BYTES RANKS: starts a run and kills it once the saved records are this large and some are its own.
kill_at() {
  local before
  before=$(spilled)
  start "$2" "${featurize[@]}" "$out/S.h5"
  wait_until has_spilled $((before < $1 ? $1 : before + 1))
  signal KILL
  ended any
  [[ ! -e $out/S.h5 ]] || fail "the run ended before it was killed"
}
kill_at 1 "$ranks"
kill_at $((total / 8)) "$other"
kill_at $((total / 3)) "$ranks"
left=$(spilled)
torn=$(find "$out/S.h5.partial.d" -type f -printf '%s %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-)
truncate -s -7 "$torn"
refused 1 "max-seconds" "${featurize[@]}" "$out/S.h5" --max-seconds 7
run "$other" "${featurize[@]}" "$out/S.h5"

h5diff --exclude-path /releases --exclude-path /gone "$out/whole.h5" "$out/S.h5" || fail "the content differs"
cmp "$out/whole.failures.csv" "$out/S.failures.csv"
run 2 verify "$out/S.h5"
reused=$(sed -n 's/.*"reused_entries": \([0-9]*\).*/\1/p' "$out/S.run.json")
echo "killed runs left $left bytes (the store has $total); $reused entries were not computed again"
((reused >= 80)) || fail "too few records were saved"
for rest in S.h5.partial S.h5.partial.d S.h5.lock; do
  [[ ! -e $out/$rest ]] || fail "$rest is left behind"
done
