#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# doctor.sh IONSIFT RANKS OUT: the doctor reports every rank, writes JSON, and a problem sets its exit status.
set -euo pipefail
binary=$1 ranks=$2 out=$3
rm -rf "$out"
mkdir -p "$out"
export OMPI_MCA_fbtl_posix_read_datasieving=0
unset PMI_SIZE

# The verdicts on BLAS and memory depend on the machine and are not tested.
status=0
${IONSIFT_MPIEXEC:-mpirun} -n "$ranks" "$binary" doctor --folder "$out" --megabytes 0.1 --json --run-json "$out/run.json" >"$out/stdout" || status=$?
python3 - "$out/stdout" "$out/run.json" "$ranks" "$status" <<'END'
import json, sys
printed, kept = (json.load(open(path)) for path in sys.argv[1:3])
ranks = int(sys.argv[3])
for document in (printed, kept):
    result = document["result"]
    problems = [f for f in result["findings"] if f["verdict"] == "problem"]
    assert document["status"] == ("problems" if problems else "ok"), document["status"]
    assert int(sys.argv[4]) == (1 if problems else 0), (sys.argv[4], problems)
    assert {f["topic"] for f in problems} <= {"blas", "gpu"}, problems
    assert len(result["ranks"]) == ranks
    assert all(rank["cores"] and rank["gflops"] > 0 for rank in result["ranks"])
    assert result["write_read"]["values"] == 25000 * ranks and result["write_read"]["wrong"] == 0
    topics = {finding["topic"] for finding in result["findings"]}
    assert topics == {"launch", "nodes", "transport", "clocks", "binding", "memory", "gpu", "blas", "mpi", "hdf5", "folder", "write-read"}, topics
END
[[ $(find "$out" -name 'ionsift-doctor-*' | wc -l) == 0 ]]

# Processes started by the launcher of another MPI do not know each other.
status=0
PMI_SIZE=64 "$binary" doctor --folder "$out" --megabytes 0.1 --quiet >"$out/text" || status=$?
cat "$out/text"
[[ $status == 1 ]] || { echo "exit status $status instead of 1"; exit 1; }
grep -q "^problem  launch" "$out/text"
grep -q "started 64 processes" "$out/text"
