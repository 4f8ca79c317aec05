// SPDX-License-Identifier: BSD-3-Clause
// Work of one shape that is done thousands of times on a device.
#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <memory>

namespace ionsift::learn {

/// Puts what the calling thread does on a GPU into a stream of its own, as long as it lives: only such a
/// stream can be captured. Nothing on other devices, or where libtorch was not built for CUDA.
class SideStream {
public:
  explicit SideStream(const at::Device& device);
  SideStream(const SideStream&) = delete;
  SideStream& operator=(const SideStream&) = delete;
  ~SideStream();

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Runs work as it is for the first few times, and then, on a GPU under CUDA, as a captured graph, whose
/// hundreds of kernels start with one call. The work reads and writes tensors that stay where they are, and
/// asks the device for no value. Where capturing fails it goes on as it was, with a warning.
class RepeatedStep {
public:
  RepeatedStep(const at::Device& device, std::function<void()> work);
  RepeatedStep(const RepeatedStep&) = delete;
  RepeatedStep& operator=(const RepeatedStep&) = delete;
  ~RepeatedStep();

  void run();
  /// Whether it is replayed by now.
  bool is_captured() const;

private:
  std::function<void()> work_;
  struct State;
  std::unique_ptr<State> state_; ///< none where nothing is captured
};

} // namespace ionsift::learn
