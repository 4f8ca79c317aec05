// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/store/write/writer.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/parallel/together.hpp"

#include "format/finished_structure.hpp"
#include "record_log.hpp"
#include "store_assembly.hpp"

namespace ionsift::store {

namespace fs = std::filesystem;

class Writer::Implementation {
public:
  Implementation(const parallel::Communicator& comm, fs::path path, Provenance provenance, bool overwrite)
      : comm_(comm), path_(std::move(path)), provenance_(std::move(provenance)),
        finished_(provenance_.representations.size()) {
    parallel::on_root(comm_, [&] {
      IONSIFT_VALIDATE(overwrite || !fs::exists(path_), conflict,
                       fmt::format("{} exists already", path_.string()), "it would be replaced",
                       "Give another name, or --overwrite.");
      make_folder(path_.has_parent_path() ? path_.parent_path() : fs::path("."));
    });
    log_.emplace(comm_, path_.string() + ".partial.d", std::vector<std::string>{"writer"}, true);
  }

  void append(std::vector<StructureRecord> structures, std::vector<FailureRecord> failures) {
    require_open();
    EntryRecords records;
    parallel::together(comm_, [&] {
      for (auto& record : structures) {
        records.structures.push_back(finish(std::move(record), provenance_));
      }
    });
    records.failures = std::move(failures);
    parallel::together(comm_, [&] {
      place_records(records, log_->add(0, records), 0, finished_);
      if (log_->unflushed() > flush_bytes) {
        log_->flush();
      }
    });
  }

  void close(const History& history) {
    require_open();
    const fs::path partial = path_.string() + ".partial";
    StoreAssembly assembly(comm_, partial, provenance_, *log_, finished_);
    assembly.write([](std::span<FinishedStructure>) {});
    assembly.close(history);
    structures_ = assembly.structures();
    failures_ = assembly.failures();
    log_->remove();
    log_.reset();
    parallel::on_root(comm_, [&] { put_in_place(partial, path_); });
  }

  std::uint64_t structures() const { return structures_; }
  std::uint64_t failures() const { return failures_; }

private:
  static constexpr std::size_t flush_bytes = std::size_t{1} << 20;

  void require_open() const { IONSIFT_ASSERT(log_.has_value(), "the store was written to after close()"); }

  parallel::Communicator comm_;
  fs::path path_;
  Provenance provenance_;
  FinishedRecords finished_;
  std::optional<RecordLog> log_;
  std::uint64_t structures_ = 0;
  std::uint64_t failures_ = 0;
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

std::uint64_t Writer::structures() const {
  return implementation_->structures();
}

std::uint64_t Writer::failures() const {
  return implementation_->failures();
}

} // namespace ionsift::store
