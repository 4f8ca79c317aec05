#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# page.sh IONSIFT GOLDEN OUT: a report of the golden run, tested in a browser.
set -euo pipefail
binary=$1 golden=$2 out=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rm -rf "$out"
"$binary" report --out "$out" --title "Golden <run>" --screening "$golden/screen" --evaluation "$golden/evaluation" \
  --crossvalidation "$golden/crossvalidation" --labels "$here/../golden/labels.csv" --rows 100 --recovery "$golden/recover"
for figure in funnel p-si-histogram p-si-against-d-training principal-components crossvalidation-mcc conductivity-histogram \
  $(cd "$golden/recover" && sed '1d; s/,.*//; s/[A-Z].*/chemistries/' found.csv | sort -u | sed 's/^/recovery-/'); do
  for kind in csv gp svg png pdf; do
    [[ -s $out/figures/$figure.$kind ]] || {
      echo "figures/$figure.$kind is missing"
      exit 1
    }
  done
done
exec "${PYTHON:-/usr/bin/python3}" "$here/page.py" "$out/report.html" "$golden/screen/ranking.csv"
