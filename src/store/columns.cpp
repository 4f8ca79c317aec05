#include "columns.hpp"

#include "ionsift/parallel/work_queue.hpp"

#include <algorithm>
#include <bit>

namespace ionsift::store {

void Axis::extend(std::uint64_t count) {
  begin_ = end_;
  first_ = begin_ + comm_.sum_before(count);
  end_ = begin_ + comm_.all_reduce(count, parallel::Reduction::sum);
}

std::uint64_t chunk_rows(std::uint64_t row_bytes) {
  // Chunks are what is read at least; HDF5 keeps 1 MiB of them in memory for each dataset.
  constexpr std::uint64_t chunk_bytes = 128 * 1024;
  constexpr std::uint64_t most = 4096;
  return std::clamp<std::uint64_t>(chunk_bytes / std::max<std::uint64_t>(row_bytes, 1), 1, most);
}

OffsetColumn::OffsetColumn(h5::File& file, const std::string& path, const parallel::Communicator& comm)
    : dataset_(file.make_growing(path, h5::Type::i64, {}, chunk_rows(sizeof(std::int64_t)))) {
  dataset_.resize(1);
  dataset_.write_rows(0, std::vector<std::int64_t>(comm.is_root() ? 1 : 0, 0));
}

void OffsetColumn::append(const Axis& items, const Axis& children, const std::vector<std::uint64_t>& counts) {
  if (!items.grew()) {
    return;
  }
  std::vector<std::int64_t> ends;
  std::uint64_t end = children.first();
  for (const auto count : counts) {
    end += count;
    ends.push_back(static_cast<std::int64_t>(end));
  }
  dataset_.resize(items.end() + 1);
  dataset_.write_rows(items.first() + 1, ends);
}

TextColumn::TextColumn(h5::File& file, std::string path, std::size_t length)
    : file_(file), path_(std::move(path)), length_(length),
      dataset_(file_.make_growing_text(path_, length, chunk_rows(length))) {
}

void TextColumn::append(const Axis& axis, const std::vector<std::string>& values) {
  if (!axis.grew()) {
    return;
  }
  std::uint64_t longest = 0;
  for (const auto& value : values) {
    longest = std::max<std::uint64_t>(longest, value.size());
  }
  longest = axis.comm().all_reduce(longest, parallel::Reduction::max);
  if (longest > length_) {
    widen(axis, std::bit_ceil(longest));
  }
  dataset_.resize(axis.end());
  dataset_.write_text_rows(axis.first(), values);
}

void TextColumn::widen(const Axis& axis, std::size_t length) {
  const std::string temporary = path_ + ".wider";
  h5::Dataset wider = file_.make_growing_text(temporary, length, chunk_rows(length));
  wider.resize(axis.begin());
  // Rows are read back by other ranks than wrote them, which MPI promises only after sync, barrier, sync.
  file_.flush();
  axis.comm().barrier();
  file_.flush();
  constexpr std::uint64_t at_once = 65536;
  for (std::uint64_t begin = 0; begin < axis.begin(); begin += at_once) {
    const auto mine =
        parallel::slice_of(std::min(at_once, axis.begin() - begin), axis.comm().rank(), axis.comm().size());
    wider.write_text_rows(begin + mine.first, dataset_.read_text_rows(begin + mine.first, mine.size()));
  }
  dataset_ = wider;
  length_ = length;
  file_.remove(path_);
  file_.move(temporary, path_);
}

} // namespace ionsift::store
