#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Ratios from the results of jobs/bench.sh; needs nothing but Python.

    compare.py --ionsift A.json... [--python B.json... --exact C.json...] --json OUT.json
        ionsift against python_pipeline.py: times of the runs in float32, agreement with those in float64
    compare.py --ionsift-training A.json... [--python-training B.json... PLAIN.json] --json OUT.json
        an epoch of ionsift against one of python_training.py; the last file is PyTorch's without settings of malloc
    compare.py --one A.json... --two B.json... --json OUT.json             one rank against two
"""
import argparse
import json
import statistics


def load(paths):
    documents = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            documents.append(json.load(file))
    return documents


def largest(runs):
    """The largest deviation of the store from these runs, and where it is."""
    worst = max(runs, key=lambda d: d["largest_deviation"])
    return worst["largest_deviation"], worst["largest_deviation_in"]


def against_python(ours, theirs, exact):
    result = {
        "ionsift_ms_per_structure": statistics.median(d["pipeline"]["featurize"]["ms_median"] for d in ours),
        "ionsift_ms_per_structure_least": min(d["pipeline"]["featurize"]["ms_min"] for d in ours),
        "ionsift_structures": ours[0]["pipeline"]["structures"],
    }
    if theirs:
        n = sum(d["structures"] for d in theirs)
        steps = {
            step: sum(d["ms_per_structure"][step] * d["structures"] for d in theirs) / n
            for step in theirs[0]["ms_per_structure"]
        }
        result["python_structures"] = n
        result["python_failures"] = [failure for d in theirs for failure in d["failures"]]
        result["python_ms_per_structure_by_step"] = steps
        result["python_ms_per_structure"] = sum(steps.values())
        result["ratio"] = result["python_ms_per_structure"] / result["ionsift_ms_per_structure"]
        result["ratio_to_least"] = result["python_ms_per_structure"] / result["ionsift_ms_per_structure_least"]
        result["deviation_from_float32"], result["deviation_from_float32_in"] = largest(theirs)
    if exact:
        result["compared"] = sum(d["compared"] for d in exact)
        result["largest_deviation"], result["largest_deviation_in"] = largest(exact)
        result["agree_within_1e-4"] = result["largest_deviation"] <= 1e-4
    return result


def scaling(one, two):
    result = {}
    for part in ("featurize", "gaps", "together"):
        seconds = [statistics.median(d["pipeline"][part]["seconds_median"] for d in runs) for runs in (one, two)]
        structures = one[0]["pipeline"]["structures"]
        result[part] = {
            "seconds_one_rank": seconds[0],
            "seconds_two_ranks": seconds[1],
            "speedup": seconds[0] / seconds[1],
            "minutes_two_ranks": seconds[1] / 60,
            "structures_per_second_one_rank": structures / seconds[0],
            "structures_per_second_two_ranks": structures / seconds[1],
        }
    result["peak_rss_mb"] = max(d["pipeline"]["peak_rss_mb"] for d in one + two)
    return result


def training(ours, theirs):
    runs = [d["training"] for d in ours]
    result = {
        "ionsift_ms_epoch": statistics.median(r["ms_epoch_median"] for r in runs),
        "ionsift_ms_epoch_least": min(r["ms_epoch_least"] for r in runs),
        "floor_ms": min(r["floor_ms"] for r in runs),
        "gflop": runs[0]["gflop"],
    }
    result["ratio_to_floor"] = result["ionsift_ms_epoch"] / result["floor_ms"]
    result["ratio_to_floor_least"] = result["ionsift_ms_epoch_least"] / result["floor_ms"]
    if theirs:
        *tuned, plain = theirs
        result["python_ms_epoch"] = statistics.median(d["ms_epoch_median"] for d in tuned)
        result["python_ms_epoch_least"] = min(d["ms_epoch_least"] for d in tuned)
        result["python_ms_epoch_as_it_comes"] = plain["ms_epoch_median"]
        result["ratio"] = result["python_ms_epoch"] / result["ionsift_ms_epoch"]
        result["ratio_of_least"] = result["python_ms_epoch_least"] / result["ionsift_ms_epoch_least"]
        result["ratio_as_it_comes"] = result["python_ms_epoch_as_it_comes"] / result["ionsift_ms_epoch"]
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("ionsift", "python", "exact", "one", "two", "ionsift-training", "python-training"):
        parser.add_argument(f"--{name}", nargs="*", default=[])
    parser.add_argument("--json", required=True)
    options = parser.parse_args()
    if options.ionsift:
        result = against_python(load(options.ionsift), load(options.python), load(options.exact))
    elif options.ionsift_training:
        result = training(load(options.ionsift_training), load(options.python_training))
    else:
        result = scaling(load(options.one), load(options.two))
    text = json.dumps(result, indent=2)
    with open(options.json, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
