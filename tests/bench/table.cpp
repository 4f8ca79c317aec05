// SPDX-License-Identifier: BSD-3-Clause
#include "table.hpp"

#include <fmt/format.h>

#include <ostream>

namespace ionsift::bench {

namespace {

using nlohmann::json;

double number(const json& object, const char* name) {
  return object.at(name).get<double>();
}

void print_products(std::ostream& out, const json& products) {
  out << fmt::format("matrix products, GFLOP/s (own kernels: {})\n",
                     products.at("kernels").get<std::string>())
      << fmt::format("{:>20} {:>9} {:>9} {:>14}\n", "rows x in x out", "OpenBLAS", "own", "with softplus");
  for (const auto& shape : products.at("shapes")) {
    const auto name = fmt::format("{} x {} x {}", shape.at("rows").get<int>(), shape.at("in").get<int>(),
                                  shape.at("out").get<int>());
    out << fmt::format("{:>20} {:>9.1f} {:>9.1f} {:>14.1f}\n", name, number(shape, "openblas_gflops"),
                       number(shape, "own_gflops"), number(shape, "own_with_softplus_gflops"));
  }
  out << '\n';
}

/// @param gemm GFLOP/s, 0 if it was not measured
void print_steps(std::ostream& out, const json& steps, double gemm) {
  out << fmt::format(
             "steps, ms a structure ({} structures of {:.0f} bytes, {:.1f} sites, {:.1f} rows; {:.1f} "
             "rows and {:.1f} edges in all representations; {} passes)\n",
             steps.at("structures").get<int>(), number(steps, "bytes"), number(steps, "sites"),
             number(steps, "rows"), number(steps, "rows_of_all_representations"), number(steps, "edges"),
             steps.at("passes").get<int>())
      << fmt::format("{:>16} {:>9} {:>9} {:>9} {:>8}\n", "step", "median", "least", "GFLOP/s", "of GEMM");
  for (const auto& step : steps.at("steps")) {
    out << fmt::format("{:>16} {:>9.4f} {:>9.4f}", step.at("step").get<std::string>(),
                       number(step, "ms_median"), number(step, "ms_least"));
    if (step.contains("gflops")) {
      out << fmt::format(" {:>9.1f}", number(step, "gflops"));
      if (gemm > 0) {
        out << fmt::format(" {:>8.2f}", number(step, "gflops") / gemm);
      }
    }
    out << '\n';
  }
  out << fmt::format(
      "{:>16} {:>9.4f} {:>9.4f}   (parse to last block, as featurize calls them: {:.4f}; features {})\n\n",
      "sum", number(steps, "ms_median_sum"), number(steps, "ms_least_sum"),
      number(steps, "ms_parse_and_features_as_featurize_calls_them"),
      steps.at("same").get<bool>() ? "the same" : "DIFFERENT");
}

void print_pipeline(std::ostream& out, const json& pipeline) {
  out << fmt::format("the whole way, {} ranks: {} structures, {} failures, peak {:.0f} MB a rank\n",
                     pipeline.at("ranks").get<int>(), pipeline.at("structures").get<int>(),
                     pipeline.at("failures").get<int>(), number(pipeline, "peak_rss_mb"));
  for (const char* part : {"featurize", "gaps", "together"}) {
    if (pipeline.contains(part)) {
      const auto& times = pipeline.at(part);
      out << fmt::format("{:>16} {:>9.3f} s (least {:.3f}), {:.4f} ms a structure, {:.0f} structures/s, "
                         "processor {:.4f} ms\n",
                         part, number(times, "seconds_median"), number(times, "seconds_min"),
                         number(times, "ms_median"), number(times, "structures_per_second"),
                         number(times, "processor_ms_min"));
    }
  }
  for (const auto& [phase, seconds] : pipeline.at("phases_of_rank_0").items()) {
    out << fmt::format("{:>26} {:>9.3f} s\n", phase, seconds.get<double>());
  }
}

void print_training(std::ostream& out, const json& training) {
  out << fmt::format("training, ms an epoch ({} structures, {} rows, {} batches, {} weights, {} epochs)\n",
                     training.at("structures").get<int>(), training.at("rows").get<int>(),
                     training.at("batches").get<int>(), training.at("parameters").get<int>(),
                     training.at("epochs").get<int>())
      << fmt::format("{:>16} {:>9.2f} (least {:.2f})\n", "median", number(training, "ms_epoch_median"),
                     number(training, "ms_epoch_least"))
      << fmt::format("{:>16} {:>9.2f} = products {:.2f} ({:.2f} GFLOP) + optimiser {:.2f}; ratio {:.2f}\n",
                     "floor", number(training, "floor_ms"), number(training, "floor_ms_products"),
                     number(training, "gflop"), number(training, "floor_ms_optimiser"),
                     number(training, "ratio_to_floor"));
}

} // namespace

void print_tables(std::ostream& out, const json& document) {
  const bool has_products = document.contains("products");
  if (has_products) {
    print_products(out, document.at("products"));
  }
  if (document.contains("steps")) {
    print_steps(out, document.at("steps"), has_products ? number(document.at("products"), "gemm_gflops") : 0);
  }
  if (document.contains("pipeline")) {
    print_pipeline(out, document.at("pipeline"));
  }
  if (document.contains("training")) {
    print_training(out, document.at("training"));
  }
}

} // namespace ionsift::bench
