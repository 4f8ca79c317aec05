# SPDX-License-Identifier: BSD-3-Clause
# What tests and benches need besides; adds what is missing to `missing`.
if(IONSIFT_BUILD_TESTS)
  find_package(Catch2 QUIET)
  set(catch2 FALSE)
  if(Catch2_FOUND AND Catch2_VERSION VERSION_GREATER_EQUAL 2.13)
    set(catch2 TRUE)
  endif()
  _ionsift_need(catch2 "Catch2, 2.13 or newer (or configure with -DIONSIFT_BUILD_TESTS=OFF)" catch2 catch2 catch2)
endif()

# Benches need libtorch too.
if(NOT IONSIFT_WITH_LEARN)
  return()
endif()

# BLA_VENDOR is the user's. Without it OpenBLAS is looked for first: a reference BLAS runs the same products 25 times slower.
if(NOT DEFINED BLA_VENDOR AND NOT DEFINED ENV{BLA_VENDOR})
  set(BLA_VENDOR OpenBLAS)
  find_package(BLAS QUIET)
  unset(BLA_VENDOR)
endif()
if(NOT BLAS_FOUND)
  find_package(BLAS QUIET)
endif()
_ionsift_need(BLAS_FOUND "a BLAS, for ionsift-bench" libopenblas-openmp-dev "openblas threads=openmp" libopenblas)
