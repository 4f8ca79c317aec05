# SPDX-License-Identifier: BSD-3-Clause
# What `cmake --install` and `cpack` make: the program (component runtime) and the libraries (development).
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/ionsift)
install(DIRECTORY include/ionsift DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(EXPORT ionsift_targets NAMESPACE ionsift:: FILE ionsiftTargets.cmake
  DESTINATION ${package_folder} COMPONENT development)
set(IONSIFT_STAGES_OF "")
foreach(stage IN LISTS IONSIFT_STAGES)
  get_property(stages GLOBAL PROPERTY IONSIFT_STAGES_OF_${stage})
  string(APPEND IONSIFT_STAGES_OF "  set(stages_of_${stage} ${stages})\n")
endforeach()
# What shared libraries use inside concerns nobody who links them.
set(IONSIFT_PUBLIC_ONLY "")
if(BUILD_SHARED_LIBS)
  set(IONSIFT_PUBLIC_ONLY PUBLIC_ONLY)
endif()
configure_package_config_file(cmake/packaging/ionsiftConfig.cmake.in ${CMAKE_BINARY_DIR}/ionsiftConfig.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/ionsiftConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/ionsiftConfig.cmake ${CMAKE_BINARY_DIR}/ionsiftConfigVersion.cmake
    cmake/IonsiftDependencies.cmake
  DESTINATION ${package_folder} COMPONENT development)

# Inputs, scripts, documents and results lie to each other as in the source, so that scripts find inputs and links lead somewhere.
set(share ${CMAKE_INSTALL_DATADIR}/ionsift)
install(DIRECTORY inputs docs DESTINATION ${share} COMPONENT runtime)
install(DIRECTORY jobs DESTINATION ${share} COMPONENT runtime USE_SOURCE_PERMISSIONS)
install(DIRECTORY outputs/results DESTINATION ${share}/outputs COMPONENT runtime)
install(DIRECTORY cmake/packaging DESTINATION ${share}/cmake COMPONENT runtime)
install(FILES README.md CHANGELOG.md CITATION.cff LICENSE DESTINATION ${share} COMPONENT runtime)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)

set(CPACK_PACKAGE_VENDOR "The ionsift authors")
set(CPACK_PACKAGE_CONTACT "The ionsift authors <ionsift@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL runtime development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ionsift)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
# Of the MPI that was built with: HDF5's packages are called after it.
set(mpi_packages openmpi-bin libopenmpi-dev libhdf5-openmpi-dev)
get_target_property(hdf5_libraries ionsift::external_hdf5 INTERFACE_LINK_LIBRARIES)
if(hdf5_libraries MATCHES "hdf5[/_]mpich")
  set(mpi_packages mpich libmpich-dev libhdf5-mpich-dev)
endif()
list(POP_FRONT mpi_packages recommended)
list(APPEND recommended gnuplot-nox)
set(needed ${mpi_packages} libeigen3-dev gemmi-dev libsymspg-dev libarchive-dev libboost-program-options-dev libspdlog-dev libfmt-dev
  nlohmann-json3-dev libssl-dev libxxhash-dev)
if(IONSIFT_WITH_LEARN)
  list(APPEND recommended libopenblas0-openmp)
  list(APPEND needed libtorch-dev libopenblas-openmp-dev)
endif()
list(JOIN recommended ", " CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS)
list(JOIN needed ", " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libionsift-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
include(CPack)
