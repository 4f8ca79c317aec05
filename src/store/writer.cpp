#include "ionsift/store/writer.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/parallel/together.hpp"

#include "collective_access.hpp"
#include "exchange.hpp"
#include "layout.hpp"
#include "tables.hpp"

namespace ionsift::store {

namespace {

namespace fs = std::filesystem;

void require_fitting(bool fits, const StructureRecord& record, std::string_view what) {
  IONSIFT_VALIDATE(fits, internal, fmt::format("features of {} do not fit the store", record.crystal.source),
                   std::string(what), "Report this.");
}

void check_features(const StructureRecord& record, const megnet::RepresentationFeatures& features,
                    const Provenance& provenance) {
  const std::size_t rows = features.orbit.size();
  require_fitting(features.multiplicity.size() == rows, record, "orbits and multiplicities differ in number");
  for (const int orbit : features.orbit) {
    require_fitting(orbit >= 0 && static_cast<std::size_t>(orbit) < record.crystal.orbits.size(), record,
                    "a row belongs to an orbit that the crystal has not");
  }
  for (std::size_t level = 0; level < features.levels.size(); ++level) {
    if (provenance.levels.at(level)) {
      const auto& matrix = features.levels.at(level);
      require_fitting(static_cast<std::size_t>(matrix.size()) == rows * level_columns.at(level), record,
                      "a level has another shape than its rows and columns");
    }
  }
}

void check(const StructureRecord& record, const Provenance& provenance) {
  require_storable(record.crystal);
  require_fitting(record.features.representations.size() == provenance.representations.size(), record,
                  "there are not as many representations");
  for (const auto& features : record.features.representations) {
    check_features(record, features, provenance);
  }
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// What is being written.
struct OpenStore {
  OpenStore(h5::File opened, const parallel::Communicator& comm, const Provenance& provenance)
      : file(std::move(opened)), structures(comm), failures(comm), structure_table(file, provenance),
        crystal_table(file, comm), failure_table(file), history_table(file) {
    for (std::size_t i = 0; i < provenance.representations.size(); ++i) {
      feature_tables.emplace_back(file, comm, provenance, i);
    }
  }

  h5::File file;
  Axis structures, failures;
  StructureTable structure_table;
  CrystalTable crystal_table;
  std::vector<FeatureTable> feature_tables;
  FailureTable failure_table;
  HistoryTable history_table;
};

} // namespace

class Writer::Implementation {
public:
  Implementation(const parallel::Communicator& comm, fs::path path, Provenance provenance, bool overwrite)
      : comm_(comm), path_(std::move(path)), partial_(path_.string() + ".partial"),
        provenance_(std::move(provenance)) {
    parallel::on_root(comm_, [&] {
      IONSIFT_VALIDATE(overwrite || !fs::exists(path_), conflict,
                       fmt::format("{} exists already", path_.string()), "it would be replaced",
                       "Give another name, or say --overwrite.");
      make_folder(folder_of(path_));
    });
    auto file = h5::File::create(partial_, collective_access(comm_));
    provenance_.write(file);
    file.set_attribute("/", "complete", 0);
    open_ = std::make_unique<OpenStore>(std::move(file), comm_, provenance_);
  }

  ~Implementation() {
    if (open_ && comm_.size() > 1) {
      // Closing is collective, and the other ranks may be anywhere. HDF5 closes what is open in MPI_Finalize.
      // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): without memory for this, ending is right
      static auto* const left_open = new std::vector<std::unique_ptr<OpenStore>>;
      left_open->push_back(std::move(open_));
    }
  }

  void append(std::vector<StructureRecord> structures, std::vector<FailureRecord> failures) {
    IONSIFT_VALIDATE(open_ != nullptr, internal, "the store is closed", "close() was called before",
                     "Report this.");
    parallel::together(comm_, [&] {
      for (const auto& record : structures) {
        check(record, provenance_);
      }
    });
    structures = exchange(comm_, std::move(structures), last_structure_);
    failures = exchange(comm_, std::move(failures), last_failure_);

    open_->structures.extend(structures.size());
    open_->structure_table.append(open_->structures, structures);
    open_->crystal_table.append(open_->structures, structures);
    for (auto& table : open_->feature_tables) {
      table.append(open_->structures, structures);
    }
    open_->failures.extend(failures.size());
    open_->failure_table.append(open_->failures, failures);
    written_structures_ = open_->structures.end();
    written_failures_ = open_->failures.end();
  }

  void close(const History& history) {
    IONSIFT_VALIDATE(open_ != nullptr, internal, "the store is closed", "close() was called before",
                     "Report this.");
    open_->history_table.write(comm_, history);
    open_->file.set_attribute("/", "complete", 1);
    close_file();
    parallel::on_root(comm_, [&] { put_in_place(partial_, path_); });
  }

  void abandon() {
    close_file();
    parallel::on_root(comm_, [&] { fs::remove(partial_); });
  }

  std::uint64_t structures() const { return written_structures_; }
  std::uint64_t failures() const { return written_failures_; }

private:
  void close_file() {
    h5::File file = open_->file;
    open_.reset();
    file.close();
    comm_.barrier();
  }

  parallel::Communicator comm_;
  fs::path path_;
  fs::path partial_;
  Provenance provenance_;
  std::unique_ptr<OpenStore> open_;
  std::optional<std::uint64_t> last_structure_, last_failure_;
  std::uint64_t written_structures_ = 0;
  std::uint64_t written_failures_ = 0;
};

Writer::Writer(const parallel::Communicator& comm, const fs::path& path, const Provenance& provenance,
               bool overwrite)
    : implementation_(std::make_unique<Implementation>(comm, path, provenance, overwrite)) {
}

Writer::~Writer() = default;

void Writer::append(std::vector<StructureRecord> structures, std::vector<FailureRecord> failures) {
  implementation_->append(std::move(structures), std::move(failures));
}

void Writer::close(const History& history) {
  implementation_->close(history);
}

void Writer::abandon() {
  implementation_->abandon();
}

std::uint64_t Writer::structures() const {
  return implementation_->structures();
}

std::uint64_t Writer::failures() const {
  return implementation_->failures();
}

} // namespace ionsift::store
