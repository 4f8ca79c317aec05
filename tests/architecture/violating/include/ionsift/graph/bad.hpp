// Breaks the rules on purpose; see ../../../../CMakeLists.txt.
#include "ionsift/learn/scores.hpp"
#include <mpi.h>
#include <torch/types.h>
#include <hdf5.h>
