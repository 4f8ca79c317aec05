// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/store/read/reader.hpp"

#include "ionsift/base/error.hpp"

#include "checked_records.hpp"
#include "format/block_checks.hpp"
#include "format/layout.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace ionsift::store {

namespace {

h5::File open_store(const std::filesystem::path& path) {
  for (const auto* ending : {".partial", ".partial.d"}) {
    const std::filesystem::path partial = path.string() + ending;
    IONSIFT_VALIDATE(std::filesystem::exists(path) || !std::filesystem::exists(partial), missing,
                     fmt::format("there is no store {}", path.string()),
                     fmt::format("{} was not finished", partial.string()), "Featurize again.");
  }
  return h5::File::open(path);
}

} // namespace

struct Reader::Opened {
  std::map<std::string, h5::Dataset> datasets;
  std::map<std::string, LongTexts> long_texts;
};

struct Reader::Checks {
  std::vector<bool> structures;      ///< those of a store of schema 2 that were compared
  std::optional<BlockChecks> blocks; ///< checks of later stores
};

Reader::Reader(const std::filesystem::path& path, Checking checking)
    : path_(path), file_(open_store(path)), provenance_(Provenance::read(file_)),
      open_(std::make_shared<Opened>()) {
  const bool complete = file_.has_attribute("/", "complete") && file_.integer_attribute("/", "complete") == 1;
  IONSIFT_VALIDATE(complete, format, fmt::format("{} is not complete", path_.string()),
                   "the run that wrote it did not come to its end", "Featurize again.");
  size_ = dataset("structures/index").rows();
  if (checking == Checking::on_use && provenance_.schema == 2) {
    checks_ = std::make_shared<Checks>();
    checks_->structures.resize(size_);
  }
  if (checking == Checking::on_use && provenance_.schema > 2) {
    checks_ = std::make_shared<Checks>();
    checks_->blocks.emplace(file_, provenance_, size_);
  }
}

const h5::Dataset& Reader::dataset(const std::string& path) const {
  auto& datasets = open_->datasets;
  const auto found = datasets.find(path);
  return found != datasets.end() ? found->second : datasets.emplace(path, file_.dataset(path)).first->second;
}

void Reader::require_whole(std::uint64_t first, std::uint64_t count) const {
  IONSIFT_VALIDATE(first <= size_ && count <= size_ - first, data,
                   fmt::format("{} has no structures {} to {}", path_.string(), first, first + count),
                   fmt::format("it has {}", size_), "Check the range.");
  if (checks_ && !checks_->blocks) {
    require_checked(first, count);
  }
}

Reader Reader::unchecked() const {
  Reader reader = *this;
  reader.checks_.reset();
  return reader;
}

void Reader::require_checked(std::uint64_t first, std::uint64_t count) const {
  constexpr std::uint64_t at_once = 256;
  const Reader unchecked = this->unchecked();
  const auto position = [&](std::uint64_t i) {
    return checks_->structures.begin() + static_cast<std::ptrdiff_t>(i);
  };
  const auto next = [&](std::uint64_t from, bool value) {
    const auto found = std::find(position(from), position(first + count), value);
    return static_cast<std::uint64_t>(found - checks_->structures.begin());
  };
  for (auto begin = next(first, false); begin < first + count; begin = next(begin, false)) {
    const auto end = std::min(next(begin, true), begin + at_once);
    require_intact(unchecked, begin, end - begin);
    std::fill(position(begin), position(end), true);
  }
}

void Reader::require_blocks(const std::string& path, std::uint64_t first, std::uint64_t count) const {
  if (!checks_ || !checks_->blocks) {
    return;
  }
  auto& blocks = *checks_->blocks;
  const auto block = blocks.find_damage(path, dataset(path), first, count);
  if (block) {
    const auto begin = blocks.first_structure(*block);
    const auto end = blocks.first_structure(*block + 1);
    require_intact(unchecked(), begin, end - begin); // names the structure
    throw Error(ErrorCode::data,
                fmt::format("{}: one of the structures {} to {} is damaged", path_.string(), begin, end - 1),
                fmt::format("{} differs from its checksum", path),
                "See ionsift verify; featurize on this store with the same inputs computes it again.");
  }
}

const Reader::LongTexts& Reader::long_texts(const std::string& path) const {
  const auto known = open_->long_texts.find(path);
  if (known != open_->long_texts.end()) {
    return known->second;
  }
  LongTexts texts;
  if (provenance_.schema > 2 && file_.has(long_text_path(path, "row"))) {
    const auto row = file_.dataset(long_text_path(path, "row")).read<std::uint64_t>();
    const auto end = file_.dataset(long_text_path(path, "offset")).read<std::uint64_t>();
    const auto sum = file_.dataset(long_text_path(path, "checksum")).read<std::uint64_t>();
    const auto bytes = file_.dataset(long_text_path(path, "text")).read<std::uint8_t>();
    bool whole = end.size() == row.size() && sum.size() == row.size();
    std::uint64_t begin = 0;
    for (std::size_t i = 0; whole && i < row.size(); ++i) {
      whole = end[i] >= begin && end[i] <= bytes.size();
      if (whole) {
        const std::string text(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                               bytes.begin() + static_cast<std::ptrdiff_t>(end[i]));
        whole = long_text_checksum(row[i], text) == sum[i];
        texts[row[i]] = text;
        begin = end[i];
      }
    }
    IONSIFT_VALIDATE(whole, data, fmt::format("{}: long texts of {} are damaged", path_.string(), path),
                     "they differ from their checksums",
                     "Copy the store again, or make it again with --overwrite.");
  }
  return open_->long_texts.emplace(path, std::move(texts)).first->second;
}

