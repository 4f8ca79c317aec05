#include "kernels_body.hpp"

IONSIFT_KERNELS(avx512)
