#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""umap_reference.py IONSIFT OUT: `ionsift cluster` against umap-learn and scikit-learn on OBELiX's compositions.

The distances are computed here again, from the table of elements. Both layouts must keep neighbourhoods equally
well (trustworthiness within 0.02), and clusters of ionsift's must separate the families about as well
(adjusted Rand index and purity no more than 0.05 below the mean of three layouts of umap-learn, which differ by
that much among themselves). Exit status 77 where a package or the data are missing.
"""

import collections
import csv
import json
import os
import re
import subprocess
import sys
import warnings

warnings.filterwarnings("ignore")
try:
    import numpy as np
    import umap
    from sklearn.cluster import DBSCAN
    from sklearn.manifold import trustworthiness
    from sklearn.metrics import adjusted_rand_score
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

data = os.environ.get("IONSIFT_DATA", "../shared")
if not os.path.exists(f"{data}/data/obelix/labels.csv"):
    print("no real data (neither $IONSIFT_DATA nor ../shared holds data/obelix)")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)


def rows(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


place = {row["symbol"]: int(row["modified_pettifor"]) for row in rows(f"{data}/reference/elements.csv")}


def cumulative(formula):
    """Share of the atoms up to each place of the scale, for a formula without brackets."""
    shares = np.zeros(104)
    for symbol, amount in re.findall(r"([A-Z][a-z]?)([\d.]*)", formula):
        shares[place[symbol]] += float(amount or 1)
    return np.cumsum(shares / shares.sum())


def purity(clusters, classes):
    most = {}
    for (cluster, _), count in collections.Counter(zip(clusters, classes)).items():
        most[cluster] = max(count, most.get(cluster, 0))
    return sum(most.values()) / len(classes)


ionsift, out = sys.argv[1:3]
os.makedirs(out, exist_ok=True)
table = f"{out}/clusters.csv"
labels = f"{data}/data/obelix/labels.csv"
subprocess.run([ionsift, "cluster", "--table", labels, "--out", table, "--against", labels,
                "--against-column", "Family", "--quiet"], check=True, stdout=subprocess.DEVNULL)
ours = rows(table)
with open(f"{out}/clusters.run.json") as file:
    record = json.load(file)["result"]
family = {row["ID"]: row["Family"].strip() for row in rows(labels)}

profiles = np.array([cumulative(row["composition"]) for row in ours])
distances = np.abs(profiles[:, None, :] - profiles[None, :, :]).sum(-1)
layout = np.array([[float(row["x"]), float(row["y"])] for row in ours])
clusters = [int(row["cluster"]) for row in ours]
known = [i for i, row in enumerate(ours) if family[row["id"]]]
classes = [family[ours[i]["id"]] for i in known]


def judge(name, layout, clusters):
    found = [clusters[i] for i in known]
    scores = (trustworthiness(distances, layout, n_neighbors=15, metric="precomputed"),
              adjusted_rand_score(classes, found), purity(found, classes))
    print(f"{name:<22} {len(set(clusters) - {-1}):>3} clusters, trustworthiness {scores[0]:.4f}, "
          f"adjusted Rand index {scores[1]:.3f}, purity {scores[2]:.3f}")
    return scores


mine = judge("ionsift", layout, clusters)
reference = []
for seed in range(3):
    theirs = umap.UMAP(metric="precomputed", spread=5, random_state=seed).fit_transform(distances)
    found = DBSCAN(eps=4, min_samples=5).fit_predict(theirs)
    reference.append(judge(f"umap-learn, seed {seed}", theirs, list(found)))
mean = np.mean(reference, axis=0)

failures = []
if abs(mine[0] - mean[0]) > 0.02:
    failures.append("trustworthiness differs by more than 0.02")
if mine[1] < mean[1] - 0.05 or mine[2] < mean[2] - 0.05:
    failures.append("families are separated worse")
if abs(record["trustworthiness"] - mine[0]) > 2e-3:  # ties of distances are ranked in another order
    failures.append(f"the trustworthiness that ionsift states is {record['trustworthiness']}")
for name, value in (("adjusted_rand_index", mine[1]), ("purity", mine[2])):
    if abs(record["agreement"][name] - value) > 1e-9:
        failures.append(f"the {name} that ionsift states is {record['agreement'][name]}")
if adjusted_rand_score(DBSCAN(eps=4, min_samples=5).fit_predict(layout), clusters) < 1:
    failures.append("scikit-learn finds other dense regions in ionsift's layout")
print("\n".join(failures) or "agrees")
sys.exit(1 if failures else 0)
