// Breaks the rules of rooms on purpose: a header of a later room, and libtorch outside its rooms.
#include "tensor/kernels.hpp"
#include <ATen/ATen.h>
