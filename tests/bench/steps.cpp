// SPDX-License-Identifier: BSD-3-Clause
#include "steps.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/graph/graph.hpp"
#include "ionsift/store/write/writer.hpp"

#include "forward.hpp"
#include "read/interpret_cif.hpp"
#include "read/valence.hpp"
#include "symmetry/orbits.hpp"
#include "timing.hpp"

#include <fmt/format.h>

#include <cstring>
#include <optional>

namespace ionsift::bench {

namespace {

using crystal::Crystal;

/// The part of a graph that a representation uses.
struct Shown {
  graph::Graph graph;
  std::vector<std::vector<crystal::Species>> species;
};

Shown show(const Crystal& crystal, const graph::Graph& whole, crystal::Representation representation) {
  Shown shown;
  std::vector<bool> keep;
  for (auto& species : crystal::represent(crystal, representation)) {
    keep.push_back(!species.empty());
    if (keep.back()) {
      shown.species.push_back(std::move(species));
    }
  }
  shown.graph = graph::subgraph(whole, keep);
  return shown;
}

/// Multiply-adds of a block's matrix products (the table of distances and softplus are not counted).
double products_of_block(int k, bool keep_edges, double rows, double edges) {
  constexpr double square = 64.0 * 64.0, half = 32.0 * 64.0;
  const double before = k > 0 ? 2 * half : 0;
  const double an_edge = before + (k > 0 ? half : 0) + square + (keep_edges ? half : 0);
  const double a_row = before + 2 * half + half + 2 * half + square + half;
  const double once = before + 2 * half + (keep_edges ? 3 * half + square + half : 0);
  return edges * an_edge + rows * a_row + once;
}

class StepMeasurement {
public:
  explicit StepMeasurement(const StepOptions& options)
      : options_(options), parent_(megnet::Parent::load(options.parent)),
        forward_(parent_, parent_.converter), production_(parent_, featurizer_options(options)) {}

  nlohmann::json run() {
    choose(read_all());
    read_seconds_.clear(); // the first time the files may come from the disk
    for (int pass = 0; pass < options_.passes; ++pass) {
      counts_ = {};
      read_all();
      for (item_ = 0; item_ < entries_.size(); ++item_) {
        measure(entries_[item_]);
      }
      measure_production();
      measure_write();
      laps_.end_pass();
    }
    return document();
  }

private:
  struct Counts {
    double bytes = 0, sites = 0, rows = 0, edges = 0, shown_rows = 0;
    std::map<std::string, double> flops; ///< by step
  };

  static megnet::FeaturizerOptions featurizer_options(const StepOptions& options) {
    megnet::FeaturizerOptions result;
    result.representations = options.representations;
    result.request = options.request;
    return result;
  }

  int depth() const {
    int depth = options_.request.prediction ? 3 : 0;
    for (int level = 1; level <= 3; ++level) {
      depth = options_.request.levels[static_cast<std::size_t>(level)] ? std::max(depth, level) : depth;
    }
    return depth;
  }

  std::vector<crystal::Entry> read_all() {
    const double begin = now();
    crystal::EntryStream stream(options_.inputs);
    std::vector<crystal::Entry> entries;
    while (auto item = stream.next()) {
      if (auto* entry = std::get_if<crystal::Entry>(&*item)) {
        entries.push_back(std::move(*entry));
      }
    }
    read_seconds_.push_back(now() - begin);
    read_entries_ = entries.size();
    return entries;
  }

  /// Keeps the entries that are to be measured and hold one good crystal, and their features for comparison.
  void choose(std::vector<crystal::Entry> entries) {
    for (std::size_t i = 0; i < entries.size(); i += options_.every) {
      auto& entry = entries[i];
      auto results = crystal::read_entry(entry.bytes, entry.name);
      auto* crystal = results.size() == 1 ? std::get_if<Crystal>(&results.front()) : nullptr;
      if (crystal == nullptr) {
        ++failures_;
        continue;
      }
      try {
        store::StructureRecord record{entries_.size(), 0, 0, std::move(*crystal), {}};
        record.features = production_.run(record.crystal);
        records_.push_back(std::move(record));
        entries_.push_back(std::move(entry));
      } catch (const Error&) {
        ++failures_;
      }
    }
    IONSIFT_VALIDATE(!entries_.empty(), data, "nothing to measure", "no entry gave features",
                     "Give other inputs.");
  }

  void measure(const crystal::Entry& entry) {
    const crystal::ReadOptions read;
    laps_.start(item_);
    const auto document = crystal::parse_cif(entry.bytes);
    laps_.lap("parse");
    auto raw = crystal::interpret_cif(std::get<crystal::CifBlock>(document.blocks.front()), read);
    laps_.lap("interpret");
    Crystal crystal = crystal::assemble_sites(raw, read);
    laps_.lap("expand");
    crystal::assign_oxidation_states(crystal, raw);
    laps_.lap("oxidation");
    if (crystal.orbit_source == crystal::OrbitSource::none) {
      crystal::find_orbits(crystal, read);
    }
    laps_.lap("orbits");
    crystal.sha256 = sha256(entry.bytes);
    laps_.lap("hash");
    const auto whole = graph::build_graph(crystal, {.cutoff = parent_.converter.cutoff});
    laps_.lap("neighbours");
    counts_.bytes += static_cast<double>(entry.bytes.size());
    counts_.sites += static_cast<double>(crystal.sites.size());
    counts_.rows += static_cast<double>(crystal.orbits.size());
    const auto& expected = records_[item_].features;
    for (std::size_t i = 0; i < options_.representations.size(); ++i) {
      laps_.start(item_);
      const Shown shown = show(crystal, whole, options_.representations[i]);
      laps_.lap("representation");
      pass_through(shown, expected.representations[i]);
    }
  }

