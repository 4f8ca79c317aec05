// SPDX-License-Identifier: BSD-3-Clause
// Part of the program: the functions of the rooms that it does not link, each of which calls its namesake in
// the module.
#include "ionsift/base/error.hpp"

#include "torch_functions.hpp"

#include <dlfcn.h>
#include <fmt/ranges.h>
#include <torch/version.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ionsift::learn {

namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = "ionsift_torch.so";
bool loaded = false; ///< libtorch is never requested before main() or in other threads

/// Beside the program, as it is built, or where it is installed.
std::vector<fs::path> places() {
  std::error_code unknown;
  const auto folder = fs::read_symlink("/proc/self/exe", unknown).parent_path();
  return {folder / file_name, folder / IONSIFT_MODULE_FOLDER / file_name};
}

const TorchFunctions& load() {
  std::vector<std::string> reasons;
  for (const auto& place : places()) {
    if (!fs::exists(place)) {
      reasons.push_back(fmt::format("{} does not exist", place.string()));
      continue;
    }
    // Exported: the description of the BLAS is looked up by name.
    void* module = dlopen(place.c_str(), RTLD_NOW | RTLD_GLOBAL);
    if (module == nullptr) {
      reasons.emplace_back(dlerror());
      continue;
    }
    const auto functions =
        reinterpret_cast<const TorchFunctions* (*)()>(dlsym(module, torch_functions_symbol));
    if (functions == nullptr || functions()->size != sizeof(TorchFunctions)) {
      reasons.push_back(fmt::format("{} belongs to another release of ionsift", place.string()));
      continue;
    }
    loaded = true;
    return *functions();
  }
  throw Error(ErrorCode::missing, "what needs libtorch cannot be loaded",
              fmt::format("{}", fmt::join(reasons, "; ")),
              "Keep ionsift_torch.so beside the program (or install ionsift), and set LD_LIBRARY_PATH to the "
              "libraries that it was built with.");
}

const TorchFunctions& torch() {
  static const TorchFunctions& functions = load();
  return functions;
}

/// Whether this node has any GPU driver; if not, libtorch need not be loaded.
bool has_gpu_driver() {
#ifdef IONSIFT_TORCH_WITH_GPUS
  // NVIDIA's, AMD's, and that of the Windows Subsystem for Linux.
  static constexpr std::array devices = {"/dev/nvidiactl", "/dev/kfd", "/dev/dxg"};
  std::error_code unknown;
  return std::any_of(devices.begin(), devices.end(), [&](const char* d) { return fs::exists(d, unknown); });
#else
  return false;
#endif
}

} // namespace

int visible_gpus() {
  return has_gpu_driver() ? torch().visible_gpus() : 0;
}

std::vector<std::string> gpu_uuids() {
  return has_gpu_driver() ? torch().gpu_uuids() : std::vector<std::string>();
}

std::string torch_description() {
  return std::string("libtorch ") + TORCH_VERSION;
}

std::string blas_description() {
  return loaded ? torch().blas_description() : "libtorch's, not loaded";
}

ProductRate measure_products(const parallel::DeviceBinding& device) {
  return torch().measure_products(device);
}

std::unique_ptr<Classifier> read_atomsets(const h5::File& file, const dataset::View& view) {
  return torch().read_atomsets(file, view);
}

Fitted fit_atomsets(const AtomSetsConfiguration& settings, const Configuration& configuration,
                    const dataset::FeatureSet& train, std::uint64_t seed,
                    const parallel::DeviceBinding& device, const FitOptions& options) {
  return torch().fit_atomsets(settings, configuration, train, seed, device, options);
}

std::vector<Fitted> fit_atomsets_stack(const AtomSetsConfiguration& settings,
                                       const Configuration& configuration, const dataset::FeatureSet& train,
                                       const std::vector<StackSeed>& members,
                                       const parallel::DeviceBinding& device, const FitOptions& options) {
  return torch().fit_atomsets_stack(settings, configuration, train, members, device, options);
}

double atomsets_cost(const AtomSetsConfiguration& settings, const Configuration& configuration,
                     const dataset::FeatureSet& train) {
  return torch().atomsets_cost(settings, configuration, train);
}

void write_maml_copy(const Classifier& classifier, const std::filesystem::path& folder) {
  torch().write_maml_copy(classifier, folder);
}

StartWeights StartWeights::load(const std::filesystem::path& path) {
  return torch().load_start_weights(path);
}

void StartWeights::require_compatible(const store::Provenance& store, const std::string& store_name) const {
  (this->*torch().require_compatible)(store, store_name);
}

const Classifier* StartWeights::find(const Configuration& configuration,
                                     const dataset::FeatureSet& train) const {
  return (this->*torch().find_start_weights)(configuration, train);
}

nlohmann::json StartWeights::describe() const {
  return (this->*torch().describe_start_weights)();
}

ParentFit fit_parent(const parallel::Communicator& comm, const GraphExamples& examples,
                     const megnet::GraphConverter& converter, const ParentTraining& options) {
  return torch().fit_parent(comm, examples, converter, options);
}

HeldOut judge_parent(const parallel::Communicator& comm, const GraphExamples& examples,
                     const std::vector<ParentSet>& sets, const megnet::Parent& parent,
                     const megnet::GraphConverter& converter) {
  return torch().judge_parent(comm, examples, sets, parent, converter);
}

} // namespace ionsift::learn
