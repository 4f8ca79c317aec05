#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# One stage under one number of ranks, timed piece by piece for a scaling study.
#
#   jobs/scaling/stage.sh STAGE OUT            STAGE: featurize, train, tune or screen
#
# OUT/STAGE/N/ has run.json and items.csv, N being the number of ranks; whatever else the stage writes goes beside them.
# Environment: RANKS (default: the SLURM tasks of this job, else cores); LAUNCH, the launcher with its options (default: srun
# inside a SLURM job, else mpirun -n RANKS); IONSIFT_DATA; RELEASE, structures to featurize (default: the candidates);
# TRIALS (20) for each cluster of tune; MEMBERS (inputs/members-narrow.json), what train trains.
# train, tune and screen read OUT/labelled.h5 and OUT/release.h5, screen OUT/ensemble too: `stage.sh prepare OUT` makes them.
set -euo pipefail
source "$(dirname "$0")/../lib.sh"

require_data
stage=${1:?usage: jobs/scaling/stage.sh STAGE OUT}
out=${2:?usage: jobs/scaling/stage.sh STAGE OUT}
obelix_labels
require_program
ranks=${RANKS:-${SLURM_NTASKS:-$ranks}}
if [[ -z ${LAUNCH:-} ]]; then
  LAUNCH="${launcher[*]} -n $ranks"
  [[ -z ${SLURM_JOB_ID:-} ]] || LAUNCH="srun --ntasks=$ranks $(mpi_of_srun)"
fi
read -ra launch <<<"$LAUNCH"
parent=$data/models/formation_energy-mp-2019.4.1.hdf5
release=${RELEASE:-$data/data/candidates/materials-project-li.tar.gz}
members=${MEMBERS:-$root/inputs/members-narrow.json}
here=$out/$stage/$ranks

launched() { "${launch[@]}" "$program" "$@"; }
# timed COMMAND ...: with the pieces' times
timed() {
  mkdir -p "$here"
  launched "$@" --item-times "$here/items.csv" --run-json "$here/run.json"
}

case $stage in
prepare)
  mkdir -p "$out"
  [[ -e $out/labelled.h5 ]] || launched featurize --input "$data/data/obelix/cifs" --parent "$parent" --store "$out/labelled.h5"
  [[ -e $out/release.h5 ]] || launched featurize --input "$release" --parent "$parent" --store "$out/release.h5"
  [[ -e $out/ensemble/ensemble.json ]] || launched train --store "$out/labelled.h5" "${labelled[@]}" --set all \
    --members "$members" --ensemble "$out/ensemble"
  [[ -e $out/folds.csv ]] || launched split --store "$out/labelled.h5" "${labelled[@]}" --out "$out/folds.csv"
  ;;
featurize) timed featurize --input "$release" --parent "$parent" --store "$here/store.h5" --overwrite ;;
train)
  timed train --store "$out/labelled.h5" "${labelled[@]}" --set all --members "$members" --ensemble "$here/ensemble" --overwrite
  ;;
tune)
  rm -rf "$here/tune"
  timed tune --store "$out/labelled.h5" "${labelled[@]}" --split "$out/folds.csv" --by fold \
    --space "$root/inputs/search-space-small.json" --trials "${TRIALS:-20}" --best 2 --repeats 2 --out "$here/tune"
  ;;
screen)
  timed screen --store "$out/release.h5" --reference "$out/labelled.h5" --ensemble "$out/ensemble" --out "$here/screen" \
    --gap-parent "$data/models/band_gap_regression-mp-2018.6.1.hdf5"
  ;;
*)
  say "there is no stage '$stage': prepare, featurize, train, tune or screen"
  exit 2
  ;;
esac
