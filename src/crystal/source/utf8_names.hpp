// SPDX-License-Identifier: BSD-3-Clause
// Names of members of archives, whatever the locale is.
#pragma once

#include <locale.h> // NOLINT(modernize-deprecated-headers): newlocale is POSIX

namespace ionsift::crystal {

/// libarchive takes names in UTF-8 for names of the locale, and gives none where the locale has no such
/// letters, as that of batch jobs.
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
