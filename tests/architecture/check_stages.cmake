cmake_minimum_required(VERSION 3.25)
# cmake -DROOT=<tree> -DSTAGES=<a,b,...> -P check_stages.cmake
#
# Fails when a file of one stage includes a header of a later one, or when a third-party library appears
# outside the stages that may use it.
string(REPLACE "," ";" STAGES "${STAGES}")
set(violations 0)

macro(violation text)
  message(NOTICE "${text}")
  math(EXPR violations "${violations} + 1")
endmacro()

# Which stages may include what.
set(only_torch learn)
set(only_mpi parallel store)
set(only_hdf5 base store)

set(earlier "")
foreach(stage IN LISTS STAGES)
  list(APPEND earlier ${stage})
  file(GLOB_RECURSE files ${ROOT}/include/ionsift/${stage}/*.hpp ${ROOT}/src/${stage}/*.hpp ${ROOT}/src/${stage}/*.cpp)
  foreach(file IN LISTS files)
    file(RELATIVE_PATH shown ${ROOT} ${file})
    file(STRINGS ${file} includes REGEX "^[ \t]*#[ \t]*include")
    foreach(line IN LISTS includes)
      if(line MATCHES "\"ionsift/([a-z]+)/" AND NOT CMAKE_MATCH_1 IN_LIST earlier)
        violation("${shown} includes a header of the later stage '${CMAKE_MATCH_1}'")
      endif()
      if(line MATCHES "<(torch|ATen|c10)/" AND NOT stage IN_LIST only_torch)
        violation("${shown} includes libtorch, which belongs to '${only_torch}'")
      endif()
      if(line MATCHES "<mpi\\.h>" AND NOT stage IN_LIST only_mpi)
        violation("${shown} includes MPI, which belongs to '${only_mpi}'")
      endif()
      if(line MATCHES "<hdf5\\.h>" AND NOT stage IN_LIST only_hdf5)
        violation("${shown} includes HDF5, which belongs to '${only_hdf5}'")
      endif()
    endforeach()
    # Newer releases of fmt have it nowhere else.
    file(STRINGS ${file} joins REGEX "fmt::join")
    if(joins AND NOT "${includes}" MATCHES "<fmt/ranges.h>")
      violation("${shown} uses fmt::join without <fmt/ranges.h>")
    endif()
  endforeach()
endforeach()

if(violations GREATER 0)
  message(FATAL_ERROR "${violations} violations of the order of stages (docs/architecture.md)")
endif()
message(NOTICE "stages in order: ${STAGES}")
