#include "kernels_body.hpp"

IONSIFT_KERNELS(baseline)
