// SPDX-License-Identifier: BSD-3-Clause
// The doctor's verdicts on the network between the ranks.
#pragma once

#include "ionsift/report/doctor.hpp"

namespace ionsift::report {

/// At least one verdict on each of nodes, transport and clocks.
std::vector<Finding> examine_network(const DoctorFacts& facts);

} // namespace ionsift::report
