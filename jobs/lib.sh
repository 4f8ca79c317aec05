# SPDX-License-Identifier: BSD-3-Clause
# Shared by the scripts in this folder; not run by itself.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [[ -e $root/CMakeLists.txt ]]; then
  build=${IONSIFT_BUILD:-$root/build/release}
  outputs=${IONSIFT_OUTPUTS:-$root/outputs}
else
  # An installation, PREFIX/share/ionsift: its program is used, and nothing is written into it.
  build=${IONSIFT_BUILD:-$root/../../bin}
  outputs=${IONSIFT_OUTPUTS:-$PWD/ionsift-outputs}
fi

# libopenblas-openmp-dev is named although libtorch would be content with the reference BLAS: with that one the
# same matrix products run 25 times slower.
packages=(
  build-essential cmake ninja-build ccache mold pkg-config git
  libopenmpi-dev openmpi-bin libhdf5-openmpi-dev
  libtorch-dev libopenblas-openmp-dev libeigen3-dev
  gemmi-dev tao-pegtl-dev libsymspg-dev libarchive-dev
  libboost-program-options-dev libspdlog-dev libfmt-dev nlohmann-json3-dev libssl-dev libxxhash-dev libxlsxwriter-dev
  gnuplot-nox
)

export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}

# The launcher of ranks, with options if need be: IONSIFT_MPIEXEC=srun, or "mpirun --bind-to none".
read -ra launcher <<<"${IONSIFT_MPIEXEC:-mpirun}"

# Open MPI refuses root and more ranks than cores unless told otherwise, which containers need. From 5 on its launcher is PRRTE, with names
# of its own. MPICH and srun need nothing. Up to 4 mpirun kills ranks one second after it passed SIGTERM on, unless it is given the option in
# `patience`; from 5 on there is none, and they are killed at once. It is not for every run: with it a rank that fails keeps mpirun waiting
# twice as long, whether the others have ended or not.
patience=""
prepare_launcher() {
  case $("${launcher[0]}" --version 2>&1 | head -n 3) in
  *"(Open MPI) "[1-4].* | *OpenRTE*)
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
    patience="--mca odls_base_sigkill_timeout 60"
    ;;
  *"Open MPI"* | *PRRTE* | *prte*)
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1
    export PRTE_MCA_rmaps_default_mapping_policy=${PRTE_MCA_rmaps_default_mapping_policy:-:oversubscribe}
    ;;
  esac
}
prepare_launcher

say() { printf '\n== %s\n' "$*" >&2; }

# Only quickstart.sh and test.sh install and build, unless their first argument is --no-install; other scripts use what is there.
may_install=""

# Installs what is missing, on Debian and Ubuntu; elsewhere, and where nothing may be installed, names it.
install_packages() {
  command -v dpkg-query >/dev/null || {
    say "no Debian packages here; needed are the equivalents of: ${packages[*]}"
    return 0
  }
  local missing=() package
  for package in "${packages[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  [[ -n $may_install ]] || {
    say "missing packages, should the build complain: apt-get install ${missing[*]}"
    return 0
  }
  local sudo=()
  ((EUID == 0)) || sudo=(sudo)
  say "installing ${missing[*]}"
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# configure_and_build [cmake argument ...]
configure_and_build() {
  say "building in $build"
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release "$@" >/dev/null
  cmake --build "$build"
}

# configure_for_clang: sets fuzz_build, a build of our stages and the fuzz harnesses by clang, for which gemmi's headers are mended.
configure_for_clang() {
  fuzz_build=$root/build/fuzz
  packages+=(clang libclang-rt-14-dev)
  install_packages
  say "building in $fuzz_build"
  cmake -S "$root" -B "$fuzz_build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER=clang \
    -DCMAKE_CXX_COMPILER=clang++ -DIONSIFT_FUZZ=ON -DIONSIFT_BUILD_TESTS=OFF -DIONSIFT_WERROR=OFF >/dev/null
}

# The folder of real data, or nothing.
data_folder() {
  local candidate
  for candidate in "${IONSIFT_DATA:-}" "$root/../shared"; do
    if [[ -n $candidate && -d $candidate/data ]]; then
      (cd "$candidate" && pwd)
      return 0
    fi
  done
  return 1
}

# require_data: sets data, the folder of real data, or says what is missing and ends the script.
require_data() {
  data=$(data_folder) || {
    say "no real data: neither \$IONSIFT_DATA nor ../shared holds data/; docs/data.md says what belongs there"
    exit 1
  }
}