  void pass_through(const Shown& shown, const megnet::RepresentationFeatures& expected) {
    const auto rows = static_cast<double>(shown.graph.rows()),
               edges = static_cast<double>(shown.graph.edges());
    counts_.shown_rows += rows;
    counts_.edges += edges;
    laps_.start(item_);
    const float* v0 = forward_.embed(shown.species);
    compare(shown, expected, 0, v0);
    laps_.start(item_);
    forward_.embed(shown.species);
    forward_.start(shown.graph.rows());
    laps_.lap("embedding");
    for (int k = 0; k < depth(); ++k) {
      const bool keep_edges = k + 1 < depth() || options_.request.prediction;
      laps_.start(item_);
      const float* v = forward_.block(k, shown.graph, keep_edges);
      const char* const name = blocks_[static_cast<std::size_t>(k)];
      laps_.lap(name);
      counts_.flops[name] += 2 * products_of_block(k, keep_edges, rows, edges);
      compare(shown, expected, k + 1, v);
    }
    if (options_.request.prediction && shown.graph.rows() > 0) {
      laps_.start(item_);
      forward_.predict(shown.graph);
      laps_.lap("prediction");
      counts_.flops["prediction"] += 2 * 32.0 * 16.0 * (rows + edges);
    }
  }

  void compare(const Shown& shown, const megnet::RepresentationFeatures& expected, int level,
               const float* v) {
    const auto& matrix = expected.levels[static_cast<std::size_t>(level)];
    const bool comparable =
        options_.request.levels[static_cast<std::size_t>(level)] && expected.cutoff == shown.graph.cutoff;
    if (comparable && matrix.size() > 0) {
      const auto bytes = static_cast<std::size_t>(matrix.size()) * sizeof(float);
      same_ = same_ && std::memcmp(matrix.data(), v, bytes) == 0;
      ++compared_;
    }
  }

  /// The two calls that `featurize` makes for each entry, to check the sum.
  void measure_production() {
    const double begin = now();
    for (const auto& entry : entries_) {
      const auto results = crystal::read_entry(entry.bytes, entry.name);
      production_.run(std::get<Crystal>(results.front()));
    }
    production_seconds_.push_back(now() - begin);
  }

  void measure_write() {
    store::Provenance provenance;
    provenance.parent_name = parent_.name;
    provenance.parent_sha256 = parent_.sha256;
    provenance.converter = parent_.converter;
    provenance.representations = options_.representations;
    provenance.levels = options_.request.levels;
    provenance.prediction = options_.request.prediction;
    auto records = records_;
    const auto path = options_.scratch / "steps.h5";
    laps_.start(0);
    store::Writer writer(parallel::Communicator(), path, provenance, true);
    constexpr std::size_t batch = 4096;
    for (std::size_t first = 0; first < records.size(); first += batch) {
      const auto last = std::min(records.size(), first + batch);
      writer.append({std::make_move_iterator(records.begin() + static_cast<std::ptrdiff_t>(first)),
                     std::make_move_iterator(records.begin() + static_cast<std::ptrdiff_t>(last))},
                    {});
    }
    writer.close();
    laps_.lap("write");
    written_bytes_ = static_cast<double>(std::filesystem::file_size(path));
    std::filesystem::remove(path);
  }

  nlohmann::json document() const {
    const auto n = static_cast<double>(entries_.size());
    nlohmann::json result = {
        {"structures", entries_.size()}, {"failures", failures_},
        {"passes", options_.passes},     {"same", same_ && compared_ > 0},
        {"bytes", counts_.bytes / n},    {"sites", counts_.sites / n},
        {"rows", counts_.rows / n},      {"rows_of_all_representations", counts_.shown_rows / n},
        {"edges", counts_.edges / n},    {"bytes_written", written_bytes_ / n}};
    Sum sum;
    const auto reads = static_cast<double>(read_entries_);
    add(result, sum, "read", read_seconds_, smallest(read_seconds_), reads);
    for (const auto& step : laps_.steps()) {
      add(result, sum, step.name, step.passes, step.sum_of_least(), n);
    }
    result["ms_median_sum"] = sum.median;
    result["ms_least_sum"] = sum.least;
    result["ms_parse_and_features_as_featurize_calls_them"] = 1e3 * median(production_seconds_) / n;
    return result;
  }

  static constexpr std::array<const char*, 3> blocks_ = {"block 1", "block 2", "block 3"};
  struct Sum {
    double median = 0, least = 0;
  };
  void add(nlohmann::json& result, Sum& sum, const std::string& name, const std::vector<double>& passes,
           double least, double structures) const {
    nlohmann::json step = {{"step", name},
                           {"ms_median", 1e3 * median(passes) / structures},
                           {"ms_least", 1e3 * least / structures}};
    const auto flops = counts_.flops.find(name);
    if (flops != counts_.flops.end()) {
      step["gflops"] = flops->second / least / 1e9;
    }
    sum.median += 1e3 * median(passes) / structures;
    sum.least += 1e3 * least / structures;
    result["steps"].push_back(step);
  }

  StepOptions options_;
  megnet::Parent parent_;
  megnet::Forward<float> forward_;
  megnet::Featurizer production_;
  std::vector<crystal::Entry> entries_;
  std::vector<store::StructureRecord> records_;
  std::size_t item_ = 0, read_entries_ = 0, failures_ = 0, compared_ = 0;
  double written_bytes_ = 0;
  bool same_ = true;
  Counts counts_;
  Laps laps_;
  std::vector<double> read_seconds_, production_seconds_;
};

} // namespace

nlohmann::json measure_steps(const StepOptions& options) {
  return StepMeasurement(options).run();
}

} // namespace ionsift::bench
