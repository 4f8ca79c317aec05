// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"
#include "ionsift/dataset/labels/measurements.hpp"
#include "ionsift/parallel/together.hpp"

#include "command.hpp"
#include "inputs.hpp"
#include "output_table.hpp"

#include <iostream>
#include <map>

namespace ionsift::cli {

namespace {

class MakeLabels : public Command {
public:
  void declare(OptionTable& table) override {
    table
        .required("measurements", "FILE", measurements_,
                  "CSV with a conductivity at some temperature on each line, several lines for an id")
        .required("out", "FILE", out_, "CSV of room-temperature conductivities")
        .add("id-column", "NAME", reading_.id_column, "column of ids; empty: found by name")
        .add("temperature-column", "NAME", reading_.temperature_column,
             "column of temperatures; empty: found by name")
        .add("temperature-unit", "K|C", reading_.temperature_unit,
             "their unit; empty: from the column's name")
        .add("conductivity-column", "NAME", reading_.conductivity_column,
             "column of conductivities; empty: found by name")
        .add("conductivity-unit", "UNIT", reading_.conductivity_unit,
             "S/cm, mS/cm, uS/cm, S/m, mS/m, the same with ohm^-1, '10^-3 S/cm' or 'log10 S/cm'; empty: from "
             "the "
             "column's name or its cells")
        .add("energy-column", "NAME", reading_.energy_column,
             "column of activation energies; empty: found by name")
        .add("energy-unit", "eV|meV|kJ/mol", reading_.energy_unit,
             "their unit; empty: from the column's name")
        .add("default-temperature", "K", default_temperature_,
             "of lines that give none; empty: from the name of the column of conductivities, if it has one")
        .add("room-temperature", "K", options_.temperature, "temperature of the labels")
        .add("tolerance", "K", options_.tolerance, "values this near to it are taken as they are")
        .add_switch("overwrite", overwrite_, OutputTable::overwrite_help);
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_).replace_extension(".run.json");
  }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    parallel::on_root(comm, [&] { label(comm, common, record); });
  }

private:
  void label(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) {
    const OutputTable output(out_, *run_json(), overwrite_);
    if (!default_temperature_.empty()) {
      reading_.default_temperature = convert<double>("default-temperature", default_temperature_);
    }
    const auto table = dataset::read_measurements(find_input(measurements_, common.data), reading_);
    for (const auto& remark : table.remarks) {
      say(comm, record, remark);
    }
    const auto labels = dataset::room_temperature_labels(table.measurements, options_);
    output.make_folder();
    dataset::write_labels(out_, labels);
    output.note_written(record);

    std::map<std::string, int> origins;
    for (const auto& one : labels) {
      ++origins[std::string(dataset::name_of(one.origin))];
    }
    record.counts() = {{"measurements", table.measurements.size()},
                       {"rows_skipped", table.skipped},
                       {"structures", labels.size()},
                       {"labels", origins}};
    if (common.json) {
      std::cout << record.document().dump(2) << '\n';
      return;
    }
    std::cout << fmt::format("{} measurements of {} structures; labels in {}\n", table.measurements.size(),
                             labels.size(), out_);
    for (const auto& [origin, count] : origins) {
      std::cout << fmt::format("  {:<14}{}\n", origin, count);
    }
  }

  std::string measurements_, out_, default_temperature_;
  bool overwrite_ = false;
  dataset::MeasurementOptions reading_;
  dataset::RoomTemperatureOptions options_;
};

} // namespace

std::unique_ptr<Command> make_label() {
  return std::make_unique<MakeLabels>();
}

} // namespace ionsift::cli
