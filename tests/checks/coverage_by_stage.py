# SPDX-License-Identifier: BSD-3-Clause
"""coverage_by_stage.py FILE: lines that tests reached, by stage, from gcovr's --json-summary."""
import collections
import json
import sys

STAGES = "base parallel crystal graph megnet store dataset learn screen report cli".split()

summary = json.load(open(sys.argv[1]))
lines = collections.Counter()
reached = collections.Counter()
for file in summary["files"]:
    parts = file["filename"].split("/")
    stage = parts[1] if parts[0] == "src" else parts[2]
    lines[stage] += file["line_total"]
    reached[stage] += file["line_covered"]
print(f"{'stage':10}{'lines':>8}{'reached':>9}{'%':>7}")
for stage in STAGES:
    if lines[stage]:
        print(f"{stage:10}{lines[stage]:8}{reached[stage]:9}{100 * reached[stage] / lines[stage]:7.1f}")
print(f"{'all':10}{lines.total():8}{reached.total():9}{100 * reached.total() / lines.total():7.1f}")
