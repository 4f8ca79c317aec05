#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The study's own test set as tables that ionsift reads, and what of the open labels must not be trained on for it.

    study_test.py DATA OUT

DATA is the data folder (docs/data.md). OUT gets
    study-labels.csv  the study's compounds with conductivity, composition, DOI and ICSD number
    study-split.csv   their sets; the test set is fold 0, the others are always trained on
    open-split.csv    of labels-open.csv: train, but not what is a compound of the test set ("same": its ICSD number, or
                      its composition to 0.001 of the atoms), or near one ("near": composition within 0.05, or DOI); the
                      test set of OBELiX stays "obelix-test"
"""

import csv
import pathlib
import re
import sys


def fractions(formula):
    amounts = {}
    for element, amount in re.findall(r"([A-Z][a-z]?)([0-9.]*)", formula):
        amounts[element] = amounts.get(element, 0.0) + float(amount or 1)
    total = sum(amounts.values())
    return {element: amount / total for element, amount in amounts.items()}


def difference(a, b):
    return max(abs(a.get(element, 0) - b.get(element, 0)) for element in {*a, *b})


def numbers(text):
    return {str(int(float(n))) for n in re.findall(r"[0-9]+(?:\.[0-9]+)?", text)} - {"0"}


def dois(text):
    return {doi.lower() for doi in re.split(r"[|\s,]+", text) if doi.startswith("10.")}


def read(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


data, out = (pathlib.Path(name) for name in sys.argv[1:])
out.mkdir(parents=True, exist_ok=True)
sets = {row["icsd"]: row["set"] for row in read(data / "data/study/splits.csv")}
study = [
    row
    for row in read(data / "data/labels/conductivity-more.csv")
    if row["source"] == "mchaffie" and row["icsd"] in sets and row["unusable"] == ""
]
write(
    out / "study-labels.csv",
    ["id", "composition", "conductivity (S/cm)", "doi", "icsd"],
    [[row["id"], row["composition"], row["conductivity_S_per_cm"], row["doi"], row["icsd"]] for row in study],
)
write(
    out / "study-split.csv",
    ["id", "set", "fold"],
    [[row["id"], "train", 0 if sets[row["icsd"]] == "test" else ""] for row in study],
)
test = [
    (fractions(row["composition"]), numbers(row["icsd"]), dois(row["doi"]))
    for row in study
    if sets[row["icsd"]] == "test"
]
obelix = {row["ID"]: row["set"] for row in read(data / "data/labels/split-open.csv")}
rows = []
for row in read(data / "data/labels/labels-open.csv"):
    composition, icsd, published = (
        fractions(row["True Composition"]),
        numbers(row["ICSD ID"]),
        dois(row["DOI"]),
    )
    apart = min(difference(composition, other) for other, _, _ in test)
    if obelix[row["ID"]] != "train":
        name = "obelix-test"
    elif apart <= 0.001 or any(icsd & other for _, other, _ in test):
        name = "same"
    elif apart <= 0.05 or any(published & other for _, _, other in test):
        name = "near"
    else:
        name = "train"
    rows.append([row["ID"], name])
write(out / "open-split.csv", ["id", "set"], rows)
for name in sorted({name for _, name in rows}):
    print(f"{name}: {sum(one == name for _, one in rows)}")
print(f"the study: {len(study)} compounds, {len(test)} in its test set")
