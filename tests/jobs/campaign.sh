#!/usr/bin/env bash
# campaign.sh ROOT OUT: what jobs/campaign submits under each scheduler, and that a job which is started again goes on.
# Schedulers, launchers and the program are stubs that write down how they were called.
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
for command in sbatch qsub; do
  stub "$out/bin/$command" <<END
printf '%s ' $command "\$@" >>$log; echo >>$log
grep -cE '^(sbatch|qsub|flux batch) ' $log
END
done
stub "$out/bin/flux" <<END
printf '%s ' flux "\$@" >>$log; echo >>$log
if [[ \$1 == batch ]]; then grep -c '^flux batch ' $log; exit; fi
shift
while [[ \$1 == -* ]]; do shift 2; done
exec "\$@"
END
stub "$out/bin/scontrol" <<END
printf '%s ' scontrol "\$@" >>$log; echo >>$log
END
for launcher in srun mpirun; do
  stub "$out/bin/$launcher" <<END
[[ \$1 != --version ]] || { echo "mpirun (Open MPI) 4.1.4"; exit; }
printf '%s ' $launcher "\$@" >>$log; echo >>$log
while [[ \$1 == -* ]]; do case \$1 in --mca) shift 3 ;; -n | --bind-to | --map-by) shift 2 ;; *) shift ;; esac; done
exec "\$@"
END
done
# The program: its first training is ended by a signal.
stub "$out/build/ionsift" <<END
[[ \$1 != "" ]] || exit 2
echo "ionsift \$*" >>$log
while ((\$#)); do case \$1 in --run-json) record=\$2 ;; --ensemble) ensemble=\$2 ;; train | screen) command=\$1 ;; esac; shift; done
if [[ \${command:-} == train ]]; then
  if [[ ! -e $out/begun ]]; then
    touch $out/begun
    echo '{"status": "interrupted"}' >"\$record"
    exit 75
  fi
  touch "\$ensemble/ensemble.json"
fi
echo '{"status": "ok"}' >"\$record"
END
export PATH=$out/bin:$PATH IONSIFT_BUILD=$out/build IONSIFT_DATA=$out/data
unset RANKS LAUNCH DEVICE MEMBERS STAGES LINKS SLURM_ARRAY_TASK_ID PBS_ARRAY_INDEX
chain() {
  : >"$log"
  "$root/jobs/campaign/chain.sh" "$@" >"$out/jobs.txt" 2>"$out/errors" || fail "chain.sh $*: $(<"$out/errors")"
}
# submitted N PATTERN: the N-th line of the log has it
submitted() {
  sed -n "$1p" "$log" | grep -qE -- "$2" || fail "line $1 is not like '$2'"
}

for scheduler in slurm slurm-gpu; do
  chain "$scheduler" "$out/run" -- --partition=short --time=00:30:00
  [[ $(wc -l <"$log") == 6 ]] || fail "not 6 jobs"
  file=slurm-cpu.sh
  [[ $scheduler == slurm ]] || file=slurm-gpu.sh
  submitted 1 "^sbatch --parsable --job-name=ionsift-featurize .*--partition=short --time=00:30:00 .*$file featurize $out/run"
  if sed -n 1p "$log" | grep -q -- --dependency; then fail "the first job waits"; fi
  submitted 2 "--dependency=afterok:1 .*$file tune "
  submitted 3 "--dependency=afterany:2 .*$file tune "
  submitted 4 "--dependency=afterok:3 .*$file train "
  submitted 5 "--dependency=afterany:4 .*$file train "
  submitted 6 "--dependency=afterok:5 .*$file screen "
done
chain pbs "$out/run" -- -q long
submitted 1 "^qsub -N ionsift-featurize .*STAGE=featurize,OUT=$out/run -q long .*pbs.sh"
submitted 4 "-W depend=afterok:3 .*STAGE=train,"
submitted 5 "-W depend=afterany:4 .*STAGE=train,"
STAGES="train screen" LINKS=1 chain flux "$out/run"
submitted 1 "^flux batch --job-name=ionsift-train .*flux.sh train $out/run"
submitted 2 "--dependency=afterok:1 .*flux.sh screen"
for file in slurm-cpu.sh slurm-gpu.sh slurm-array.sh; do
  for directive in --requeue --signal=USR1@120 --open-mode=append --time= --nodes=; do
    grep -q "^#SBATCH $directive" "$root/jobs/campaign/$file" || fail "$file has no $directive"
  done
done
grep -q "^#SBATCH --gpus-per-node" "$root/jobs/campaign/slurm-gpu.sh"
status=0
"$root/jobs/campaign/chain.sh" slrum "$out/run" 2>"$out/errors" || status=$?
[[ $status == 2 ]] || fail "an unknown scheduler ends with $status"

# A job of SLURM whose training is ended goes back into the queue; started again it goes on, and at last is done.
: >"$log"
train() {
  status=0
  (cd "$root" && SLURM_SUBMIT_DIR=$root SLURM_JOB_ID=42 SLURM_CPUS_PER_TASK=2 "$root/jobs/campaign/$1" train "$out/run" \
    >>"$out/output" 2>&1) || status=$?
}
train slurm-cpu.sh
[[ $status == 75 ]] || fail "an ended training ends its job with $status"
grep -q "^srun --cpu-bind=cores .*ionsift train" "$log" || fail "no srun"
grep -q "^scontrol requeue 42" "$log" || fail "the job is not put back"
: >"$log"
train slurm-cpu.sh
[[ $status == 0 ]] || fail "the second start ends with $status"
grep -q "^ionsift train --ensemble $out/run/ensemble .*--device auto" "$log" || fail "no training"
grep -q "^scontrol" "$log" && fail "a job that is done is put back"
grep -q -- --overwrite "$log" && fail "the training began anew"
: >"$log"
train slurm-cpu.sh
[[ $status == 0 && ! -s $log ]] || fail "a finished ensemble is trained again"
# Another plan is another ensemble.
echo '{}' >"$out/members.json"
status=0
MEMBERS=$out/members.json RANKS=2 "$root/jobs/campaign/step.sh" train "$out/run" >"$out/output" 2>&1 || status=$?
[[ $status == 1 ]] || fail "another plan ends with $status"
grep -q "not asked for so" "$out/output"

# GPUs, PBS, Flux, and plain mpirun, which goes on by itself.
rm -rf "$out/run/ensemble"
: >"$log"
train slurm-gpu.sh
grep -q "^ionsift train .*--device cuda" "$log" || fail "no GPU"
rm -rf "$out/run/ensemble"
: >"$log"
printf 'n1\nn1\nn2\n' >"$out/nodes"
PBS_O_WORKDIR=$root PBS_NODEFILE=$out/nodes STAGE=train OUT=$out/run "$root/jobs/campaign/pbs.sh" >"$out/output" 2>&1
grep -qE "^mpirun .*--map-by slot:PE=1 -n 3 .*ionsift train" "$log" || fail "no mpirun under PBS"
rm -rf "$out/run/ensemble"
: >"$log"
(cd "$root" && TASKS=8 "$root/jobs/campaign/flux.sh" train "$out/run") >"$out/output" 2>&1
grep -qE "^flux run -n 8 -c 1 .*ionsift train" "$log" || fail "no flux run"
rm -rf "$out/run" "$out/begun"
RANKS=2 chain mpirun "$out/run"
[[ $(grep -c "^ionsift train" "$log") == 2 ]] || fail "an ended training does not go on"
[[ $(grep -c "^ionsift featurize" "$log") == 2 && $(grep -c "^ionsift screen" "$log") == 1 ]] || fail "stages are missing"
[[ $(<"$out/jobs.txt") == *"screen screen" ]] || fail "the chain does not end"

# An array: one release for each task.
printf 'first.tar.gz\nsecond.tar.gz\n' >"$out/releases.txt"
: >"$log"
(cd "$root" && RELEASES=$out/releases.txt SLURM_SUBMIT_DIR=$root SLURM_JOB_ID=43 SLURM_ARRAY_TASK_ID=2 \
  "$root/jobs/campaign/slurm-array.sh" "$out/run") >"$out/output" 2>&1
grep -q "^ionsift featurize --input second.tar.gz .*--store $out/run/releases/2/store.h5" "$log" || fail "not the second release"
grep -q "^ionsift screen --store $out/run/releases/2/store.h5 .*--out $out/run/releases/2 " "$log" || fail "it is not screened"
