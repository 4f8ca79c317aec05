// SPDX-License-Identifier: BSD-3-Clause
#include "parent_options.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/megnet/write_parent.hpp"
#include "ionsift/parallel/interruption.hpp"
#include "ionsift/parallel/together.hpp"

#include "inputs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>
#include <ostream>

namespace ionsift::cli {

namespace {

constexpr std::array set_names = {"train", "validation", "test", "left out"};

void write_epochs(const std::filesystem::path& path, const std::vector<learn::ParentEpoch>& epochs) {
  write_file_atomically(path, [&](std::ostream& out) {
    out << "epoch,loss,validation_loss,validation_error,seconds\n";
    for (const auto& e : epochs) {
      out << fmt::format("{},{:.6g},{:.6g},{:.6g},{:.1f}\n", e.number, e.loss, e.validation_loss,
                         e.validation_error, e.seconds);
    }
  });
}

void write_structures(const std::filesystem::path& path, const learn::GraphExamples& examples,
                      const learn::ParentFit& fit) {
  write_file_atomically(path, [&](std::ostream& out) {
    out << "id,representation,set,target,prediction\n";
    for (std::size_t p = 0; p < examples.size(); ++p) {
      const auto shown = static_cast<crystal::Representation>(examples.representation[p]);
      write_csv_row(out, {examples.id[p], std::string(crystal::name_of(shown)),
                          set_names[static_cast<std::size_t>(fit.set[p])],
                          fmt::format("{:.6g}", examples.target[p]),
                          std::isnan(fit.prediction[p]) ? "" : fmt::format("{:.6g}", fit.prediction[p])});
    }
  });
}

void write_failures(const std::filesystem::path& path, const std::vector<crystal::Failure>& failures) {
  write_file_atomically(path, [&](std::ostream& out) {
    out << "source,block,line,code,message\n";
    for (const auto& failure : failures) {
      write_csv_row(out, {failure.source, failure.block, std::to_string(failure.line),
                          std::string(name_of(failure.code)), failure.message});
    }
  });
}

} // namespace

void ParentOptions::declare(OptionTable& table) {
  table
      .required_list(
          "input", "PATH", inputs,
          "structures: CIF files, folders of them, archives, pymatgen JSON, CSV with a column of CIFs")
      .required("out", "DIR", out, "folder of the parent: parent.hdf5 for --parent, its .json, tables")
      .add("name", "TEXT", name, "what the parent predicts, for those who use it; empty: found")
      .add("shape", "published|small", shape_,
           "widths of the network: 32 features and 64 hidden units, or 16 and 32")
      .add("features", "N", features_, "columns of V1, V2, V3, up to 32; 0: as the shape has it")
      .add("hidden", "N", hidden_, "hidden units, up to 64; 0: as the shape has it")
      .add("blocks", "N", blocks_, "1, 2 or 3 (V2 and V3 of missing blocks are zero); 0: as the shape has it")
      .add("epochs", "N", training.epochs, "epochs at most; the learning rate falls over all of them")
      .add("batch", "N", training.batch, "structures of one step")
      .add("piece", "N", training.piece,
           "structures that one rank works on at a time; ranks beyond batch / piece are idle")
      .add("learning-rate", "X", training.learning_rate, "the highest one, of Adam")
      .add("patience", "N", training.patience,
           "epochs without a better validation loss after which training ends; 0: never")
      .add("validation", "SHARE", training.validation_share, "of the structures, to choose the best epoch by")
      .add("test", "SHARE", training.test_share, "of the structures, looked at once, at the end")
      .add("train-max-edges", "N", max_edges_,
           "larger structures (by distinct edges) are held out or left out; 0: all are trained on")
      .add("max-edges", "N", examples.max_edges, "neighbours above which a structure is rejected")
      .add("seed", "N", training.seed, "the same seed gives the same weights, on any number of ranks")
      .add("checkpoint-every", "S", checkpoint_every_,
           "seconds between states from which a killed run resumes")
      .add("structure-column", "NAME", source.structure_column,
           "column of CIFs in a CSV; empty: found by name")
      .add_switch("overwrite", overwrite_, "replace an existing parent");
}

void ParentOptions::settle(const std::string& data) {
  IONSIFT_VALIDATE(shape_ == "published" || shape_ == "small", usage, fmt::format("--shape {}", shape_),
                   "expected published or small", "Give one of these.");
  auto& shape = training.shape;
  shape = shape_ == "small" ? learn::ParentShape::small() : learn::ParentShape::published();
  shape.features = features_ > 0 ? features_ : shape.features;
  shape.hidden = hidden_ > 0 ? hidden_ : shape.hidden;
  shape.blocks = blocks_ > 0 ? blocks_ : shape.blocks;
  shape.validate();
  training.max_edges = max_edges_;
  for (const auto& input : inputs) {
    examples.inputs.push_back(find_structures(input, data));
  }
  examples.source = source;
}

void ParentOptions::prepare_folder(const parallel::Communicator& comm) const {
  parallel::on_root(comm, [&] {
    IONSIFT_VALIDATE(overwrite_ || !std::filesystem::exists(file()), conflict,
                     fmt::format("{} exists", file().string()), "training would replace it",
                     "Choose another folder, or give --overwrite.");
  });
}

void ParentOptions::note_inputs(const parallel::Communicator& comm, const learn::ExampleSet& set,
                                RunRecord& record) const {
  note_source(set.source, record);
  // Said before the training, which takes long.
  if (!comm.is_root()) {
    return;
  }
  warn_of_source(set.source);
  if (!set.source.passed_over.empty()) {
    log::info("passed over: {}", crystal::in_words(set.source.passed_over));
  }
  if (!set.failures.empty()) {
    log::warning("{} structures could not be used; {} lists them", set.failures.size(),
                 (folder() / "failures.csv").string());
  }
}

learn::ParentFit ParentOptions::fit(const parallel::Communicator& comm, const learn::ExampleSet& set,
                                    RunRecord& record) {
  record.counts() = {{"structures", set.structures},
                     {"examples", set.examples.size()},
                     {"failures", set.failures.size()},
                     {"unlabelled", set.unlabelled},
                     {"repeated", set.repeated},
                     {"without_edges", set.without_edges},
                     {"rows", set.examples.multiplicity.size()},
                     {"edges", set.examples.neighbour.size()}};
  note_inputs(comm, set, record);
  const ScopedPhase phase(record.phases(), "train");
  parallel::Interruption interruption(comm);
  training.checkpoint.file = folder() / "checkpoint.h5";
  training.checkpoint.every = checkpoint_every_;
  training.checkpoint.asked = [&] { return interruption.keeping(); };
  training.interrupted = [&] { return interruption.ending(); };
  auto fit = learn::fit_parent(comm, set.examples, examples.converter, training);
  training.checkpoint.asked = nullptr;
  training.interrupted = nullptr;
  return fit;
}

megnet::Parent ParentOptions::write(const learn::ExampleSet& set, const learn::ParentFit& fit,
                                    megnet::Parent parent, nlohmann::json notes) const {
  parent.weights = fit.weights;
  parent.elements = fit.elements;
  parent.converter = examples.converter;
  const auto trained_on = std::count(fit.set.begin(), fit.set.end(), learn::ParentSet::train);
  notes.update({{"written by", fmt::format("ionsift {}", version())},
                {"shape", training.shape.to_json()},
                {"seed", training.seed},
                {"epochs", fit.epochs.size()},
                {"best epoch", fit.best},
                {"trained on", trained_on},
                {"held out", fit.test.structures}});
  auto& digests = notes["inputs"] = nlohmann::json::object();
  for (const auto& input : examples.inputs) {
    const auto shown = input.filename().string();
    digests[shown] = std::filesystem::is_regular_file(input) ? sha256_of_file(input) : "folder";
  }
  megnet::write_parent(parent, file(), notes);
  write_epochs(folder() / "epochs.csv", fit.epochs);
  write_structures(folder() / "structures.csv", set.examples, fit);
  write_failures(folder() / "failures.csv", set.failures);
  std::filesystem::remove(folder() / "checkpoint.h5");
  return megnet::Parent::load(file());
}

void ParentOptions::leave(const parallel::Communicator& comm, const learn::ParentFit& fit,
                          RunRecord& record) const {
  record.interrupt("Give the same command again, on any number of ranks: it resumes where this run ended.");
  record.result()["epochs"] = fit.epochs.size();
  if (comm.is_root()) {
    std::cout << fmt::format("interrupted after {} epochs; the same command resumes\n", fit.epochs.size());
  }
}

} // namespace ionsift::cli
