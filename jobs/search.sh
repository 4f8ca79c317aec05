#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A search for configurations on real data: the study's 10 clusters, each left out in turn, among its 243 entries that
# OBELiX holds with a structure.
#
#   jobs/search.sh OUT [tune option ...]        RANKS=64 TRIALS=250 BEST=10 REPEATS=10 jobs/search.sh /scratch/search
#
# OUT/members.json is the plan for train. A run that was killed continues.
# Environment: RANKS (default: cores), IONSIFT_DATA (default: ../shared); SPACE (inputs/search-space-small.json; the
# study's is inputs/search-space.json), TRIALS (40) for each cluster, of which the BEST (3) are trained again REPEATS (3)
# times: the study's numbers are the ones above; STORE and CLUSTERS: the store and the table of clusters that
# `jobs/learning-tables.sh OUT store` made (default: made here).
set -euo pipefail
source "$(dirname "$0")/lib.sh"

require_data
out=${1:?usage: jobs/search.sh OUT [tune option ...]}
shift
obelix_labels
mkdir -p "$out"
require_built ionsift
if [[ -z ${STORE:-} || -z ${CLUSTERS:-} ]]; then
  [[ -e $out/obelix.h5 && -e $out/study-clusters.csv ]] || "$root/jobs/learning-tables.sh" "$out" store
  STORE=$out/obelix.h5 CLUSTERS=$out/study-clusters.csv
fi

ionsift tune --store "$STORE" "${labelled[@]}" --split "$CLUSTERS" --set open --by cluster \
  --space "${SPACE:-$root/inputs/search-space-small.json}" \
  --trials "${TRIALS:-40}" --best "${BEST:-3}" --repeats "${REPEATS:-3}" --out "$out" "$@" | tee "$out/table.txt"
