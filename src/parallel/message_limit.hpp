// SPDX-License-Identifier: BSD-3-Clause
// The longest message passed to MPI.
#pragma once

#include <cstddef>

namespace ionsift::parallel {

/// Bytes of one message, and of all messages of one collective call together. MPI counts and displaces in
/// `int`; longer data are sent in several messages. A variable so that tests can lower it; it must be the
/// same on all ranks.
inline std::size_t message_limit = std::size_t(1) << 30;

} // namespace ionsift::parallel
