#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Public data and weights: names them with size, licence and checksum, and downloads those that are asked for.
#
#   jobs/fetch-data.sh                          lists
#   jobs/fetch-data.sh weights obelix           downloads these
#   MP_API_KEY=... jobs/fetch-data.sh materials-project
#
# They go to $IONSIFT_DATA, else ../shared, where jobs and tests look for them. Files that are there stay as they are.
# Checksums are those of the copies that ionsift was developed with; a file that differs is kept and told of, for its
# publisher may have a newer version. What cannot be reached is named at the end, and the status is then 1.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

target=${IONSIFT_DATA:-$root/../shared}
megnet=https://raw.githubusercontent.com/materialsvirtuallab/megnet/master/mvl_models
obelix=https://raw.githubusercontent.com/NRC-Mila/OBELiX/main/data/downloads
matbench=https://ml.materialsproject.org/projects/matbench_mp_is_metal.json.gz
materials_project=https://api.materialsproject.org/materials/summary/

list() {
  cat <<END
Public data and weights for ionsift. 'jobs/fetch-data.sh NAME ...' downloads to $target

weights            MEGNet (Keras): formation energy 2019.4.1, band gap and metal/non-metal 2018.6.1
                   3 files of 0.8 MB, 3 of 3 kB; BSD-3-Clause; $megnet
                   sha256 51de7e37... e1491974... 51ce69de... (checked in full)
obelix             599 measured conductivities of Li conductors, 321 CIFs, a leak-free split
                   2 MB; CC BY 4.0; $obelix
                   sha256 of labels.csv 54f6265e... (checked in full); none known for the archive of CIFs
materials-project  Li-bearing structures with band gaps and energies above the hull: candidates
                   about 25,000 documents; CC BY 4.0; needs a key (free, https://materialsproject.org/api) in MP_API_KEY,
                   curl and python3; $materials_project
                   no checksum: the database grows
matbench           mp_is_metal: 106,113 structures, metals and non-metals, for 'ionsift pretrain'
                   tens of MB; Materials Project CC BY 4.0, MatBench MIT; $matbench
                   sha256 9a028ed5... (matminer's, checked in full)

Not downloaded here:
more labels        data/labels: 571 conductivities of the study's database (McHaffie et al., Digital Discovery 2025, 4, 1518; CaltechDATA
                   https://doi.org/10.22002/23mvv-6gk43, CC0 or CC BY 4.0 by the record: cite it either way) and 1,346 of Laskowski et
                   al. (Energy Environ. Sci. 2023, 16, 1264, supplementary table) with DOIs added by the OBELiX team (CC BY 4.0), both as kept
                   in https://github.com/NRC-Mila/OBELiX , data/misc; labels-open.csv is OBELiX's 599 and 634 rows of these that are usable,
                   are no OBELiX measurement, and stay away from its test set
LeMat-Bulk         5.3 million calculated structures (Materials Project, Alexandria, OQMD), Parquet, tens of GB; CC BY 4.0
                   https://huggingface.co/datasets/LeMaterial/LeMat-Bulk ; ionsift reads CIF, CSV and JSON, not Parquet:
                   write the rows with Li as CSV with the columns id and cif
ICSD               what the study screened; needs a licence: https://icsd.products.fiz-karlsruhe.de
END
}

got=() kept=() differing=() missing=()

# checked FILE SHA256: notes whether the file is the one known; an empty sum: none is known.
checked() {
  local name=${1#"$target"/}
  if [[ -n $2 && $(sha256sum "$1" | cut -d' ' -f1) != "$2" ]]; then
    differing+=("$name")
  fi
}

# fetch URL FILE [SHA256]: downloads to FILE unless it is there.
fetch() {
  local url=$1 file=$2 name=${2#"$target"/}
  if [[ -f $file ]]; then
    kept+=("$name")
    checked "$file" "${3:-}"
    return 0
  fi
  mkdir -p "$(dirname "$file")"
  say "$name from $url"
  if curl --fail --location --retry 2 --connect-timeout 20 --progress-bar --output "$file.part" "$url"; then
    mv "$file.part" "$file"
    got+=("$name")
    checked "$file" "${3:-}"
  else
    rm -f "$file.part"
    missing+=("$name ($url)")
    return 1
  fi
}

fetch_weights() {
  local models=$target/models status=0
  fetch "$megnet/mp-2019.4.1/formation_energy.hdf5" "$models/formation_energy-mp-2019.4.1.hdf5" \
    51de7e372f9fdbd10a519c3fd3cbf6fcd1039cc58e092c85b0f4fef49964f57b || status=1
  fetch "$megnet/mp-2019.4.1/formation_energy.hdf5.json" "$models/formation_energy-mp-2019.4.1.hdf5.json" \
    8727d8d0ab2686c4ac1c06f9ed8bdba7e63abaeac1287cff2e3c7263bf0b4b5b || status=1
  fetch "$megnet/mp-2018.6.1/band_gap_regression.hdf5" "$models/band_gap_regression-mp-2018.6.1.hdf5" \
    e149197440863b06e819c3cc11550f7c78eee329b916112dab84d884d21306de || status=1
  fetch "$megnet/mp-2018.6.1/band_gap_regression.hdf5.json" "$models/band_gap_regression-mp-2018.6.1.hdf5.json" \
    96285e10309b8bc4091ec5c45b784958b3626e3b0d70ace96493717341438be9 || status=1
  fetch "$megnet/mp-2018.6.1/band_classification.hdf5" "$models/band_classification-mp-2018.6.1.hdf5" \
    51ce69de769f5f8164bfe316d027b18d9b04cec7c06f88d451956aa3319ed9e0 || status=1
  fetch "$megnet/mp-2018.6.1/band_classification.hdf5.json" "$models/band_classification-mp-2018.6.1.hdf5.json" \
    e7532faf49026e7384c906c389b5e0f8ef9bf586504ef0ff65e3b42897b96190 || status=1
  return $status
}

fetch_obelix() {
  local folder=$target/data/obelix
  fetch "$obelix/all.csv" "$folder/labels.csv" 54f6265ef84d16a919d08c6815f14b0fd7465fa00090bee2511c16c042e57f3c || return 1
  if [[ ! -f $folder/split.csv ]]; then
    fetch "$obelix/train.csv" "$folder/train.csv" && fetch "$obelix/test.csv" "$folder/test.csv" || return 1
    { # ids are three letters or digits in the first column
      echo ID,set
      sed -nE 's/^([a-z0-9]{3}),.*/\1,train/p' "$folder/train.csv"
      sed -nE 's/^([a-z0-9]{3}),.*/\1,test/p' "$folder/test.csv"
    } >"$folder/split.csv"
  fi
  [[ -d $folder/cifs ]] && return 0
  fetch "$obelix/all_cifs.tar.gz" "$folder/all_cifs.tar.gz" || return 1
  mkdir -p "$folder/cifs.part"
  tar -xzf "$folder/all_cifs.tar.gz" -C "$folder/cifs.part" --transform 's,.*/,,' --wildcards '*.cif'
  mv "$folder/cifs.part" "$folder/cifs"
}

fetch_matbench() {
  fetch "$matbench" "$target/data/pretrain/matbench_mp_is_metal.json.gz" \
    9a028ed5750a4c76ca36e9f3c8d48fe0bf3fb21b76ec2289e58ae7048d527919
}

# Pages of documents, as the interface gives them, into one archive, which featurize reads; what is known of each into a CSV.
fetch_materials_project() {
  local folder=$target/data/candidates page=1000 skip=0 pages rows
  local archive=$folder/materials-project-li.tar.gz
  if [[ -f $archive ]]; then
    kept+=("${archive#"$target"/}")
    return 0
  fi
  if [[ -z ${MP_API_KEY:-} ]] || ! command -v python3 >/dev/null; then
    missing+=("materials-project (needs MP_API_KEY and python3)")
    return 1
  fi
  pages=$folder/materials-project-li.part
  mkdir -p "$pages"
  while :; do
    say "Materials Project, from document $skip"
    local file
    file=$pages/$(printf '%06d' "$skip").json
    local query="elements=Li&_fields=material_id,formula_pretty,structure,band_gap,energy_above_hull,is_metal"
    if ! curl --fail --retry 2 --connect-timeout 20 --progress-bar --header @<(printf 'X-API-KEY: %s' "$MP_API_KEY") \
      --output "$file" "$materials_project?$query&_limit=$page&_skip=$skip"; then
      rm -f "$file"
      missing+=("materials-project ($materials_project)")
      return 1
    fi
    rows=$(python3 - "$file" <<'PYTHON'
import json, sys
documents = json.load(open(sys.argv[1]))["data"]
json.dump(documents, open(sys.argv[1], "w"))
print(len(documents))
PYTHON
    )
    ((rows == page)) || break
    skip=$((skip + page))
  done
  python3 - "$pages" >"$folder/materials-project-li.csv" <<'PYTHON'
import csv, glob, json, sys
table = csv.writer(sys.stdout, lineterminator="\n")
table.writerow(["id", "formula", "band_gap_eV", "band_gap_source", "e_above_hull", "is_metal"])
known = lambda value: "" if value is None else value
for page in sorted(glob.glob(sys.argv[1] + "/*.json")):
    for document in json.load(open(page)):
        gap = document.get("band_gap")
        table.writerow([document["material_id"], document.get("formula_pretty", ""), known(gap),
                        "" if gap is None else "Materials Project", known(document.get("energy_above_hull")),
                        "" if document.get("is_metal") is None else int(document["is_metal"])])
PYTHON
  tar -czf "$archive" -C "$pages" .
  rm -r "$pages"
  got+=("${archive#"$target"/}" "data/candidates/materials-project-li.csv")
}

if (($# == 0)); then
  list
  exit 0
fi
command -v curl >/dev/null || {
  say "curl is missing (apt-get install curl ca-certificates); what there is to download:"
  list
  exit 1
}
for name in "$@"; do
  case $name in
    weights | obelix | matbench) "fetch_$name" || true ;;
    materials-project) fetch_materials_project || true ;;
    *)
      say "unknown: $name (weights, obelix, materials-project and matbench can be downloaded; none of them lists all)"
      exit 2
      ;;
  esac
done
report() { # report WORDS NAME ...
  (($# == 1)) || printf '%s\n' "$1" "${@:2}" | sed '2,$s/^/  /'
}
say "in $target"
report "downloaded:" "${got[@]}"
report "were there:" "${kept[@]}"
report "not the version that ionsift was developed with (kept; look at its publisher's notes):" "${differing[@]}"
report "COULD NOT BE REACHED:" "${missing[@]}"
((${#missing[@]} == 0))
