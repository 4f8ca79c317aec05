#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# order.sh IONSIFT PARENT RANKS OUT: `order` with structures that it cannot order, with an existing
# output, and with a configuration file; on RANKS ranks, most of them idle.
set -euo pipefail
binary=$1 parent=$2 ranks=$3 out=$4
rm -rf "$out"
mkdir -p "$out/cifs"

# cif ID EDGE ATOMS: a cubic cell without symmetry.
cif() {
  cat >"$out/cifs/$1.cif" <<END
data_$1
_cell_length_a $2
_cell_length_b $2
_cell_length_c $2
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
loop_
_symmetry_equiv_pos_as_xyz
'x, y, z'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
$3
END
}
cif alloy 4.5 'Na1 Na 0 0 0 0.5
K1 K 0 0 0 0.5'
cif lithium 3.5 'Li1 Li 0 0 0 1
Li2 Li 0.5 0.5 0.5 1'
cif mixed 4.0 'Cs1 Cs 0 0 0 0.5
Cl1 Cl 0 0 0 0.5
Cs2 Cs 0.5 0.5 0.5 0.5
Cl2 Cl 0.5 0.5 0.5 0.5'

ionsift() { ${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$binary" "$@" --quiet; }
ionsift featurize --input "$out/cifs" --parent "$parent" --store "$out/S.h5" >/dev/null
ionsift order --store "$out/S.h5" --out "$out/first" >"$out/said"
grep -q "3 structures: 0 need no ordering, 1 ordered by enumeration and 0 by sampling, 2 failures" "$out/said"
[[ $(wc -l <"$out/first/order.csv") == 4 ]]
grep -q '^mixed,ordered,enumerated,1x1x1,2,2,2,1,1,' "$out/first/order.csv"
grep -q '^alloy,.*,data,.*no oxidation states were found' "$out/first/failures.csv"
grep -q '^lithium,.*,data,.*nothing is left without lithium' "$out/first/failures.csv"
[[ $(ls "$out/first/cifs") == mixed.cif ]]
grep -q '"status": "ok"' "$out/first/run.json"
grep -q '"failures": 2' "$out/first/run.json"

# With Li its cell needs no ordering either, and no charges.
ionsift order --store "$out/S.h5" --out "$out/kept" --keep-lithium >/dev/null
grep -q '^lithium,ordered,already_ordered,1x1x1,2,1,1,1,1,,' "$out/kept/order.csv"

status=0
ionsift order --store "$out/S.h5" --out "$out/first" >"$out/refused" 2>&1 || status=$?
[[ $status == 1 ]] || { echo "exit status $status instead of 1"; exit 1; }
grep -q "holds structures" "$out/refused"
[[ -e $out/first/cifs/mixed.cif ]]
ionsift order --store "$out/S.h5" --out "$out/first" --overwrite >/dev/null

"$binary" order --dump-default >"$out/order.ini"
ionsift order --config "$out/order.ini" --store "$out/S.h5" --out "$out/second" >/dev/null
diff <(sed 's/,[^,]*$//' "$out/first/order.csv") <(sed 's/,[^,]*$//' "$out/second/order.csv")
diff -r "$out/first/cifs" "$out/second/cifs"
