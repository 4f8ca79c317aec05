// SPDX-License-Identifier: BSD-3-Clause
#include "repeated_step.hpp"

#include "ionsift/base/log.hpp"

#include <exception>
#include <utility>

#ifdef IONSIFT_CUDA
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#endif

namespace ionsift::learn {

#ifdef IONSIFT_CUDA

struct SideStream::State {
  explicit State(const at::Device& device) : guard(c10::cuda::getStreamFromPool(false, device.index())) {}
  c10::cuda::CUDAStreamGuard guard;
};

SideStream::SideStream(const at::Device& device) {
  if (device.is_cuda()) {
    // What the default stream has begun must be there for the other one.
    c10::cuda::device_synchronize();
    state_ = std::make_unique<State>(device);
  }
}

SideStream::~SideStream() {
  if (state_) {
    c10::cuda::getCurrentCUDAStream().synchronize();
  }
}

struct RepeatedStep::State {
  at::cuda::CUDAGraph graph;
  int times = 0;
  bool captured = false;
};

RepeatedStep::RepeatedStep(const at::Device& device, std::function<void()> work) : work_(std::move(work)) {
  if (device.is_cuda()) {
    state_ = std::make_unique<State>();
  }
}

void RepeatedStep::run() {
  // Libraries make their work space and choose their kernels the first times, which a graph may not contain.
  constexpr int warm_up = 3;
  if (!state_ || state_->times < warm_up) {
    work_();
    if (state_) {
      ++state_->times;
    }
    return;
  }
  if (!state_->captured) {
    try {
      state_->graph.capture_begin();
      work_();
      state_->graph.capture_end();
      state_->captured = true;
    } catch (const std::exception& error) {
      log::warning("a training step cannot be captured as a CUDA graph and is launched kernel by kernel: {}",
                   error.what());
      state_.reset();
      work_();
      return;
    }
  }
  state_->graph.replay();
}

bool RepeatedStep::is_captured() const {
  return state_ && state_->captured;
}

#else

struct SideStream::State {};
SideStream::SideStream(const at::Device&) {
}
SideStream::~SideStream() = default;

struct RepeatedStep::State {};
RepeatedStep::RepeatedStep(const at::Device&, std::function<void()> work) : work_(std::move(work)) {
}
void RepeatedStep::run() {
  work_();
}
bool RepeatedStep::is_captured() const {
  return false;
}

#endif

RepeatedStep::~RepeatedStep() = default;

} // namespace ionsift::learn
