# What every test that starts MPI needs: containers run as root, and rank counts exceed the cores.
set(IONSIFT_TEST_ENVIRONMENT
  OMPI_ALLOW_RUN_AS_ROOT=1
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  OMPI_MCA_rmaps_base_oversubscribe=1
  OMPI_MCA_btl_vader_single_copy_mechanism=none
  OMP_NUM_THREADS=1)

# ionsift_add_test(<stage>.<topic>
#   SOURCES <file>...            Catch2 test files, beside the CMakeLists.txt that calls this
#   [USES <stage>...]            stages linked (their dependencies follow)
#   [LIBRARIES <target>...]      further targets linked
#   [PRIVATE_HEADERS]            also sees src/<stage>, for tests of what is not public
#   [RANKS <n>...]               runs under mpirun with each of these rank counts; default: once, without mpirun
#   [LABELS <label>...]          default: unit, or mpi where RANKS is given
#   [DATA]                       has test cases tagged [data], which need the real data
#   [TIMEOUT <seconds>])         default: 300
#
# Hidden test cases (tagged [.] or [.word]) run only when asked for by hand.
# Test cases tagged [data] are registered as a test of their own, <stage>.<topic>.data, labelled `data`. It is
# skipped (by name) where the data are missing, and fails there when the environment has CI=true.
# With RANKS the names end in .np<n>.
function(ionsift_add_test name)
  cmake_parse_arguments(arg "PRIVATE_HEADERS;DATA" "TIMEOUT" "SOURCES;USES;LIBRARIES;RANKS;LABELS" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ionsift_add_test(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  string(REPLACE "." "_" target test_${name})
  string(REGEX MATCH "^[^.]+" stage ${name})
  add_executable(${target} ${arg_SOURCES})
  list(TRANSFORM arg_USES PREPEND ionsift::)
  target_link_libraries(${target} PRIVATE ionsift_test_support ${arg_USES} ${arg_LIBRARIES} ionsift_flags)
  if(arg_PRIVATE_HEADERS)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src/${stage})
  endif()

  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  if(NOT arg_LABELS)
    if(arg_RANKS)
      set(arg_LABELS mpi)
    else()
      set(arg_LABELS unit)
    endif()
  endif()

  _ionsift_register(${name} ${target} "${arg_LABELS}" ${arg_TIMEOUT} "${arg_RANKS}" "~[data]~[.]")
  if(arg_DATA)
    _ionsift_register(${name}.data ${target} "${arg_LABELS};data" ${arg_TIMEOUT} "${arg_RANKS}" "[data]~[.]")
  endif()
endfunction()

function(_ionsift_register name target labels timeout ranks filter)
  set(needs_data "")
  if(filter STREQUAL "[data]~[.]")
    set(needs_data --needs-data)
  endif()
  set(names "")
  if(ranks)
    foreach(n IN LISTS ranks)
      add_test(NAME ${name}.np${n}
        COMMAND ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} ${n} $<TARGET_FILE:${target}> ${needs_data} ${filter}
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
      list(APPEND names ${name}.np${n})
    endforeach()
    # Beside another test, ranks that wait for each other would wait for cores too.
    set_tests_properties(${names} PROPERTIES PROCESSORS 2)
  else()
    add_test(NAME ${name} COMMAND ${target} ${needs_data} ${filter} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set(names ${name})
  endif()
  set_tests_properties(${names} PROPERTIES
    LABELS "${labels}"
    TIMEOUT ${timeout}
    SKIP_RETURN_CODE 77
    ENVIRONMENT "${IONSIFT_TEST_ENVIRONMENT}")
endfunction()
