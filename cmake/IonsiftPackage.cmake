# What `cmake --install` and `cpack` make: the program (component runtime) and the libraries (development).
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/ionsift)
install(DIRECTORY include/ionsift DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(EXPORT ionsift_targets NAMESPACE ionsift:: FILE ionsiftTargets.cmake
  DESTINATION ${package_folder} COMPONENT development)
configure_package_config_file(cmake/packaging/ionsiftConfig.cmake.in ${CMAKE_BINARY_DIR}/ionsiftConfig.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/ionsiftConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/ionsiftConfig.cmake ${CMAKE_BINARY_DIR}/ionsiftConfigVersion.cmake
    cmake/IonsiftDependencies.cmake
  DESTINATION ${package_folder} COMPONENT development)

install(DIRECTORY inputs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/ionsift/inputs COMPONENT runtime)
install(FILES README.md CHANGELOG.md CITATION.cff LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs COMPONENT runtime FILES_MATCHING PATTERN "*.md")

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
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS "openmpi-bin, libopenblas0-openmp, gnuplot-nox")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libionsift-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libtorch-dev, libhdf5-openmpi-dev, libopenmpi-dev, libopenblas-openmp-dev, \
libeigen3-dev, gemmi-dev, libsymspg-dev, libarchive-dev, libboost-program-options-dev, libspdlog-dev, libfmt-dev, \
nlohmann-json3-dev, libcsv-dev, libssl-dev, libxxhash-dev, libjs-chart.js")
include(CPack)
