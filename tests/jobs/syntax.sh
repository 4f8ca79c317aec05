#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# syntax.sh ROOT OUT: every script is checked by bash, and by shellcheck if it is installed.
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
# A job that is submitted again must resume its training: only timings start again from scratch.
if grep -nE 'ionsift train|launched train' "${scripts[@]}" | grep -- --overwrite; then
  exit 1
fi
