// SPDX-License-Identifier: BSD-3-Clause
// Fortran's interface, which every BLAS has; CBLAS has its header in different places.
#pragma once

extern "C" void sgemm_(const char* transa, const char* transb, const int* m, const int* n, const int* k,
                       const float* alpha, const float* a, const int* lda, const float* b, const int* ldb,
                       const float* beta, float* c, const int* ldc);
