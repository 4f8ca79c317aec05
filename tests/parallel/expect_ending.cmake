# SPDX-License-Identifier: BSD-3-Clause
# Runs COMMAND (a list) and fails unless it ends by itself with STATUS and prints what matches EXPRESSION.
execute_process(COMMAND ${COMMAND} TIMEOUT 30 RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT status STREQUAL STATUS)
  message(FATAL_ERROR "expected the status ${STATUS}, got \"${status}\" with the output\n${output}")
endif()
if(EXPRESSION AND NOT output MATCHES "${EXPRESSION}")
  message(FATAL_ERROR "expected output that matches \"${EXPRESSION}\", got\n${output}")
endif()
