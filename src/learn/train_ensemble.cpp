#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/parallel/gather.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "manifest.hpp"
#include "runtime.hpp"
#include "trainer.hpp"
#include "weights_file.hpp"

#include <c10/core/InferenceMode.h>

#include <fstream>
#include <ostream>

namespace ionsift::learn {

namespace {

namespace fs = std::filesystem;

void require_trainable(const dataset::FeatureSet& train, const TrainOptions& options) {
  IONSIFT_VALIDATE(options.plan.members() > 0, usage, "the plan has no members",
                   "an ensemble needs at least one",
                   "List a configuration and give a positive number of seeds.");
  const auto positive = std::count(train.label.begin(), train.label.end(), 1);
  IONSIFT_VALIDATE(
      train.label.size() == train.size() && positive > 0 &&
          positive < static_cast<std::ptrdiff_t>(train.size()),
      data, fmt::format("{} structures, {} labelled 1, cannot train a classifier", train.size(), positive),
      "every one needs a label, and both classes must occur", "Check labels and split.");
  IONSIFT_VALIDATE(train.values.allFinite(), numeric, "a training feature is not finite",
                   "it would make every member diverge", "Featurize again.");
}

/// Makes room for a new ensemble.
void clear_folder(const fs::path& folder, bool overwrite) {
  const bool exists = fs::exists(folder / manifest_name);
  IONSIFT_VALIDATE(!exists || overwrite, conflict, fmt::format("{} holds an ensemble", folder.string()),
                   "training would replace it", "Choose another folder, or give --overwrite.");
  make_folder(folder);
  // The manifest goes first: a folder without one is no ensemble, whatever else lies there.
  fs::remove(folder / manifest_name);
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with("member_") && (name.ends_with(".h5") || name.ends_with(".h5.partial"))) {
      fs::remove(entry.path());
    }
  }
}

/// Arithmetic of one member, in multiplications: products with rows, with structures, and the optimiser.
double estimate_cost(const Configuration& c, const dataset::FeatureSet& train) {
  const auto rows = static_cast<double>(train.weight.size());
  const auto structures = static_cast<double>(train.size());
  const double width = c.width;
  const double hidden = c.readout_hidden;
  const double dense_before =
      width * (static_cast<double>(train.columns()) + (c.layers - 1) * width + hidden);
  const double recurrent = 6 * hidden * hidden;
  const double dense_after = width * (2 * hidden + (c.layers - 1) * width);
  const double weights = dense_before + recurrent + dense_after;
  const double steps = std::ceil(structures / c.batch);
  // A step costs about as much as 2e5 multiplications before anything is computed, and the optimiser moves
  // five numbers a weight through memory.
  return c.epochs * (3 * rows * dense_before + 3 * structures * (c.readout_steps * recurrent + dense_after) +
                     steps * (5 * weights + 2e5));
}

/// Trains the members that this rank draws, and writes their files.
class Worker {
public:
  Worker(const dataset::FeatureSet& train, const TrainOptions& options, fs::path folder)
      : options_(options), folder_(std::move(folder)),
        tensors_(at::TensorOptions(at::kFloat).device(device_of(options.device))),
        examples_(train, tensors_) {}

  MemberEntry run(std::uint64_t member) const {
    const Stopwatch watch;
    MemberEntry entry;
    auto& record = entry.record;
    const auto seeds = static_cast<std::uint64_t>(options_.plan.seeds);
    record.configuration = static_cast<int>(member / seeds);
    record.repeat = static_cast<int>(member % seeds);
    // 63 bits, since HDF5 attributes are signed.
    record.seed = RandomStream(options_.seed,
                               (std::uint64_t(record.configuration) << 32) | std::uint64_t(record.repeat))
                      .bits() >>
                  1;
    AtomSets network(options_.plan.configurations[static_cast<std::size_t>(record.configuration)],
                     examples_.columns(), tensors_);
    const auto result = learn::train(network, examples_, record.seed);
    record.epochs = result.epochs;
    record.loss = result.loss;
    record.diverged = result.diverged;
    if (record.diverged) {
      log::warning("member {} of configuration {} diverged in epoch {} and is not used", record.repeat,
                   record.configuration, record.epochs);
    } else {
      entry.file = fmt::format("member_{:02}_{:02}.h5", record.configuration, record.repeat);
      write_member(folder_ / entry.file, network, record.seed);
      entry.sha256 = sha256_of_file(folder_ / entry.file);
    }
    record.seconds = watch.seconds();
    return entry;
  }

private:
  const TrainOptions& options_;
  fs::path folder_;
  at::TensorOptions tensors_;
  Examples examples_;
};

/// All members, in order, on every rank.
std::vector<MemberEntry> train_members(const parallel::Communicator& comm, const dataset::FeatureSet& train,
                                       const TrainOptions& options, const fs::path& folder) {
  const auto seeds = static_cast<std::size_t>(options.plan.seeds);
  std::vector<double> costs(options.plan.members());
  for (std::size_t member = 0; member < costs.size(); ++member) {
    costs[member] = estimate_cost(options.plan.configurations[member / seeds], train);
  }
  parallel::WorkQueue queue(comm);
  queue.refill(costs);
  const auto finished = comm.make_counter();

  std::vector<std::uint64_t> mine;
  std::vector<std::string> records;
  parallel::together(comm, [&] {
    const c10::InferenceMode without_autograd;
    const Worker worker(train, options, folder);
    Progress progress("members", costs.size());
    while (const auto member = queue.next()) {
      mine.push_back(*member);
      records.push_back(to_json(worker.run(*member)).dump());
      progress.update(static_cast<std::uint64_t>(finished->fetch_add(1)) + 1);
    }
  });

  const auto all = parallel::gather_text_in_order(comm, mine, records);
  const auto list = comm.broadcast(fmt::format("[{}]", fmt::join(all, ",")));
  std::vector<MemberEntry> members;
  for (const auto& json : nlohmann::json::parse(list)) {
    members.push_back(member_entry_from_json(json));
  }
  return members;
}

} // namespace

std::vector<MemberRecord> train_ensemble(const parallel::Communicator& comm, const dataset::FeatureSet& train,
                                         const TrainOptions& options, const fs::path& folder, bool overwrite,
                                         PhaseTimes& phases) {
  prepare_libtorch();
  require_trainable(train, options);
  parallel::on_root(comm, [&] { clear_folder(folder, overwrite); });

  const auto members = [&] {
    const ScopedPhase phase(phases, "train");
    return train_members(comm, train, options, folder);
  }();
  std::vector<MemberRecord> records;
  for (const auto& member : members) {
    records.push_back(member.record);
  }
  IONSIFT_VALIDATE(std::any_of(records.begin(), records.end(), [](const auto& r) { return !r.diverged; }),
                   numeric, fmt::format("all {} members diverged", records.size()),
                   "their losses became infinite or NaN",
                   "Lower max_lr or the L2 factors, or check the features.");

  const ScopedPhase phase(phases, "write");
  parallel::on_root(comm, [&] {
    write_file_atomically(folder / manifest_name, [&](std::ostream& out) {
      out << make_manifest(options, train, members).dump(1) << '\n';
    });
  });
  return records;
}

} // namespace ionsift::learn
