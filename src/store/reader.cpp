#include "ionsift/store/reader.hpp"

#include "ionsift/base/error.hpp"

#include "checked_records.hpp"
#include "layout.hpp"

#include <algorithm>

namespace ionsift::store {

namespace {

h5::File open_store(const std::filesystem::path& path) {
  const std::filesystem::path partial = path.string() + ".partial";
  IONSIFT_VALIDATE(std::filesystem::exists(path) || !std::filesystem::exists(partial), missing,
                   fmt::format("there is no store {}", path.string()),
                   fmt::format("{} was not finished", partial.string()), "Featurize again.");
  return h5::File::open(path);
}

} // namespace

Reader::Reader(const std::filesystem::path& path, Checking checking)
    : path_(path), file_(open_store(path)), provenance_(Provenance::read(file_)),
      open_(std::make_shared<std::map<std::string, h5::Dataset>>()) {
  const bool complete = file_.has_attribute("/", "complete") && file_.integer_attribute("/", "complete") == 1;
  IONSIFT_VALIDATE(complete, format, fmt::format("{} is not complete", path_.string()),
                   "the run that wrote it did not come to its end", "Featurize again.");
  size_ = dataset("structures/index").rows();
  if (checking == Checking::on_use && provenance_.schema > 1) {
    checked_ = std::make_shared<std::vector<bool>>(size_);
  }
}

const h5::Dataset& Reader::dataset(const std::string& path) const {
  const auto found = open_->find(path);
  return found != open_->end() ? found->second : open_->emplace(path, file_.dataset(path)).first->second;
}

void Reader::require_whole(std::uint64_t first, std::uint64_t count) const {
  IONSIFT_VALIDATE(first <= size_ && count <= size_ - first, data,
                   fmt::format("{} has no structures {} to {}", path_.string(), first, first + count),
                   fmt::format("it has {}", size_), "Check the range.");
  if (!checked_) {
    return;
  }
  constexpr std::uint64_t at_once = 256;
  Reader unchecked = *this;
  unchecked.checked_.reset();
  const auto position = [&](std::uint64_t i) { return checked_->begin() + static_cast<std::ptrdiff_t>(i); };
  const auto next = [&](std::uint64_t from, bool value) {
    const auto found = std::find(position(from), position(first + count), value);
    return static_cast<std::uint64_t>(found - checked_->begin());
  };
  for (auto begin = next(first, false); begin < first + count; begin = next(begin, false)) {
    const auto end = std::min(next(begin, true), begin + at_once);
    require_intact(unchecked, begin, end - begin);
    std::fill(position(begin), position(end), true);
  }
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
  const auto stored = dataset(path).read_rows<std::int64_t>(first, count + 1);
  const bool sound = std::is_sorted(stored.begin(), stored.end()) && stored.front() >= 0;
  IONSIFT_VALIDATE(sound, data, fmt::format("{}:{} does not ascend", path_.string(), path),
                   "offsets tell where each structure begins", "The file is damaged; featurize again.");
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
  const auto text = [&](const char* path) { return dataset(path).read_text_rows(first, count); };
  StructureFacts facts;
  facts.id = text("structures/id");
  facts.source = text("structures/source");
  facts.block = text("structures/block");
  facts.sha256 = text("structures/sha256");
  facts.formula = text("structures/formula");
  facts.warnings = text("structures/warnings");
  facts.sites = dataset("structures/sites").read_rows<std::int64_t>(first, count);
  facts.rows = dataset("structures/rows").read_rows<std::int64_t>(first, count);
  facts.ordered = dataset("structures/ordered").read_rows<std::uint8_t>(first, count);
  facts.intermetallic = dataset("structures/intermetallic").read_rows<std::uint8_t>(first, count);
  facts.checksum.assign(count, 0);
  facts.release.assign(count, 0);
  if (provenance_.schema > 1) {
    facts.checksum = dataset("structures/checksum").read_rows<std::uint64_t>(first, count);
    facts.release = dataset("structures/release").read_rows<std::int64_t>(first, count);
  }
  return facts;
}

std::vector<std::string> Reader::ids(std::uint64_t first, std::uint64_t count) const {
  require_whole(first, count);
  return dataset("structures/id").read_text_rows(first, count);
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
      dataset(feature_path(representation, "multiplicity")).read_rows<float>(range.begin, range.size());
  const auto& values = dataset(feature_path(representation, level_name(level)));
  const auto flat = values.read_rows<float>(range.begin, range.size());
  rows.values = Eigen::Map<const megnet::Matrix<float>>(flat.data(), static_cast<Eigen::Index>(range.size()),
                                                        static_cast<Eigen::Index>(values.row_size()));
  return rows;
}

std::vector<double> Reader::predictions(crystal::Representation representation, std::uint64_t first,
                                        std::uint64_t count) const {
  require_whole(first, count);
  require_features(representation);
  IONSIFT_VALIDATE(provenance_.prediction, missing, fmt::format("{} has no predictions", path_.string()),
                   "the parent was not asked for them", "Featurize again with predictions.");
  return dataset(feature_path(representation, "prediction")).read_rows<double>(first, count);
}

std::vector<crystal::Failure> Reader::failures() const {
  const auto source = dataset("failures/source").read_text();
  const auto block = dataset("failures/block").read_text();
  const auto code = dataset("failures/code").read_text();
  const auto message = dataset("failures/message").read_text();
  const auto line = dataset("failures/line").read<std::int64_t>();
  std::vector<crystal::Failure> failures;
  for (std::size_t i = 0; i < source.size(); ++i) {
    failures.push_back({source[i], block[i], error_code_of(code[i]), message[i], static_cast<long>(line[i])});
  }
  return failures;
}

} // namespace ionsift::store
