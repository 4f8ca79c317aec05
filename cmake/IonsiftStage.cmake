# SPDX-License-Identifier: BSD-3-Clause
include(IonsiftUnity)

# The stages of the data's way, in order. A stage may use those before it, never one after it;
# tests/architecture checks the includes.
set(IONSIFT_ALL_STAGES base parallel crystal graph megnet store dataset learn screen report cli)
set(IONSIFT_STAGES ${IONSIFT_ALL_STAGES})
if(NOT IONSIFT_WITH_LEARN)
  list(REMOVE_ITEM IONSIFT_STAGES learn screen report)
endif()

# ionsift_add_stage(<stage> SOURCES <file>... [USES <stage>...] [PUBLIC <target>...] [PRIVATE <target>...])
#
# Makes the library ionsift_<stage> (alias ionsift::<stage>) from src/<stage>/<file>..., with its public
# headers in include/ionsift/<stage>. USES names the earlier stages whose headers its own headers need.
# Sources see the private headers of all rooms (folders) of their stage as "<room>/<header>".
function(ionsift_add_stage stage)
  _ionsift_add_library(${stage} ${ARGN})
  cmake_parse_arguments(arg "" "" "SOURCES;USES;PUBLIC;PRIVATE" ${ARGN})
  _ionsift_note_stages(${stage} ${arg_USES})
endfunction()

# ionsift_add_room(<stage> <room> SOURCES <file>... [USES <room or stage>...] [PUBLIC <target>...] [PRIVATE <target>...])
#
# A stage in several libraries, one for each room: ionsift_<stage>_<room> (alias ionsift::<stage>_<room>) from
# src/<stage>/<room>/<file>.... USES names earlier rooms of the stage, or stages; ionsift_join_rooms makes the stage of them.
function(ionsift_add_room stage room)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;PUBLIC;PRIVATE" ${ARGN})
  list(TRANSFORM arg_SOURCES PREPEND ${room}/)
  get_property(rooms GLOBAL PROPERTY IONSIFT_ROOMS_OF_${stage})
  set(stages ${arg_USES})
  list(REMOVE_ITEM stages ${rooms})
  list(REMOVE_ITEM arg_USES ${stages})
  list(TRANSFORM arg_USES PREPEND ${stage}_)
  _ionsift_add_library(${stage}_${room} SOURCES ${arg_SOURCES} USES ${stages} ${arg_USES}
    PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  set_property(GLOBAL APPEND PROPERTY IONSIFT_ROOMS_OF_${stage} ${room})
  set_property(GLOBAL APPEND PROPERTY IONSIFT_ROOMS_USE_${stage} ${stages})
endfunction()

# ionsift_join_rooms(<stage> [EXCEPT <room>...]): ionsift_<stage> (alias ionsift::<stage>), the rooms added so far but for those that
# others of them bring along.
function(ionsift_join_rooms stage)
  cmake_parse_arguments(arg "" "" "EXCEPT" ${ARGN})
  get_property(rooms GLOBAL PROPERTY IONSIFT_ROOMS_OF_${stage})
  get_property(stages GLOBAL PROPERTY IONSIFT_ROOMS_USE_${stage})
  if(arg_EXCEPT)
    list(REMOVE_ITEM rooms ${arg_EXCEPT})
  endif()
  list(TRANSFORM rooms PREPEND ionsift::${stage}_)
  add_library(ionsift_${stage} INTERFACE)
  add_library(ionsift::${stage} ALIAS ionsift_${stage})
  set_target_properties(ionsift_${stage} PROPERTIES EXPORT_NAME ${stage})
  target_link_libraries(ionsift_${stage} INTERFACE ${rooms})
  install(TARGETS ionsift_${stage} EXPORT ionsift_targets COMPONENT development)
  _ionsift_note_stages(${stage} ${stages})
endfunction()

function(_ionsift_add_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;PUBLIC;PRIVATE" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${name}: unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target ionsift_${name})
  # Static, or shared with BUILD_SHARED_LIBS.
  add_library(${target} ${arg_SOURCES})
  add_library(ionsift::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  list(TRANSFORM arg_USES PREPEND ionsift::)
  target_link_libraries(${target} PUBLIC ${arg_USES} ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:ionsift_flags>)
  ionsift_unite(${target})
  install(TARGETS ${target} EXPORT ionsift_targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development)
endfunction()

# The global property IONSIFT_STAGES_OF_<stage>: the stage and all that it uses, for find_package(ionsift COMPONENTS <stage>).
function(_ionsift_note_stages stage)
  set(all ${stage})
  foreach(used IN LISTS ARGN)
    get_property(further GLOBAL PROPERTY IONSIFT_STAGES_OF_${used})
    list(APPEND all ${further})
  endforeach()
  list(REMOVE_DUPLICATES all)
  set_property(GLOBAL PROPERTY IONSIFT_STAGES_OF_${stage} ${all})
endfunction()
