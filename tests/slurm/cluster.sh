# SPDX-License-Identifier: BSD-3-Clause
# A SLURM cluster of virtual nodes on this machine, for one test; sourced, not run. As root; without systemd, without munge, and with
# nothing in /etc. Tried with SLURM 22.05.8 of Debian 12, whose slurmd can run several times on one host.
# shellcheck shell=bash
#
#   start_cluster FOLDER NODES [CPUS a node [false GPUs a node]]      sets SLURM_CONF
#
# The cluster ends with the shell that started it, however that ends. $log, if it is set, is shown when a test fails.

fail() {
  echo "$*" >&2
  [[ ! -e ${log:-} ]] || tail -n 60 "$log" >&2
  exit 1
}

# Skips the test by name if it cannot be run; in continuous integration it must be run.
require_slurm() {
  local missing="" command
  for command in slurmctld slurmd sbatch scontrol scancel; do
    command -v "$command" >/dev/null || missing="$command is missing (packages slurmctld slurmd slurm-client slurm-wlm-basic-plugins)"
  done
  [[ -n $missing ]] || ((EUID == 0)) || missing="only root can start SLURM's daemons"
  [[ -n $missing ]] || return 0
  [[ ${CI:-} != true ]] || fail "$missing, and CI=true"
  echo "skipped: $missing"
  exit 77
}

# The first of HOW MANY consecutive ports that are not in use.
free_ports() { # HOW MANY
  python3 - "$1" <<'PYTHON'
import random, socket, sys

count = int(sys.argv[1])
for _ in range(1000):
    first = random.randrange(20000, 32000 - count)
    held = []
    try:
        for port in range(first, first + count):
            held.append(socket.socket())
            held[-1].bind(("0.0.0.0", port))
        print(first)
        break
    except OSError:
        continue
    finally:
        for one in held:
            one.close()
else:
    sys.exit("there are no free ports")
PYTHON
}

# Processes of this cluster: daemons, steps and their children have its configuration in their environment. Jobs do not if they were
# submitted with another one; their steps end with the daemons' steps.
cluster_processes() {
  local pid
  for pid in $(grep -lzxF "SLURM_CONF=$cluster/slurm.conf" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3); do
    [[ $pid == "$$" || $pid == "$BASHPID" ]] || echo "$pid"
  done
}

