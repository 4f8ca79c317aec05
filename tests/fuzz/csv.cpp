// SPDX-License-Identifier: BSD-3-Clause
// CSV: labels, classes, splits, measurements, properties, ICSD numbers, features, tables of structures.
#include "ionsift/base/csv.hpp"

#include "ionsift/base/text.hpp"
#include "ionsift/dataset/descriptors/atomistic.hpp"
#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/dataset/labels/measurements.hpp"
#include "ionsift/dataset/pairs/leaks.hpp"
#include "ionsift/dataset/split/split.hpp"
#include "ionsift/screen/property_table.hpp"

#include "harness.hpp"

#include <cmath>

using namespace ionsift;

namespace {

namespace fs = std::filesystem;

void require_number(double value, const char* what) {
  if (!std::isfinite(value)) {
    fuzz::finding(fmt::format("{} that is {}", what, value));
  }
}

void read_labels(const fs::path& path) {
  const auto labels = dataset::Labels::read(path);
  for (const auto& label : labels.all()) {
    require_number(label.conductivity, "a conductivity");
    if (const auto composition = labels.composition_of(label.id)) {
      require_number(composition->total(), "a composition");
      composition->reduced().formula();
    }
  }
}

void read_classes(const fs::path& path, const std::string& column) {
  dataset::ClassOptions options;
  options.label_column = column;
  options.threshold = 0.5;
  dataset::Labels::read_classes(path, options);
}

void read_measurements(const fs::path& path) {
  const auto table = dataset::read_measurements(path);
  for (const auto& label : dataset::room_temperature_labels(table.measurements)) {
    require_number(label.conductivity.value_or(0), "a conductivity at room temperature");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static fuzz::MemoryFile file({"fuzz.csv"});
  const auto path = file.path("fuzz.csv");
  const auto text = fuzz::text_of(bytes, size);
  file.write(text);
  std::string last;
  fuzz::expect_error_or_success([&] {
    const auto table = CsvTable::parse(text, "fuzz.csv");
    last = table.header().back();
    for (std::size_t row = 0; row < table.size(); ++row) {
      if (table.row(row).size() != table.header().size()) {
        fuzz::finding("a ragged table");
      }
    }
  });
  fuzz::expect_error_or_success([&] { read_labels(path); });
  fuzz::expect_error_or_success([&] { read_classes(path, last); });
  fuzz::expect_error_or_success([&] { read_measurements(path); });
  fuzz::expect_error_or_success([&] {
    const auto split = dataset::Split::read(path);
    split.folds();
    split.groups();
  });
  fuzz::expect_error_or_success([&] { dataset::FeatureTable::read(path); });
  fuzz::expect_error_or_success([&] { dataset::IcsdNumbers::read(path); });
  for (const auto* property : {&screen::band_gap_property, &screen::hull_property}) {
    fuzz::expect_error_or_success([&] { screen::read_property(path, *property, {}); });
  }
  fuzz::expect_error_or_success([&] { fuzz::expect_sound_entries(crystal::EntryStream({path}), false); });
  return 0;
}