# require_built PROGRAM [cmake argument ...]: says how to build it where there is none. A program in the path will do as well.
require_built() {
  local found
  [[ ! -x $build/$1 ]] || return 0
  if found=$(command -v "$1"); then
    build=$(dirname "$found")
    return 0
  fi
  say "there is no $build/$1. In a clone jobs/quickstart.sh installs what is needed and builds; or
   cmake -S $root -B $build -G Ninja -DCMAKE_BUILD_TYPE=Release ${*:2} && cmake --build $build
   IONSIFT_BUILD names the folder of a program that is elsewhere (docs/install.md)"
  exit 1
}

# require_program: sets program to the one that $IONSIFT names, that of the build, or the one that is installed, in this order. It never
# builds: compute nodes have neither a network nor, often, a compiler.
require_program() {
  program=${IONSIFT:-$build/ionsift}
  [[ -n ${IONSIFT:-} || -x $program ]] || program=$(type -P ionsift || true)
  [[ -x $program ]] || {
    say "there is no program: neither ${IONSIFT:-$build/ionsift} nor one on \$PATH. Build it on the login node (docs/install.md), or name it by IONSIFT=/path/to/ionsift"
    exit 1
  }
}

# Whether the launcher is Open MPI's, whose options others do not know.
is_open_mpi() { "${launcher[0]}" --version 2>/dev/null | grep -qE "Open MPI|OpenRTE"; }

# mpi_of_srun: the option of srun by which Open MPI's ranks find each other, where srun has it; SRUN_MPI names another.
mpi_of_srun() {
  if [[ -n ${SRUN_MPI:-} ]]; then
    echo "--mpi=$SRUN_MPI"
  elif srun --mpi=list 2>&1 | grep -qE "^[[:space:]]*(srun: )?pmix$"; then
    echo "--mpi=pmix"
  fi
}

# obelix_labels: sets labelled, the options by which commands read OBELiX's labels.
obelix_labels() {
  labelled=(--labels "$data/data/obelix/labels.csv" --id-column ID --conductivity-column "Ionic conductivity (S cm-1)")
}

# best_labels: sets labelled and split, the options and the table of sets of the most open labels that are at hand, and
# trained_on, which says in words what these are.
best_labels() {
  if [[ -f $data/data/labels/labels-open.csv && -f $data/data/labels/split-open.csv ]]; then
    labelled=(--labels "$data/data/labels/labels-open.csv" --id-column ID --composition-column "True Composition"
      --conductivity-column "Ionic conductivity (S cm-1)")
    split=$data/data/labels/split-open.csv
    trained_on="labels-open.csv: OBELiX, the study's database and Laskowski et al."
  else
    obelix_labels
    split=$data/data/obelix/split.csv
    trained_on="OBELiX alone; data/labels/labels-open.csv is not at hand (jobs/fetch-data.sh says where it is from)"
  fi
  say "labels: $trained_on"
}

# ionsift COMMAND ... on $RANKS ranks (default: one for each core; nproc would answer with OMP_NUM_THREADS).
ranks=${RANKS:-$(env -u OMP_NUM_THREADS nproc)}
ionsift() { "${launcher[@]}" -n "$ranks" "$build/ionsift" "$@"; }

# step NAME COMMAND ...: runs it and notes its seconds in timings.
timings=()
step() {
  local name=$1 start=$SECONDS
  shift
  say "$name"
  "$@"
  timings+=("$(printf '%-44s %5d s' "$name" $((SECONDS - start)))")
}

# train_ensemble FOLDER OPTION ...: trains into it. A training that was ended goes on; a finished one stays, if it is of the
# same options and plan.
train_ensemble() {
  local folder=$1 word before="" plan="" asked
  shift
  for word in "$@"; do
    [[ $before != --members ]] || plan=$(cksum <"$word")
    before=$word
  done
  asked="$* $plan"
  if [[ -e $folder/ensemble.json && -e $folder/asked.txt && $(<"$folder/asked.txt") == "$asked" ]]; then
    say "$folder is trained already"
    return 0
  fi
  if [[ -e $folder/ensemble.json ]]; then
    say "$folder holds an ensemble that was not asked for so; choose another folder, or remove it"
    return 1
  fi
  mkdir -p "$folder"
  echo "$asked" >"$folder/asked.txt"
  ionsift train --ensemble "$folder" "$@"
}

# kfold_plan READOUT FOLDER: the k-fold setting of the study with this many hidden units in the readout (512 as
# published), written into the folder; prints its path.
kfold_plan() {
  local plan=$2/kfold-study-$1.json
  sed "s/\"readout_hidden\": 512/\"readout_hidden\": $1/" "$root/inputs/kfold-study.json" >"$plan"
  echo "$plan"
}

# seconds_of RUN_JSON: of all its phases together, without the start of the program.
seconds_of() {
  awk '/"phases": \{/ { inside = 1; next } inside && /\}/ { exit } inside { sub(/,$/, ""); sum += $NF } END { print sum }' "$1"
}
