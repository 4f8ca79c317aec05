# SPDX-License-Identifier: BSD-3-Clause
# Build options and the flags every target of ours is compiled with.

set(IONSIFT_SANITIZE "" CACHE STRING "Sanitizers to compile with, for example address,undefined")
option(IONSIFT_BUILD_TESTS "Build the tests (needs Catch2)" OFF)
option(IONSIFT_WITH_LEARN "Build what needs libtorch; without, the program ends with stores, duplicates, splits and descriptors" ON)
include(CMakeDependentOption)
cmake_dependent_option(IONSIFT_LOAD_TORCH "The program loads libtorch when a command needs it, not at every start" ON
  "IONSIFT_WITH_LEARN;NOT BUILD_SHARED_LIBS;NOT IONSIFT_SANITIZE" OFF)
option(IONSIFT_BUILD_BENCH "Build ionsift-bench without the tests (with them it is built anyway)" OFF)
option(IONSIFT_NATIVE "Compile for this machine's processor (-march=native); binaries then run nowhere else" OFF)
option(IONSIFT_WERROR "Treat warnings in our own code as errors, for development (presets development, ci)" OFF)
option(IONSIFT_UNITY "Compile several sources at a time: a build from nothing takes less than half as long" OFF)
set(IONSIFT_UNITY_BATCH 12 CACHE STRING "Sources compiled at a time with IONSIFT_UNITY")

option(IONSIFT_FUZZ "Build the libFuzzer harnesses (tests/fuzz) instead of the tests; needs clang" OFF)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# An installed program finds its own libraries, and others where they were found, unless that is where every program looks.
if(NOT DEFINED CMAKE_INSTALL_RPATH)
  file(RELATIVE_PATH ionsift_libraries /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
  set(CMAKE_INSTALL_RPATH $ORIGIN $ORIGIN/${ionsift_libraries})
  set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)
endif()

# ccache and mold change nothing but the waiting.
find_program(IONSIFT_CCACHE ccache)
if(IONSIFT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${IONSIFT_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${IONSIFT_CCACHE})
endif()
find_program(IONSIFT_MOLD mold)
if(IONSIFT_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

add_library(ionsift_flags INTERFACE)
target_compile_options(ionsift_flags INTERFACE -Wall -Wextra -Wpedantic
  # In a unity batch what one source calls a local variable another may have at the top.
  $<$<NOT:$<BOOL:${IONSIFT_UNITY}>>:-Wshadow>
  -Wnon-virtual-dtor
  $<$<BOOL:${IONSIFT_WERROR}>:-Werror>
  # GCC 12 sees overlaps in std::string's operator+ that are not there (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  $<$<BOOL:${IONSIFT_NATIVE}>:-march=native>)
if(IONSIFT_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "IONSIFT_FUZZ needs clang; configure with -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ in a folder of its own")
  endif()
  target_compile_options(ionsift_flags INTERFACE -fsanitize=fuzzer-no-link -fno-sanitize-recover=undefined)
  set(IONSIFT_SANITIZE address,undefined)
endif()
if(IONSIFT_SANITIZE)
  target_compile_options(ionsift_flags INTERFACE -fsanitize=${IONSIFT_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(ionsift_flags INTERFACE -fsanitize=${IONSIFT_SANITIZE})
endif()
