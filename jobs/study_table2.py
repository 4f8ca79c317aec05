#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The study's own candidates (its Table 2) among screened structures, beside its published values.

    jobs/study_table2.py --table data/study/table2.csv --screened NAME=predictions.h5 ... --out table2.csv

A structure stands for a compound when both have the same elements and all atomic fractions agree within 0.001; of several the
one with the highest P_SI of the first NAME, the others are counted. Needs python3-h5py.
"""
import argparse
import csv
import re


def composition(formula):
    """Atomic fractions; brackets are multiplied out."""
    pair = r"([A-Z][a-z]?)([0-9.]*)"

    def multiplied(match):
        factor = float(match.group(2) or 1)
        return "".join(f"{element}{float(n or 1) * factor}" for element, n in re.findall(pair, match.group(1)))

    while "(" in formula:
        formula = re.sub(r"\(([^()]*)\)([0-9.]*)", multiplied, formula)
    amounts = {}
    for element, n in re.findall(pair, formula):
        amounts[element] = amounts.get(element, 0) + float(n or 1)
    total = sum(amounts.values())
    return {element: n / total for element, n in amounts.items()}


def same(a, b):
    return a.keys() == b.keys() and all(abs(a[element] - b[element]) <= 0.001 for element in a)


def read(path, h5py):
    with h5py.File(path) as file:
        texts = {name: file[name].asstr()[:] for name in ("id", "formula", "dropped_by", "band_gap_source")}
        numbers = {name: file[name][:] for name in ("P_SI", "SD", "d_training", "band_gap", "predicted_band_gap")}
    return {**texts, **numbers}


def number(value, decimals=2):
    return "" if value != value else f"{value:.{decimals}f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", required=True)
    parser.add_argument("--screened", required=True, nargs="+", metavar="NAME=FILE")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    import h5py

    screened = {name: read(path, h5py) for name, path in (pair.split("=", 1) for pair in options.screened)}
    first = next(iter(screened.values()))
    compositions = [composition(formula) for formula in first["formula"]]
    header = ["compound", "id", "entries", "published_P_SI", "published_SD", "published_band_gap_eV", "published_d_training",
              "band_gap_eV", "band_gap_source"]
    for name in screened:
        header += [f"P_SI_{name}", f"SD_{name}", f"d_training_{name}", f"dropped_by_{name}"]
    with open(options.table, encoding="utf-8") as file, open(options.out, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for row in csv.DictReader(file):
            wanted = composition(row["compound"])
            found = [i for i, have in enumerate(compositions) if same(wanted, have)]
            cells = [row["compound"], "", len(found), row["p_si"], row["p_si_sd"], row["band_gap_eV"], row["d_training"]]
            if found:
                best = max(found, key=lambda i: first["P_SI"][i])
                cells[1] = first["id"][best]
                cells += [number(first["band_gap"][best]), first["band_gap_source"][best]]
                for columns in screened.values():
                    at = list(columns["id"]).index(first["id"][best])
                    cells += [number(columns[name][at]) for name in ("P_SI", "SD", "d_training")]
                    cells.append(columns["dropped_by"][at] or "kept")
            writer.writerow(cells + [""] * (len(header) - len(cells)))


if __name__ == "__main__":
    main()
