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
function(ionsift_add_stage stage)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;PUBLIC;PRIVATE" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ionsift_add_stage(${stage}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target ionsift_${stage})
  # Static, or shared with BUILD_SHARED_LIBS.
  add_library(${target} ${arg_SOURCES})
  add_library(ionsift::${stage} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${stage} POSITION_INDEPENDENT_CODE ON
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  set(uses ${arg_USES})
  list(TRANSFORM arg_USES PREPEND ionsift::)
  target_link_libraries(${target} PUBLIC ${arg_USES} ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:ionsift_flags>)
  ionsift_unite(${target})
  _ionsift_note_stages(${stage} ${uses})
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
