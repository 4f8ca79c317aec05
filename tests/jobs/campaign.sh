#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# campaign.sh ROOT OUT: the jobs that jobs/campaign submits to schedulers that are not available here (PBS, Flux), how it starts the program under them and under
# any mpirun, and that an interrupted stage resumes. Those schedulers, launchers and the program are stubs that record how they were
# called; SLURM is real (tests/slurm).
set -euo pipefail
root=$1 out=$2
rm -rf "$out"
mkdir -p "$out/bin" "$out/build" "$out/data/data" "$out/run"
log=$out/log
fail() {
  echo "$*"
  cat "$log"
  exit 1
}

stub() { # PATH: the rest of the script from standard input
  { printf '#!/usr/bin/env bash\n'; cat; } >"$1"
  chmod +x "$1"
}
# Job numbers count up from 1.
stub "$out/bin/qsub" <<END
printf '%s ' qsub "\$@" >>$log; echo >>$log
grep -cE '^(qsub|flux batch) ' $log
END
stub "$out/bin/qstat" <<END
[[ "\$*" == "-f 7.server" ]] || exit 1
printf 'Job Id: 7.server\n    Resource_List.ncpus = 64\n    Resource_List.walltime = 02:30:00\n'
END
stub "$out/bin/flux" <<END
[[ "\$*" != "job timeleft" ]] || { echo 1980; exit; }
printf '%s ' flux "\$@" >>$log; echo >>$log
if [[ \$1 == batch ]]; then grep -c '^flux batch ' $log; exit; fi
shift
while [[ \$1 == -* ]]; do shift 2; done
exec "\$@"
END
stub "$out/bin/mpirun" <<END
[[ \$1 != --version ]] || { cat $out/mpirun-version; exit; }
printf '%s ' mpirun "\$@" >>$log; echo >>$log
while [[ \$1 == -* ]]; do case \$1 in --mca) shift 3 ;; -n | --bind-to | --map-by) shift 2 ;; *) shift ;; esac; done
exec "\$@"
END
echo "mpirun (Open MPI) 4.1.4" >"$out/mpirun-version"
# The program: its first training is interrupted by a signal.
stub "$out/build/ionsift" <<END
[[ \$1 != "" ]] || exit 2
echo "ionsift \$*" >>$log
while ((\$#)); do case \$1 in --run-json) record=\$2 ;; --ensemble) ensemble=\$2 ;; train | screen) command=\$1 ;; esac; shift; done
if [[ \${command:-} == train ]]; then
  if [[ ! -e $out/begun ]]; then
    touch $out/begun
    echo '{"status": "interrupted"}' >"\$record"
    exit 1 # as with some launchers
  fi
  touch "\$ensemble/ensemble.json"
fi
echo '{"status": "ok"}' >"\$record"
END
export PATH=$out/bin:$PATH IONSIFT_BUILD=$out/build IONSIFT_DATA=$out/data
unset RANKS LAUNCH DEVICE MEMBERS STAGES LINKS MAX_HOURS IONSIFT PBS_ARRAY_INDEX PBS_JOBID
chain() {
  : >"$log"
  "$root/jobs/campaign/chain.sh" "$@" >"$out/jobs.txt" 2>"$out/errors" || fail "chain.sh $*: $(<"$out/errors")"
}
# submitted N PATTERN: the N-th line of the log matches PATTERN
submitted() {
  sed -n "$1p" "$log" | grep -qE -- "$2" || fail "line $1 is not like '$2'"
}

# Each stage is two jobs, the second after the end of the first, with any status.
chain pbs "$out/run" -- -q long
[[ $(wc -l <"$log") == 6 ]] || fail "not 6 jobs"
submitted 1 "^qsub -N ionsift-featurize .*STAGE=featurize,OUT=$out/run -q long .*pbs.sh"
submitted 2 "-W depend=afterany:1 .*STAGE=featurize,"
submitted 3 "-W depend=afterok:2 .*STAGE=train,"
submitted 6 "-W depend=afterany:5 .*STAGE=screen,"
STAGES="featurize tune train screen" LINKS=1 chain flux "$out/run"
[[ $(wc -l <"$log") == 4 ]] || fail "not 4 jobs"
submitted 1 "^flux batch --job-name=ionsift-featurize .*flux.sh featurize $out/run"
submitted 2 "--dependency=afterok:1 .*flux.sh tune"
status=0
"$root/jobs/campaign/chain.sh" slrum "$out/run" 2>"$out/errors" || status=$?
[[ $status == 2 ]] || fail "an unknown scheduler ends with $status"
for file in slurm-cpu.sh slurm-gpu.sh slurm-array.sh; do
  for directive in --requeue --signal=B:USR2@120 --open-mode=append --time= --nodes=; do
    grep -q "^#SBATCH $directive" "$root/jobs/campaign/$file" || fail "$file has no $directive"
  done
done
for file in pbs.sh flux.sh; do
  grep -q "was not run under" "$root/jobs/campaign/$file" || fail "$file does not mention that it was not run"
done

# An interrupted stage reports it, and the same job resumes. PBS has 2.5 hours here, Flux 33 minutes left: both reserve three minutes.
pbs() {
  : >"$log"
  status=0
  printf 'n1\nn1\nn2\n' >"$out/nodes"
  PBS_O_WORKDIR=$root PBS_NODEFILE=$out/nodes PBS_JOBID=7.server STAGE=train OUT=$out/run "$root/jobs/campaign/pbs.sh" >"$out/output" 2>&1 ||
    status=$?
}
pbs
[[ $status == 75 ]] || fail "an interrupted training ends its job with $status"
grep -qE "^mpirun --mca odls_base_sigkill_timeout 60 --bind-to core --map-by slot:PE=1 -n 3 .*ionsift train" "$log" || fail "no mpirun under PBS"
grep -qE "^ionsift train --ensemble $out/run/ensemble .*--device auto .*--max-hours 2.4(5|4)" "$log" || fail "PBS has no limit"
pbs
[[ $status == 0 ]] || fail "the second start ends with $status"
! grep -q -- --overwrite "$log" || fail "the training began again"
pbs
[[ $status == 0 && ! -s $log ]] || fail "a finished ensemble is trained again"
# Another plan needs another ensemble.
echo '{}' >"$out/members.json"
status=0
MEMBERS=$out/members.json RANKS=2 "$root/jobs/campaign/step.sh" train "$out/run" >"$out/output" 2>&1 || status=$?
[[ $status == 1 ]] || fail "another plan ends with $status"
grep -q "not asked for so" "$out/output"
# Options of Open MPI's mpirun are given to no other mpirun.
rm -rf "$out/run/ensemble"
echo "Intel(R) MPI Library for Linux* OS, Version 2021.11" >"$out/mpirun-version"
pbs
grep -qE "^mpirun -n 3 $out/build/ionsift train" "$log" || fail "another mpirun gets options of Open MPI's"
: >"$log"
RANKS=2 "$root/jobs/campaign/step.sh" screen "$out/run" >"$out/output" 2>&1
grep -qE "^mpirun -n 2 $out/build/ionsift screen" "$log" || fail "another mpirun gets options of Open MPI's"
# The mpirun of Open MPI 5 has no such timeout.
rm -rf "$out/run/ensemble"
echo "mpirun (Open MPI) 5.0.7" >"$out/mpirun-version"
pbs
grep -qE "^mpirun --bind-to core --map-by slot:PE=1 -n 3 .*ionsift train" "$log" || fail "Open MPI 5 gets options of Open MPI 4"
echo "mpirun (Open MPI) 4.1.4" >"$out/mpirun-version"

rm -rf "$out/run/ensemble"
: >"$log"
(cd "$root" && TASKS=8 "$root/jobs/campaign/flux.sh" train "$out/run") >"$out/output" 2>&1
grep -qE "^flux run -n 8 -c 1 .*ionsift train .*--max-hours 0.(50|49)" "$log" || fail "no flux run with a limit"
rm -rf "$out/run" "$out/begun"
RANKS=2 chain mpirun "$out/run"
[[ $(grep -c "^ionsift train" "$log") == 2 ]] || fail "an interrupted training does not resume"
[[ $(grep -c "^ionsift featurize" "$log") == 2 && $(grep -c "^ionsift screen" "$log") == 1 ]] || fail "stages are missing"
! grep -q "^ionsift tune" "$log" || fail "there is a search that was not requested"
[[ $(<"$out/jobs.txt") == *"screen screen" ]] || fail "the chain does not end"
# With no time left nothing is started, and without a limit none is passed on.
! grep -q -- --max-hours "$log" || fail "a limit that nobody set"
: >"$log"
status=0
MAX_HOURS=0 RANKS=2 "$root/jobs/campaign/step.sh" screen "$out/run" >"$out/output" 2>&1 || status=$?
[[ $status == 75 && ! -s $log ]] || fail "something was started with no time left: $status"

# The program: the one that IONSIFT names, else the build's, else the installed one; none is built.
cp "$out/build/ionsift" "$out/bin/ionsift"
: >"$log"
IONSIFT_BUILD=$out/nowhere RANKS=2 "$root/jobs/campaign/step.sh" screen "$out/run" >"$out/output" 2>&1 || fail "the installed program is not found"
grep -qE "^mpirun .* $out/bin/ionsift screen" "$log" || fail "not the installed program"
rm "$out/bin/ionsift"
for command in cmake ninja apt-get sudo; do stub "$out/bin/$command" <<<"echo $command >>$log"; done
for command in step.sh pbs.sh; do
  : >"$log"
  status=0
  IONSIFT_BUILD=$out/nowhere PBS_O_WORKDIR=$root PBS_NODEFILE=$out/nodes STAGE=screen OUT=$out/run \
    "$root/jobs/campaign/$command" screen "$out/run" >"$out/output" 2>&1 || status=$?
  [[ $status == 1 && ! -s $log ]] || fail "without a program $command ends with $status"
  grep -q "Build it on the login node" "$out/output" || fail "$command has no remedy: $(<"$out/output")"
done
