// SPDX-License-Identifier: BSD-3-Clause
// Replaces Catch2 2's single header if Catch2 3 is installed, and defines the names of version 2.
#pragma once

#include <catch2/catch_approx.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <catch2/matchers/catch_matchers_vector.hpp>

#ifdef CATCH_CONFIG_RUNNER
#include <catch2/catch_session.hpp>
#include <catch2/catch_test_case_info.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#endif

namespace Catch::Matchers {

/// For strings. In Catch2 3 this name is a matcher of ranges, in a header that is not included here.
inline StringContainsMatcher Contains(const std::string& text) {
  return ContainsSubstring(text);
}

} // namespace Catch::Matchers

namespace Catch {

using namespace Matchers;

} // namespace Catch

using Catch::Approx;