std::vector<std::string> Reader::text(const std::string& path, std::uint64_t first,
                                      std::uint64_t count) const {
  require_blocks(path, first, count);
  auto texts = dataset(path).read_text_rows(first, count);
  const auto& longer = long_texts(path);
  for (auto i = longer.lower_bound(first); i != longer.end() && i->first < first + count; ++i) {
    texts[i->first - first] = i->second;
  }
  return texts;
}

std::vector<std::string> Reader::text(const std::string& path) const {
  return text(path, 0, dataset(path).rows());
}

void Reader::require_features(crystal::Representation representation) const {
  std::string names;
  for (const auto present : provenance_.representations) {
    names += names.empty() ? "" : ", ";
    names += crystal::name_of(present);
  }
  IONSIFT_VALIDATE(
      provenance_.has(representation), missing,
      fmt::format("{} lacks features of {}", path_.string(), crystal::name_of(representation)),
      fmt::format("it has {}", names),
      fmt::format("Featurize again with {} among the representations.", crystal::name_of(representation)));
}

std::vector<std::uint64_t> Reader::offsets(const std::string& path, std::uint64_t first, std::uint64_t count,
                                           Range& range) const {
  require_blocks(path, first, count);
  const auto stored = dataset(path).read_rows<std::int64_t>(first, count + 1);
  const bool sound = std::is_sorted(stored.begin(), stored.end()) && stored.front() >= 0;
  IONSIFT_VALIDATE(sound, data, fmt::format("{}:{} does not ascend", path_.string(), path),
                   "offsets mark where each structure begins", "The file is damaged; featurize again.");
  range = {static_cast<std::uint64_t>(stored.front()), static_cast<std::uint64_t>(stored.back())};
  std::vector<std::uint64_t> relative;
  relative.reserve(stored.size());
  for (const auto offset : stored) {
    relative.push_back(static_cast<std::uint64_t>(offset) - range.begin);
  }
  return relative;
}

StructureFacts Reader::facts(std::uint64_t first, std::uint64_t count) const {
  require_whole(first, count);
  const auto text = [&](const char* path) { return this->text(path, first, count); };
  StructureFacts facts;
  facts.id = text("structures/id");
  facts.source = text("structures/source");
  facts.block = text("structures/block");
  facts.sha256 = text("structures/sha256");
  facts.formula = text("structures/formula");
  facts.warnings = text("structures/warnings");
  facts.sites = rows<std::int64_t>("structures/sites", first, count);
  facts.rows = rows<std::int64_t>("structures/rows", first, count);
  facts.ordered = rows<std::uint8_t>("structures/ordered", first, count);
  facts.intermetallic = rows<std::uint8_t>("structures/intermetallic", first, count);
  facts.checksum.assign(count, 0);
  facts.release.assign(count, 0);
  if (provenance_.schema > 1) {
    facts.checksum = rows<std::uint64_t>("structures/checksum", first, count);
    facts.release = rows<std::int64_t>("structures/release", first, count);
  }
  return facts;
}

std::vector<std::string> Reader::ids(std::uint64_t first, std::uint64_t count) const {
  require_whole(first, count);
  return text("structures/id", first, count);
}

FeatureRows Reader::features(crystal::Representation representation, int level, std::uint64_t first,
                             std::uint64_t count) const {
  require_whole(first, count);
  require_features(representation);
  const bool present = level >= 0 && level < 4 && provenance_.levels.at(static_cast<std::size_t>(level));
  IONSIFT_VALIDATE(present, missing, fmt::format("{} lacks {}", path_.string(), level_name(level)),
                   "it was made without that level",
                   fmt::format("Featurize again with {} among the levels.", level_name(level)));
  FeatureRows rows;
  Range range;
  rows.first = offsets(feature_path(representation, "offset"), first, count, range);
  rows.multiplicity =
      this->rows<float>(feature_path(representation, "multiplicity"), range.begin, range.size());
  const auto path = feature_path(representation, level_name(level));
  const auto flat = this->rows<float>(path, range.begin, range.size());
  rows.values = Eigen::Map<const Matrix<float>>(flat.data(), static_cast<Eigen::Index>(range.size()),
                                                static_cast<Eigen::Index>(dataset(path).row_size()));
  return rows;
}

std::vector<double> Reader::predictions(crystal::Representation representation, std::uint64_t first,
                                        std::uint64_t count) const {
  require_whole(first, count);
  require_features(representation);
  IONSIFT_VALIDATE(provenance_.prediction, missing, fmt::format("{} has no predictions", path_.string()),
                   "predictions of the parent were not requested", "Featurize again with predictions.");
  return rows<double>(feature_path(representation, "prediction"), first, count);
}

std::vector<crystal::Failure> Reader::failures() const {
  const auto source = text("failures/source");
  const auto block = text("failures/block");
  const auto code = text("failures/code");
  const auto message = text("failures/message");
  const auto line = dataset("failures/line").read<std::int64_t>();
  std::vector<crystal::Failure> failures;
  for (std::size_t i = 0; i < source.size(); ++i) {
    failures.push_back({source[i], block[i], error_code_of(code[i]), message[i], static_cast<long>(line[i])});
  }
  return failures;
}

} // namespace ionsift::store