stop_cluster() {
  local pids
  [[ -n ${cluster:-} ]] || return 0
  for _ in 1 2 3; do # killed processes may have started others in the meantime
    mapfile -t pids < <(cluster_processes)
    ((${#pids[@]})) || break
    kill -KILL "${pids[@]}" 2>/dev/null || true
    sleep 0.1
  done
}

# A daemon ends with this shell, also if the shell is killed.
start_daemon() { # NAME COMMAND ...
  setpriv --pdeathsig KILL "${@:2}" >"$cluster/log/$1.out" 2>&1 &
  echo $! >"$cluster/run/$1.pid"
  disown # no message about its end
}
start_node() { start_daemon "$1" slurmd -D -N "$1"; }

start_cluster() {
  local nodes=$2 cpus=${3:-2} gpus=${4:-0} cores port host n g
  cores=$(env -u OMP_NUM_THREADS nproc)
  ((cpus <= cores)) || cpus=$cores # binding to missing cores fails
  mkdir -p "$1"
  cluster=$(cd "$1" && pwd)
  rm -rf "${cluster:?}"/*
  mkdir -p "$cluster"/{state,log,run}
  port=$(free_ports $((nodes + 1)))
  host=$(hostname -s)
  for ((n = 1; n <= nodes; ++n)); do mkdir -p "$cluster/spool/n$n" "$cluster/tmp/n$n"; done
  # SLURM accepts any character device as a GPU.
  for ((g = 0; g < gpus; ++g)); do mknod "$cluster/run/gpu$g" c 1 3; done
  {
    echo "AutoDetect=off"
    ((gpus == 0)) || echo "NodeName=n[1-$nodes] Name=gpu File=$cluster/run/gpu[0-$((gpus - 1))]"
  } >"$cluster/gres.conf"
  # Each node needs its own folder for shared memory: segments of two nodes with one host name would be confused.
  cat >"$cluster/prolog.sh" <<END
#!/bin/sh
echo "export OMPI_MCA_btl_vader_backing_directory=$cluster/tmp/\$SLURMD_NODENAME"
END
  chmod +x "$cluster/prolog.sh"
  # TmpFS: PMIx creates a folder for each step in it; in a TmpFS of all nodes it would exist already.
  # cred_expire: the seconds that a requeued job waits; 120 by default.
  cat >"$cluster/slurm.conf" <<END
ClusterName=ionsift
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
AuthInfo=cred_expire=5
CredType=cred/none
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool/%n
SlurmctldPidFile=$cluster/run/slurmctld.pid
SlurmdPidFile=$cluster/run/slurmd-%n.pid
SlurmctldLogFile=$cluster/log/slurmctld.log
SlurmdLogFile=$cluster/log/slurmd-%n.log
TmpFS=$cluster/tmp/%n
TaskProlog=$cluster/prolog.sh
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/affinity
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
JobRequeue=1
KillWait=5
SlurmdTimeout=10
ReturnToService=2
MinJobAge=3600
MpiDefault=none
MailProg=/bin/true
GresTypes=gpu
NodeName=n[1-$nodes] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + nodes))] CPUs=$cpus Sockets=1 CoresPerSocket=$cpus ThreadsPerCore=1 RealMemory=8000 Gres=gpu:$gpus State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=60 State=UP
END
  export SLURM_CONF=$cluster/slurm.conf
  trap stop_cluster EXIT
  start_daemon controller slurmctld -D
  for ((n = 1; n <= nodes; ++n)); do start_node "n$n"; done
  for ((n = 0; n < 300; ++n)); do
    [[ $(sinfo -h -t idle -o %D 2>/dev/null) != "$nodes" ]] || return 0
    sleep 0.1
  done
  tail -n 20 "$cluster"/log/* >&2
  fail "the nodes of the cluster did not come up"
}

# job_field NUMBER FIELD: of scontrol show job, as JobState.
job_field() { scontrol show job "$1" 2>/dev/null | grep -oE "\b$2=[^ ]+" | head -n 1 | cut -d= -f2; }

# job_ends NUMBER STATE [SECONDS]: within SECONDS, in STATE.
job_ends() {
  local state="" i
  for ((i = 0; i < ${3:-120} * 2; ++i)); do
    state=$(job_field "$1" JobState || true)
    case $state in
    PENDING | RUNNING | COMPLETING | CONFIGURING | REQUEUED | "") ;;
    *) break ;;
    esac
    sleep 0.5
  done
  [[ $state == "$2" ]] ||
    fail "job $1 is $state instead of $2: $(scontrol show job "$1" | grep -E "Reason|ExitCode|Restarts" | head -n 2)"
}

# wait_until COMMAND ...: waits until it succeeds, two minutes at most.
wait_until() {
  local i
  for ((i = 0; i < 1200; ++i)); do
    ! "$@" || return 0
    sleep 0.1
  done
  fail "timeout while waiting for: $*"
}

# kill_node NAME: its daemon, steps and their children, as in a power failure.
kill_node() {
  local pid
  kill -KILL "$(<"$cluster/run/$1.pid")"
  for pid in $(cluster_processes); do
    # Ranks know their node; a step has its daemon's log open.
    if grep -qzxF "SLURMD_NODENAME=$1" "/proc/$pid/environ" 2>/dev/null ||
      { [[ $(cat "/proc/$pid/comm" 2>/dev/null) == slurmstepd ]] &&
        find "/proc/$pid/fd" -lname "$cluster/log/slurmd-$1.log" 2>/dev/null | grep -q .; }; then
      kill -KILL "$pid" 2>/dev/null || true
    fi
  done
}
