// SPDX-License-Identifier: BSD-3-Clause
// Capture of repeated work on a device as a CUDA graph.
#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <memory>

namespace ionsift::learn {

/// Puts the calling thread's GPU work into a separate stream during its lifetime: only such a
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
/// reads no value from the device. If capturing fails, it continues uncaptured, with a warning.
class RepeatedStep {
public:
  RepeatedStep(const at::Device& device, std::function<void()> work);
  RepeatedStep(const RepeatedStep&) = delete;
  RepeatedStep& operator=(const RepeatedStep&) = delete;
  ~RepeatedStep();

  void run();
  /// Whether it is being replayed.
  bool is_captured() const;

private:
  std::function<void()> work_;
  struct State;
  std::unique_ptr<State> state_; ///< null if nothing is captured
};

} // namespace ionsift::learn
