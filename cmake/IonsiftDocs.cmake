# SPDX-License-Identifier: BSD-3-Clause
# `cmake --build BUILD --target docs`: the public headers as HTML in BUILD/reference, by Doxygen where it is installed. A
# docstring that names a parameter that is not there is an error, as is a name that cannot be resolved.

# `--target docs-site`: docs/ as a site in BUILD/site, by mkdocs where it is installed (Debian's mkdocs). A link that leads
# nowhere is an error, as is a page that the navigation does not have.
find_program(IONSIFT_MKDOCS mkdocs DOC "mkdocs, for the target docs-site")
if(IONSIFT_MKDOCS)
  set(IONSIFT_SITE_COMMAND ${IONSIFT_MKDOCS} build --quiet --strict --config-file ${PROJECT_SOURCE_DIR}/cmake/site/mkdocs.yml
    --site-dir ${PROJECT_BINARY_DIR}/site)
  add_custom_target(docs-site COMMAND ${IONSIFT_SITE_COMMAND} VERBATIM COMMENT "The documentation in ${PROJECT_BINARY_DIR}/site")
endif()

find_package(Doxygen QUIET)
if(NOT DOXYGEN_FOUND)
  return()
endif()
set(DOXYGEN_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/reference)
set(DOXYGEN_HTML_OUTPUT .)
set(DOXYGEN_USE_MDFILE_AS_MAINPAGE ${PROJECT_SOURCE_DIR}/docs/architecture.md)
set(DOXYGEN_STRIP_FROM_PATH ${PROJECT_SOURCE_DIR}/include)
set(DOXYGEN_STRIP_FROM_INC_PATH ${PROJECT_SOURCE_DIR}/include)
set(DOXYGEN_EXTRACT_ALL YES)
set(DOXYGEN_JAVADOC_AUTOBRIEF YES)
set(DOXYGEN_SORT_MEMBER_DOCS NO)
set(DOXYGEN_HAVE_DOT NO)
set(DOXYGEN_QUIET YES)
# Names of parameters are often documentation enough.
set(DOXYGEN_WARN_IF_INCOMPLETE_DOC NO)
set(DOXYGEN_WARN_AS_ERROR FAIL_ON_WARNINGS)
doxygen_add_docs(docs ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/docs/architecture.md
  COMMENT "The reference of the public headers in ${PROJECT_BINARY_DIR}/reference")
