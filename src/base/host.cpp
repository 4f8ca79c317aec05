// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/host.hpp"

#include <unistd.h>

#include <array>

namespace ionsift {

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

} // namespace ionsift
