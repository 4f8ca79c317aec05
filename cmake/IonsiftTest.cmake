# SPDX-License-Identifier: BSD-3-Clause
# Tests: one program for each stage, whose test cases ctest runs by source file.
include(IonsiftLaunch)

# Of tests whose messages go through TCP as between hosts: Open MPI's variables, and MPICH's.
set(IONSIFT_TCP_ENVIRONMENT ${IONSIFT_TEST_ENVIRONMENT}
  OMPI_MCA_btl=self,tcp OMPI_MCA_osc=^sm OMPI_MCA_btl_tcp_if_include=lo MPIR_CVAR_NOLOCAL=1)

# ionsift_cores(<variable> <ranks>): the cores that a test of so many ranks is given; more ranks than cores take turns.
function(ionsift_cores variable ranks)
  set(${variable} 1 PARENT_SCOPE)
  if(ranks GREATER 1)
    set(${variable} 2 PARENT_SCOPE)
  endif()
endfunction()

# ionsift_add_test(<stage>.<topic>
#   SOURCES <file>...            Catch2 test files, beside the CMakeLists.txt that calls this; they become part of test_<stage>
#   [USES <stage>...]            stages linked (their dependencies follow)
#   [LIBRARIES <target>...]      further targets linked
#   [DEFINITIONS <name=value>...]  definitions for all sources of test_<stage>
#   [PRIVATE_HEADERS]            also sees src/<stage>, for tests of what is not public
#   [RANKS <n>...]               runs under the launcher with each of these rank counts; default: once, without it
#   [LABELS <label>...]          default: unit and quick, or mpi where RANKS is given
#   [DATA]                       has test cases tagged [data], which need the real data
#   [TIMEOUT <seconds>])         default: 300
#
# Three tiers: `ctest -L quick` takes minutes, `ctest -LE nightly` is what continuous integration runs, `ctest` is everything.
#
# Hidden test cases (tagged [.] or [.word]) run only when asked for by hand.
# Test cases tagged [data] are registered as a test of their own, <stage>.<topic>.data, labelled `data`. It is
# skipped (by name) where the data are missing, and fails there when the environment has CI=true.
# With RANKS the names end in .np<n>. Building the target test_<stage>_<topic> builds test_<stage>.
function(ionsift_add_test name)
  cmake_parse_arguments(arg "PRIVATE_HEADERS;DATA" "TIMEOUT" "SOURCES;USES;LIBRARIES;DEFINITIONS;RANKS;LABELS" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ionsift_add_test(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  string(REGEX MATCH "^[^.]+" stage ${name})
  set(program test_${stage})
  _ionsift_test_program(${program})
  list(TRANSFORM arg_USES PREPEND ionsift::)
  target_sources(${program} PRIVATE ${arg_SOURCES})
  target_link_libraries(${program} PRIVATE ${arg_USES} ${arg_LIBRARIES})
  target_compile_definitions(${program} PRIVATE ${arg_DEFINITIONS})
  if(arg_PRIVATE_HEADERS)
    target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR}/src/${stage})
  endif()
  string(REPLACE "." "_" topic test_${name})
  if(NOT TARGET ${topic})
    add_custom_target(${topic} DEPENDS ${program})
  endif()

  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  if(NOT arg_LABELS)
    if(arg_RANKS)
      set(arg_LABELS mpi)
    else()
      set(arg_LABELS unit quick)
    endif()
  endif()

  # Catch2 tags every test case with the name of its file, and alternatives are separated by commas.
  set(plain "")
  set(data "")
  foreach(source IN LISTS arg_SOURCES)
    cmake_path(GET source STEM LAST_ONLY file)
    file(READ ${CMAKE_CURRENT_SOURCE_DIR}/${source} text)
    string(REGEX MATCHALL "TEST_CASE[^\n]*\\(" cases "${text}")
    string(REGEX MATCHALL "\\[data\\]" with_data "${text}")
    list(LENGTH cases cases)
    list(LENGTH with_data with_data)
    if(with_data LESS cases)
      string(APPEND plain "[#${file}]~[data]~[.],")
    endif()
    if(with_data GREATER 0)
      string(APPEND data "[#${file}][data]~[.],")
    endif()
  endforeach()
  if(plain)
    _ionsift_register(${name} ${program} "${arg_LABELS}" ${arg_TIMEOUT} "${arg_RANKS}" "${plain}")
  endif()
  if(arg_DATA)
    set(data_labels ${arg_LABELS} data)
    list(REMOVE_ITEM data_labels quick)
    _ionsift_register(${name}.data ${program} "${data_labels}" ${arg_TIMEOUT} "${arg_RANKS}" "${data}" --needs-data)
  endif()
endfunction()

function(_ionsift_test_program program)
  if(TARGET ${program})
    return()
  endif()
  add_executable(${program})
  target_link_libraries(${program} PRIVATE ionsift_test_support ionsift_flags)
  # Tests lie in the rooms of what they test; what they share lies above.
  target_include_directories(${program} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  # When all sources are known.
  cmake_language(EVAL CODE "cmake_language(DEFER CALL ionsift_unite ${program})")
endfunction()

function(_ionsift_register name program labels timeout ranks filter)
  string(REGEX REPLACE ",$" "" filter "${filter}")
  set(command $<TARGET_FILE:${program}> ${ARGN} --filenames-as-tags ${filter})
  set(names "")
  if(ranks)
    foreach(n IN LISTS ranks)
      ionsift_launch(launch ${n})
      add_test(NAME ${name}.np${n} COMMAND ${launch} ${command} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
      list(APPEND names ${name}.np${n})
    endforeach()
    # Beside another test, ranks that wait for each other would wait for cores too.
    set_tests_properties(${names} PROPERTIES PROCESSORS 2)
  else()
    add_test(NAME ${name} COMMAND ${command} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set(names ${name})
  endif()
  set_tests_properties(${names} PROPERTIES
    LABELS "${labels}"
    TIMEOUT ${timeout}
    SKIP_RETURN_CODE 77
    ENVIRONMENT "${IONSIFT_TEST_ENVIRONMENT}")
endfunction()
