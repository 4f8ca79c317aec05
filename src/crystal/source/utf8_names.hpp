// SPDX-License-Identifier: BSD-3-Clause
// UTF-8 names of archive members in any locale.
#pragma once

#include <locale.h> // NOLINT(modernize-deprecated-headers): newlocale is POSIX

namespace ionsift::crystal {

/// libarchive interprets UTF-8 names in the locale's encoding, and returns none if the locale lacks such
/// letters, as in batch jobs.
class Utf8Names {
public:
  Utf8Names() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) {
      before_ = uselocale(locale_);
    }
  }
  ~Utf8Names() {
    if (locale_ != nullptr) {
      uselocale(before_);
      freelocale(locale_);
    }
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

private:
  locale_t locale_, before_ = nullptr;
};

} // namespace ionsift::crystal
