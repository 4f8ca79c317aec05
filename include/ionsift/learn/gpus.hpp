// Which GPUs this process sees.
#pragma once

#include <string>
#include <vector>

namespace ionsift::learn {

/// A UUID for each GPU that libtorch sees, which stays the same however a launcher numbers the devices; ""
/// where this libtorch cannot tell it (it was not built for CUDA).
std::vector<std::string> gpu_uuids();

} // namespace ionsift::learn
