// SPDX-License-Identifier: BSD-3-Clause
// Breaks the rules on purpose; see ../../../../CMakeLists.txt.
#include "ionsift/learn/metrics/scores.hpp"
#include <mpi.h>
#include <torch/types.h>
#include <hdf5.h>
