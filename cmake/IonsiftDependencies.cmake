# Every third-party library, found in one place. Stages name what they use; nothing is linked globally.
#
# Installed too: find_package(ionsift) reads this very file. Hence no target of our own here that is not imported.
include_guard(DIRECTORY)

find_package(MPI REQUIRED COMPONENTS CXX)
find_package(OpenMP REQUIRED COMPONENTS CXX)

# Debian installs a serial and an Open MPI build side by side; without this the serial one wins.
set(HDF5_PREFER_PARALLEL TRUE)
find_package(HDF5 REQUIRED COMPONENTS C)
if(NOT HDF5_IS_PARALLEL)
  message(FATAL_ERROR "the HDF5 found is serial (${HDF5_INCLUDE_DIRS}). Install libhdf5-openmpi-dev or set HDF5_ROOT to a parallel build.")
endif()
add_library(ionsift_hdf5 INTERFACE IMPORTED)
target_include_directories(ionsift_hdf5 SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
target_compile_definitions(ionsift_hdf5 INTERFACE ${HDF5_C_DEFINITIONS})
# The parallel header of HDF5 includes mpi.h.
target_link_libraries(ionsift_hdf5 INTERFACE ${HDF5_C_LIBRARIES} MPI::MPI_CXX)

find_package(Boost 1.74 REQUIRED COMPONENTS program_options)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(fmt 9 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(LibArchive REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)

# Named explicitly: a reference BLAS runs the same products 25 times slower.
set(BLA_VENDOR OpenBLAS)
find_package(BLAS REQUIRED)

find_path(GEMMI_INCLUDE_DIR gemmi/cif.hpp REQUIRED)
set(gemmi_headers ${GEMMI_INCLUDE_DIR})
if(IONSIFT_FUZZ)
  include(GemmiForClang)
  ionsift_gemmi_for_clang(gemmi_headers)
endif()
add_library(ionsift_gemmi INTERFACE IMPORTED)
target_include_directories(ionsift_gemmi SYSTEM INTERFACE ${gemmi_headers})
target_compile_definitions(ionsift_gemmi INTERFACE USE_STD_SNPRINTF)

find_path(CSV_INCLUDE_DIR csv.h REQUIRED)
find_library(CSV_LIBRARY csv REQUIRED)
add_library(ionsift_csv INTERFACE IMPORTED)
target_include_directories(ionsift_csv SYSTEM INTERFACE ${CSV_INCLUDE_DIR})
target_link_libraries(ionsift_csv INTERFACE ${CSV_LIBRARY})

find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)
add_library(ionsift_xxhash INTERFACE IMPORTED)
target_include_directories(ionsift_xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE_DIR})
target_link_libraries(ionsift_xxhash INTERFACE ${XXHASH_LIBRARY})

find_package(Torch 1.13 REQUIRED)
add_library(ionsift_torch INTERFACE IMPORTED)
target_include_directories(ionsift_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(ionsift_torch INTERFACE ${TORCH_LIBRARIES})
separate_arguments(ionsift_torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
target_compile_options(ionsift_torch INTERFACE ${ionsift_torch_flags})

find_path(SPGLIB_INCLUDE_DIR spglib.h REQUIRED)
find_library(SPGLIB_LIBRARY symspg REQUIRED)
add_library(ionsift_spglib INTERFACE IMPORTED)
target_include_directories(ionsift_spglib SYSTEM INTERFACE ${SPGLIB_INCLUDE_DIR})
target_link_libraries(ionsift_spglib INTERFACE ${SPGLIB_LIBRARY})

# Chart.js draws the figures of the report's page; it is copied into the program.
find_file(CHARTJS_FILE chart.min.js PATHS /usr/share/javascript/chart.js /usr/share/javascript/chartjs REQUIRED)
