// SPDX-License-Identifier: BSD-3-Clause
// The error that a piece of code throws.
#pragma once

#include "ionsift/base/error.hpp"

#include <catch2/catch.hpp>

namespace ionsift::test {

template <typename Body>
Error error_of(const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("no error was thrown");
}

} // namespace ionsift::test
