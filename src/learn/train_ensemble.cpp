#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "manifest.hpp"
#include "output_folder.hpp"

#include <fstream>
#include <ostream>

namespace ionsift::learn {

namespace {

namespace fs = std::filesystem;

void require_members(const MemberPlan& plan) {
  IONSIFT_VALIDATE(!plan.members().empty(), usage, "the plan has no members",
                   "an ensemble needs at least one",
                   "List a configuration and give a positive number of seeds.");
}

/// Trains one member of the plan and writes its file.
MemberEntry train_member(const dataset::FeatureSet& train, const TrainOptions& options,
                         const fs::path& folder, const MemberNumber& member) {
  const Stopwatch watch;
  MemberEntry entry;
  auto& record = entry.record;
  record.configuration = member.configuration;
  record.repeat = member.repeat;
  record.seed = member_seed(options.seed, record.configuration, record.repeat);
  const auto& configuration = options.plan.configurations[static_cast<std::size_t>(record.configuration)];
  FitOptions further;
  further.compositions = &options.compositions;
  if (options.start != nullptr) {
    further.start = options.start->find(configuration, train);
  }
  const auto fitted = fit(configuration, train, record.seed, options.device, further);
  record.epochs = fitted.record.epochs;
  record.loss = fitted.record.loss;
  record.diverged = fitted.record.diverged;
  if (record.diverged) {
    log::warning("member {} of configuration {} diverged in epoch {} and is not used", record.repeat,
                 record.configuration, record.epochs);
  } else {
    entry.file = fmt::format("member_{:02}_{:02}.h5", record.configuration, record.repeat);
    fitted.classifier->write(folder / entry.file, record.seed);
    entry.sha256 = sha256_of_file(folder / entry.file);
    if (!options.maml.empty()) {
      write_maml_copy(*fitted.classifier, options.maml / fs::path(entry.file).stem());
    }
  }
  record.seconds = watch.seconds();
  return entry;
}

/// All members, in order, on every rank.
std::vector<MemberEntry> train_members(const parallel::Communicator& comm, const dataset::FeatureSet& train,
                                       const TrainOptions& options, const fs::path& folder) {
  const auto numbers = options.plan.members();
  std::vector<double> costs;
  for (const auto& number : numbers) {
    costs.push_back(
        training_cost(options.plan.configurations[static_cast<std::size_t>(number.configuration)], train));
  }
  parallel::WorkQueue queue(comm);
  queue.refill(costs);
  const auto finished = comm.make_counter();

  std::vector<std::uint64_t> mine;
  std::vector<std::string> records;
  parallel::together(comm, [&] {
    Progress progress("members", costs.size());
    while (const auto member = queue.next()) {
      mine.push_back(*member);
      records.push_back(to_json(train_member(train, options, folder, numbers[*member])).dump());
      progress.update(static_cast<std::uint64_t>(finished->fetch_add(1)) + 1);
    }
  });

  std::vector<MemberEntry> members;
  for (const auto& json : gather_records(comm, mine, records)) {
    members.push_back(member_entry_from_json(json));
  }
  return members;
}

} // namespace

std::uint64_t member_seed(std::uint64_t seed, int configuration, int repeat) {
  // 63 bits, since HDF5 attributes are signed.
  return RandomStream(seed, (std::uint64_t(configuration) << 32) | std::uint64_t(repeat)).bits() >> 1;
}

std::vector<MemberRecord> train_ensemble(const parallel::Communicator& comm, const dataset::FeatureSet& train,
                                         const TrainOptions& options, const fs::path& folder, bool overwrite,
                                         PhaseTimes& phases) {
  require_members(options.plan);
  require_trainable(train, options.plan.content());
  if (options.start != nullptr) {
    options.start->require_compatible(options.provenance, "the store");
    for (const auto& configuration : options.plan.configurations) {
      options.start->find(configuration, train);
    }
  }
  parallel::on_root(comm, [&] {
    clear_folder(folder, {manifest_name, "member_", "an ensemble", "training would replace it"}, overwrite);
  });

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
