// SPDX-License-Identifier: BSD-3-Clause
#include "pipeline.hpp"

#include "ionsift/base/memory.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/screen/band_gap.hpp"
#include "ionsift/store/read/reader.hpp"

#include "timing.hpp"

#include <sys/resource.h>

#include <cmath>

namespace ionsift::bench {

namespace {

/// Processor seconds of this process, in the program and in the system.
double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Wall and processor seconds of one part of the pipeline, pass by pass.
struct Times {
  std::vector<double> wall, processor;

  template <typename Body>
  void measure(const parallel::Communicator& comm, const Body& body) {
    comm.barrier();
    const double begin = now(), used = processor_seconds();
    body();
    comm.barrier();
    wall.push_back(now() - begin);
    processor.push_back(comm.all_reduce(processor_seconds() - used, parallel::Reduction::sum));
  }
  nlohmann::json document(std::uint64_t structures) const {
    const auto n = static_cast<double>(structures);
    return {{"seconds_median", median(wall)},
            {"seconds_min", smallest(wall)},
            {"ms_median", 1e3 * median(wall) / n},
            {"ms_min", 1e3 * smallest(wall) / n},
            {"structures_per_second", n / median(wall)},
            {"processor_ms_min", 1e3 * smallest(processor) / n}};
  }
};

} // namespace

nlohmann::json measure_pipeline(const parallel::Communicator& comm, const PipelineOptions& options) {
  Times featurize, gaps, together;
  store::IngestSummary summary;
  PhaseTimes phases;
  std::uint64_t predicted = 0;
  for (int pass = 0; pass < options.passes; ++pass) {
    phases = {};
    // The previous store is removed first, untimed, as Python's file is emptied before its clock starts:
    // a file system that discards what is freed takes up to 0.25 s for these few megabytes.
    parallel::on_root(comm, [&] { std::filesystem::remove(options.ingest.store); });
    featurize.measure(comm, [&] { summary = store::ingest(comm, options.ingest, phases); });
    if (options.gap_parent.empty()) {
      continue;
    }
    gaps.measure(comm, [&] {
      const store::Reader reader(options.ingest.store);
      const auto parent = megnet::Parent::load(options.gap_parent);
      const auto values = screen::predict_gaps(comm, reader, parent, std::nullopt);
      predicted = static_cast<std::uint64_t>(
          std::count_if(values.begin(), values.end(), [](double gap) { return std::isfinite(gap); }));
    });
    together.wall.push_back(featurize.wall.back() + gaps.wall.back());
    together.processor.push_back(featurize.processor.back() + gaps.processor.back());
  }
  nlohmann::json result = {{"ranks", comm.size()},
                           {"passes", options.passes},
                           {"structures", summary.structures},
                           {"failures", summary.failures},
                           {"rows", summary.rows},
                           {"edges", summary.edges},
                           {"bytes_written", std::filesystem::file_size(options.ingest.store)},
                           {"featurize", featurize.document(summary.structures)},
                           {"phases_of_rank_0", phases.all()},
                           {"peak_rss_mb", comm.all_reduce(peak_memory_mb(), parallel::Reduction::max)}};
  if (!options.gap_parent.empty()) {
    result["gaps_predicted"] = predicted;
    result["gaps"] = gaps.document(summary.structures);
    result["together"] = together.document(summary.structures);
  }
  return result;
}

} // namespace ionsift::bench
