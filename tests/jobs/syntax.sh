#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# syntax.sh ROOT OUT: every script is read by bash, and by shellcheck where that is installed.
set -euo pipefail
cd "$1"
mapfile -t scripts < <(find jobs tests/slurm -name '*.sh' | sort)
((${#scripts[@]} > 10))
for script in "${scripts[@]}"; do
  bash -n "$script"
  [[ -x $script || $script == jobs/lib.sh || $script == jobs/campaign/slurm-job.sh || $script == tests/slurm/cluster.sh ]] || { echo "$script cannot be executed"; exit 1; }
done
if command -v shellcheck >/dev/null; then
  # SC2154, SC2034: variables that lib.sh and its users share.
  shellcheck -x -S warning -e SC2154,SC2034 "${scripts[@]}"
else
  echo "not tried: there is no shellcheck here"
fi
# A training is resumed wherever a job that is submitted again would start one: only timings begin anew.
if grep -nE 'ionsift train|launched train' "${scripts[@]}" | grep -- --overwrite; then
  exit 1
fi
