#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# One stage of a campaign, from labelled structures and a release to a table of candidates; alike under every scheduler.
#
#   jobs/campaign/step.sh STAGE OUT [NUMBER]
#
#   doctor       what would slow or spoil a run here
#   featurize    OUT/labelled.h5 and OUT/release.h5; a store that is there is brought up to date
#   tune         OUT/tune/members.json; a search that was ended goes on
#   train        OUT/ensemble; a training that was ended goes on, a finished one stays
#   screen       OUT/screen/candidates.csv; what has not changed is taken over
#   release      featurize and screen for line NUMBER of the file $RELEASES (a path on each): OUT/releases/NUMBER, for arrays
#
# The status is 75 where a signal or MAX_HOURS ended the stage: the same command continues.
# Environment: LAUNCH, the launcher with its options (default: mpirun -n RANKS); RANKS (default: cores); DEVICE (auto);
# MAX_HOURS, after which the stage has ended by itself (default: no limit); IONSIFT, the program (default: that of the build, else the one
# that is installed; nothing is built here); IONSIFT_DATA; RELEASE (the Materials Project's candidates); SPACE (inputs/search-space-small.json), TRIALS (40), BEST (3),
# REPEATS (3) and EPOCHS (those of tune) of tune; MEMBERS, the plan of train (default: what tune found, else the preset default).
# Labels are OBELiX's, unless LABELLED names other structures: then LABELS is the CSV of their conductivities, PARENT the weights that
# make features, RELEASE what is screened, and GAP_PARENT the weights that predict band gaps (none: no gaps). TABLE_ENTRIES=1
# trains also on rows of LABELS without a structure, whose compositions are in a column of the table, as it is done with OBELiX's.
set -euo pipefail
source "$(dirname "$0")/../lib.sh"

usage="usage: jobs/campaign/step.sh STAGE OUT [NUMBER]"
stage=${1:?$usage}
out=${2:?$usage}
number=${3:-}
require_program
if [[ -n ${LABELLED:-} ]]; then
  structures=$LABELLED
  labelled=(--labels "${LABELS:?names the CSV of conductivities of LABELLED}")
  parent=${PARENT:?names the weights that make features, with LABELLED}
  release=${RELEASE:-}
  entries=(${TABLE_ENTRIES:+--table-entries})
  gaps=(${GAP_PARENT:+--gap-parent "$GAP_PARENT"})
else
  require_data
  obelix_labels
  entries=(--table-entries)
  structures=$data/data/obelix/cifs
  parent=${PARENT:-$data/models/formation_energy-mp-2019.4.1.hdf5}
  release=${RELEASE:-$data/data/candidates/materials-project-li.tar.gz}
  gaps=(--gap-parent "${GAP_PARENT:-$data/models/band_gap_regression-mp-2018.6.1.hdf5}")
fi
if [[ -z ${LAUNCH:-} ]]; then
  LAUNCH="${launcher[*]} $patience -n $ranks"
fi
read -ra launch <<<"$LAUNCH"
device=(--device "${DEVICE:-auto}")
mkdir -p "$out"

# SIGTERM is for the ranks; this shell waits for them, and starts nothing more.
told_to_end=""
trap 'told_to_end=1' TERM
leave() {
  say "$1 was ended before its work was done; the same command continues"
  exit 75
}
# hours_left: of the stage; 0 when they are over.
begin=$EPOCHREALTIME
hours_left() {
  awk -v hours="$MAX_HOURS" -v begin="${begin/,/.}" -v now="${EPOCHREALTIME/,/.}" \
    'BEGIN { left = hours - (now - begin) / 3600; printf "%.9f", (left > 0 ? left : 0) }'
}
time_is_up() { [[ -n ${MAX_HOURS:-} && $(hours_left) == 0.000000000 ]]; }

# launched RECORD COMMAND OPTION ...: launchers have statuses of their own, hence the record is asked how the run ended. Where a rank was ended by
# --max-hours in the midst of its work, launchers kill the others before there is a record.
launched() {
  local record=$1 status=0 limit=()
  shift
  [[ -z $told_to_end ]] && ! time_is_up || leave "$stage"
  [[ -z ${MAX_HOURS:-} ]] || limit=(--max-hours "$(hours_left)")
  rm -f "$record"
  "${launch[@]}" "$program" "$@" --run-json "$record" "${limit[@]}" || status=$?
  ((status == 0)) && return 0
  if ((status == 75)) || [[ -n $told_to_end ]] || grep -q '"status": "interrupted"' "$record" 2>/dev/null ||
    { time_is_up && [[ ! -e $record ]]; }; then
    leave "$1"
  fi
  exit "$status"
}
# Of lib.sh's functions, those that start ionsift start it so.
ionsift() { launched "$out/$stage.run.json" "$@"; }

features() { # INPUT STORE
  launched "$2.run.json" featurize --input "$1" --parent "$parent" --store "$2"
}
screening() { # STORE FOLDER
  mkdir -p "$2"
  launched "$2/run.json" screen --store "$1" --reference "$out/labelled.h5" --ensemble "$out/ensemble" --out "$2" \
    "${gaps[@]}" "${device[@]}"
}

case $stage in
doctor) launched "$out/doctor.json" doctor --folder "$out" "${device[@]}" ;;
featurize)
  features "$structures" "$out/labelled.h5"
  features "${release:?is what RELEASE names; with LABELLED it has no default}" "$out/release.h5"
  ;;
tune)
  [[ -e $out/folds.csv ]] ||
    launched "$out/split.run.json" split --store "$out/labelled.h5" "${labelled[@]}" --out "$out/folds.csv"
  launched "$out/tune.run.json" tune --store "$out/labelled.h5" "${labelled[@]}" --split "$out/folds.csv" --by fold \
    --space "${SPACE:-$root/inputs/search-space-small.json}" ${EPOCHS:+--epochs "$EPOCHS"} --trials "${TRIALS:-40}" --best "${BEST:-3}" \
    --repeats "${REPEATS:-3}" --out "$out/tune" "${device[@]}"
  ;;
train)
  members=${MEMBERS:-}
  [[ -n $members || ! -e $out/tune/members.json ]] || members=$out/tune/members.json
  train_ensemble "$out/ensemble" --store "$out/labelled.h5" "${labelled[@]}" --set all "${entries[@]}" ${members:+--members "$members"} \
    "${device[@]}"
  ;;
screen) screening "$out/release.h5" "$out/screen" ;;
release)
  : "${RELEASES:?names a file with a release on each line}" "${number:?$usage}"
  release=$(sed -n "${number}p" "$RELEASES")
  [[ -n $release ]] || {
    say "$RELEASES has no line $number"
    exit 2
  }
  mkdir -p "$out/releases/$number"
  features "$release" "$out/releases/$number/store.h5"
  screening "$out/releases/$number/store.h5" "$out/releases/$number"
  ;;
*)
  say "there is no stage '$stage': doctor, featurize, tune, train, screen or release"
  exit 2
  ;;
esac
