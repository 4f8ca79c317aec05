# SPDX-License-Identifier: BSD-3-Clause
# How tests start ranks: FindMPI's MPIEXEC_EXECUTABLE (srun, where a site has no mpirun), MPIEXEC_NUMPROC_FLAG, MPIEXEC_PREFLAGS
# and MPIEXEC_POSTFLAGS are the user's. Scripts of tests take the same from $IONSIFT_MPIEXEC.

# ionsift_launch(<variable> <ranks>): the launcher's words before the program.
function(ionsift_launch variable ranks)
  separate_arguments(before UNIX_COMMAND "${MPIEXEC_PREFLAGS}")
  set(${variable} ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} ${ranks} ${before} PARENT_SCOPE)
endfunction()

# Containers run tests as root, and rank counts exceed the cores. Each MPI has names of its own for that; MPICH allows both.
set(IONSIFT_TEST_ENVIRONMENT OMP_NUM_THREADS=1 "IONSIFT_MPIEXEC=${MPIEXEC_EXECUTABLE} ${MPIEXEC_PREFLAGS}")
execute_process(COMMAND ${MPIEXEC_EXECUTABLE} --version OUTPUT_VARIABLE ionsift_launcher ERROR_VARIABLE ionsift_launcher)
if(ionsift_launcher MATCHES "Open MPI|OpenRTE|PRRTE|prte")
  list(APPEND IONSIFT_TEST_ENVIRONMENT OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1)
  if(ionsift_launcher MATCHES "[(]Open MPI[)] [1-4][.]|OpenRTE")
    list(APPEND IONSIFT_TEST_ENVIRONMENT OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_btl_vader_single_copy_mechanism=none)
  else()
    list(APPEND IONSIFT_TEST_ENVIRONMENT PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1
      PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe OMPI_MCA_smsc=^cma OMPI_MCA_btl_tcp_if_include=lo)
  endif()
endif()
