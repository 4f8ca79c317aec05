#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What the runs of jobs/scaling/stage.sh say: scaling.csv, scaling.json and, where gnuplot is installed, scaling.svg.
#
#   jobs/scaling/summary.sh OUT STAGE [scaling option ...]         for example --forecast-ranks 2,100,10000
set -euo pipefail
source "$(dirname "$0")/../lib.sh"

out=${1:?usage: jobs/scaling/summary.sh OUT STAGE}
stage=${2:?usage: jobs/scaling/summary.sh OUT STAGE}
shift 2
require_program
mapfile -t runs < <(find "$out/$stage" -mindepth 2 -maxdepth 2 -name run.json | sort -V)
((${#runs[@]})) || {
  say "no run of $stage in $out; jobs/scaling/stage.sh $stage $out makes one"
  exit 1
}
"$program" scaling --runs "${runs[@]}" --out "$out/$stage" "$@"
if command -v gnuplot >/dev/null; then
  gnuplot -e "folder='$out/$stage'; stage='$stage'" "$root/jobs/scaling/figure.gp"
else
  say "no gnuplot here: no figure, but $out/$stage/scaling.csv has its numbers"
fi
