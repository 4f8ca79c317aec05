// SPDX-License-Identifier: BSD-3-Clause
#include "kernels_body.hpp"

IONSIFT_KERNELS(avx512)
