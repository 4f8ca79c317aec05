# SPDX-License-Identifier: BSD-3-Clause
# The version and the commit of the source: from git, from an archive that git made, else the fallback.
#
# Also run as a script with every build (-DSOURCE -DTEMPLATE -DOUTPUT): writes the commit into OUTPUT.

set(IONSIFT_FALLBACK_VERSION 0.1.0)

# ionsift_ask_git(<variable> <folder> <argument>...): "" where git cannot answer
function(ionsift_ask_git variable folder)
  set(answer "")
  find_program(IONSIFT_GIT git)
  if(IONSIFT_GIT AND EXISTS ${folder}/.git)
    # Containers build the sources of other users.
    execute_process(COMMAND ${IONSIFT_GIT} -c safe.directory=* -C ${folder} ${ARGN}
      OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
    if(failed)
      set(answer "")
    endif()
  endif()
  set(${variable} "${answer}" PARENT_SCOPE)
endfunction()

# What git writes into .git_archival.txt of an archive; "" in a working tree, where it is a placeholder.
function(ionsift_archived variable folder key)
  set(${variable} "" PARENT_SCOPE)
  if(EXISTS ${folder}/.git_archival.txt)
    file(STRINGS ${folder}/.git_archival.txt line REGEX "^${key}: [^$]")
    string(REGEX REPLACE "^${key}: " "" value "${line}")
    set(${variable} "${value}" PARENT_SCOPE)
  endif()
endfunction()

# The numbers of the nearest tag vX.Y.Z.
function(ionsift_version variable folder)
  ionsift_ask_git(described ${folder} describe --tags --match "v[0-9]*" --abbrev=0)
  if(NOT described)
    ionsift_archived(described ${folder} describe)
  endif()
  if(described MATCHES "^v([0-9]+\\.[0-9]+\\.[0-9]+)")
    set(${variable} ${CMAKE_MATCH_1} PARENT_SCOPE)
  else()
    set(${variable} ${IONSIFT_FALLBACK_VERSION} PARENT_SCOPE)
  endif()
endfunction()

function(ionsift_commit variable folder)
  ionsift_ask_git(commit ${folder} describe --always --exclude=* --abbrev=12 --dirty)
  if(NOT commit)
    ionsift_archived(commit ${folder} commit)
    string(SUBSTRING "${commit}" 0 12 commit)
  endif()
  if(NOT commit)
    set(commit unknown)
  endif()
  set(${variable} ${commit} PARENT_SCOPE)
endfunction()

# ionsift_commit_source(<template> <output>): a target that keeps <output> up to date.
function(ionsift_commit_source template output)
  add_custom_target(ionsift_commit BYPRODUCTS ${output}
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DTEMPLATE=${template} -DOUTPUT=${output}
      -P ${PROJECT_SOURCE_DIR}/cmake/IonsiftVersion.cmake
    COMMENT "Asking git for the commit" VERBATIM)
  set_source_files_properties(${output} PROPERTIES GENERATED TRUE)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE AND DEFINED OUTPUT)
  ionsift_commit(IONSIFT_COMMIT ${SOURCE})
  configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
endif()
