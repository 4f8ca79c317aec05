// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/memory.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/parallel/together.hpp"

#include "command.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"
#include "parent_options.hpp"

#include <iostream>

namespace ionsift::cli {

namespace {

class ParentDistill : public Command {
public:
  void declare(OptionTable& table) override {
    options_.declare(table);
    table.add("teacher", "FILE", teacher_, "parent whose V1, V2, V3 and prediction are learned")
        .add("representation", "LIST", representation_,
             "any of CAMN, CAN, CAMNS, CANS, separated by commas; a structure is shown in each")
        .add("prediction-weight", "X", options_.training.prediction_weight,
             "of the prediction's loss beside those of the three levels");
  }

  std::optional<std::filesystem::path> run_json() const override { return options_.folder() / "run.json"; }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    options_.settle(common.data);
    const auto teacher = megnet::Parent::load(find_input(teacher_, common.data));
    options_.examples.converter = teacher.converter;
    options_.examples.representations.clear();
    for (const auto& name : split(representation_, ',')) {
      options_.examples.representations.push_back(crystal::representation_of(trim(name)));
    }
    options_.training.sigmoid = teacher.sigmoid;
    options_.prepare_folder(comm);
    const HeldFolder held(comm, options_.folder());
    keep_freed_memory();
    const auto set = [&] {
      const ScopedPhase phase(record.phases(), "graphs");
      return learn::read_examples(comm, options_.examples, nullptr, &teacher);
    }();
    const auto fit = options_.fit(comm, set, record);
    if (fit.interrupted) {
      options_.leave(comm, fit, record);
      return;
    }
    parallel::on_root(comm, [&] {
      options_.write(set, fit, describe(teacher),
                     {{"teacher", teacher.name}, {"teacher sha256", teacher.sha256}});
    });
    record.result().update({{"epochs", fit.epochs.size()},
                            {"best_epoch", fit.best},
                            {"elements", fit.elements.size()},
                            {"teacher_sha256", teacher.sha256},
                            {"test",
                             {{"structures", fit.test.structures},
                              {"mae_of_prediction", fit.test.mean_absolute_error},
                              {"explained", fit.test.explained}}}});
    if (comm.is_root()) {
      print(fit, teacher.unit, common.json, record);
    }
  }

private:
  megnet::Parent describe(const megnet::Parent& teacher) const {
    megnet::Parent parent;
    parent.name = options_.name.empty() ? teacher.name + ", distilled" : options_.name;
    parent.unit = teacher.unit;
    parent.sigmoid = teacher.sigmoid;
    return parent;
  }

  void print(const learn::ParentFit& fit, const std::string& unit, bool json, RunRecord& record) const {
    if (json) {
      std::cout << record.document().dump(2) << '\n';
      return;
    }
    std::cout << fmt::format("{}: {} elements, {} epochs, the best {}\n", options_.file().string(),
                             fit.elements.size(), fit.epochs.size(), fit.best)
              << fmt::format(
                     "{} test examples: of the variance of V1, V2, V3 {:.4f}, {:.4f}, {:.4f} explained, "
                     "prediction within {:.4f} {} of the teacher's\n",
                     fit.test.structures, fit.test.explained[0], fit.test.explained[1], fit.test.explained[2],
                     fit.test.mean_absolute_error, unit);
  }

  ParentOptions options_;
  std::string teacher_ = "models/formation_energy-mp-2019.4.1.hdf5", representation_ = "CAMN,CAMNS";
};

} // namespace

std::unique_ptr<Command> make_parent_distill() {
  return std::make_unique<ParentDistill>();
}

} // namespace ionsift::cli
