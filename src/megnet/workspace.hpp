// SPDX-License-Identifier: BSD-3-Clause
// Work space that only grows.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace ionsift::megnet {

/// Uninitialised numbers aligned to cache lines, reused between calls.
template <typename Scalar>
class Workspace {
public:
  /// Room for `size` numbers; earlier content is lost when it has to grow.
  Scalar* reserve(std::size_t size) {
    if (size > size_) {
      memory_.reset(); // before the new block, so that the peak is one block
      memory_.reset(static_cast<Scalar*>(::operator new(size * sizeof(Scalar), alignment)));
      size_ = size;
    }
    return memory_.get();
  }
  Scalar* data() const { return memory_.get(); }

private:
  static constexpr std::align_val_t alignment{64};
  struct Free {
    void operator()(Scalar* memory) const { ::operator delete(memory, alignment); }
  };
  std::unique_ptr<Scalar, Free> memory_;
  std::size_t size_ = 0;
};

} // namespace ionsift::megnet
