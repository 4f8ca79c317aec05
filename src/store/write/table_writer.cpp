// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/store/write/table_writer.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "format/collective_access.hpp"
#include "format/columns.hpp"

#include <algorithm>
#include <numeric>
#include <span>

namespace ionsift::store {

namespace {

/// Bytes of texts that are expected; longer ones widen their column.
constexpr std::size_t text_length = 16;

/// How the rows of a window are dealt to the ranks.
class Dealing {
public:
  /// Collective.
  /// @param first, count of the window
  Dealing(const parallel::Communicator& comm, std::uint64_t first, std::uint64_t count,
          const std::vector<std::uint64_t>& indices)
      : comm_(comm), order_(indices.size()), counts_(static_cast<std::size_t>(comm.size()), 0) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::ranges::sort(order_, {}, [&](std::size_t i) { return indices[i]; });
    parallel::together(comm, [&] {
      for (const auto index : indices) {
        IONSIFT_ASSERT(
            index >= first && index - first < count,
            fmt::format("row {} is not in its window, rows {} to {}", index, first, first + count));
        ++counts_.at(static_cast<std::size_t>(parallel::owner_of(index - first, count, comm.size())));
      }
    });
    const auto arrived = comm.all_to_all(std::span<const std::uint64_t>(ordered(indices)), counts_);
    arrival_.resize(arrived.size());
    std::iota(arrival_.begin(), arrival_.end(), std::size_t{0});
    std::ranges::sort(arrival_, {}, [&](std::size_t i) { return arrived[i]; });
    const auto mine = parallel::slice_of(count, comm.rank(), comm.size());
    parallel::together(comm, [&] {
      bool whole = arrived.size() == mine.size();
      for (std::size_t i = 0; whole && i < arrived.size(); ++i) {
        whole = arrived[arrival_[i]] == first + mine.first + i;
      }
      IONSIFT_ASSERT(whole, "a window of rows has a row that is missing or repeated");
    });
  }

  /// This rank's piece of a column; collective.
  template <typename T>
  std::vector<T> deal(const std::vector<T>& values) const {
    return in_order(comm_.all_to_all(std::span<const T>(ordered(values)), counts_));
  }
  std::vector<std::string> deal(const std::vector<std::string>& values) const {
    std::vector<std::uint64_t> lengths;
    std::vector<char> characters;
    std::vector<std::size_t> bytes(counts_.size(), 0);
    std::size_t next = 0;
    for (std::size_t rank = 0; rank < counts_.size(); ++rank) {
      for (std::size_t i = 0; i < counts_[rank]; ++i, ++next) {
        const auto& text = values[order_[next]];
        lengths.push_back(text.size());
        characters.insert(characters.end(), text.begin(), text.end());
        bytes[rank] += text.size();
      }
    }
    const auto all_lengths = comm_.all_to_all(std::span<const std::uint64_t>(lengths), counts_);
    const auto all_characters = comm_.all_to_all(std::span<const char>(characters), bytes);
    std::vector<std::string> arrived;
    auto from = all_characters.begin();
    for (const auto length : all_lengths) {
      const auto to = from + static_cast<std::ptrdiff_t>(length);
      arrived.emplace_back(from, to);
      from = to;
    }
    return in_order(std::move(arrived));
  }

private:
  template <typename T>
  std::vector<T> ordered(const std::vector<T>& values) const {
    std::vector<T> result;
    result.reserve(values.size());
    for (const auto i : order_) {
      result.push_back(values[i]);
    }
    return result;
  }
  template <typename T>
  std::vector<T> in_order(std::vector<T> arrived) const {
    std::vector<T> result;
    result.reserve(arrived.size());
    for (const auto i : arrival_) {
      result.push_back(std::move(arrived[i]));
    }
    return result;
  }

  parallel::Communicator comm_;
  std::vector<std::size_t> order_;   ///< this rank's rows by index
  std::vector<std::size_t> counts_;  ///< [ranks] rows that go to each
  std::vector<std::size_t> arrival_; ///< rows that came here by index
};

using OpenColumn = std::variant<TextColumn, Column<double>, Column<std::int32_t>, Column<std::int8_t>,
                                Column<std::uint8_t>, Column<std::uint64_t>>;

OpenColumn open_column(h5::File& file, const TableColumn& column) {
  return std::visit(
      [&]<typename T>(const std::vector<T>&) -> OpenColumn {
        if constexpr (std::is_same_v<T, std::string>) {
          return TextColumn(file, column.name, text_length);
        } else {
          return Column<T>(file, column.name);
        }
      },
      column.values);
}

void append_to(OpenColumn& open, const Axis& axis, const Dealing& dealing, const TableColumn& column) {
  std::visit(
      [&]<typename T>(const std::vector<T>& values) {
        using Open = std::conditional_t<std::is_same_v<T, std::string>, TextColumn, Column<T>>;
        std::get<Open>(open).append(axis, dealing.deal(values));
      },
      column.values);
}

/// What is being written.
struct OpenTable {
  OpenTable(h5::File opened, const parallel::Communicator& comm, const std::vector<TableColumn>& wanted)
      : file(std::move(opened)), axis(comm) {
    for (const auto& column : wanted) {
      columns.push_back(open_column(file, column));
      names.push_back(column.name);
    }
  }
  h5::File file;
  Axis axis;
  std::vector<OpenColumn> columns;
  std::vector<std::string> names;
};

} // namespace

class TableWriter::Implementation {
public:
  Implementation(const parallel::Communicator& comm, const std::filesystem::path& path,
                 const std::vector<TableColumn>& columns)
      : comm_(comm), path_(path) {
    parallel::on_root(comm_, [&] {
      make_folder(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
    });
    open_ = std::make_unique<OpenTable>(h5::File::create(partial_table(path), collective_access(comm_)),
                                        comm_, columns);
  }

  ~Implementation() {
    if (open_ && comm_.size() > 1) {
      // As in Writer: closing is collective, and the other ranks may be anywhere.
      // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): without memory for this, ending is right
      static auto* const left_open = new std::vector<std::unique_ptr<OpenTable>>;
      left_open->push_back(std::move(open_));
    }
  }

  OpenTable& open() {
    IONSIFT_ASSERT(open_ != nullptr, "the table was written to after close()");
    return *open_;
  }

  void append(std::uint64_t count, const std::vector<std::uint64_t>& indices,
              const std::vector<TableColumn>& columns) {
    auto& table = open();
    parallel::together(comm_, [&] { check(table, indices, columns); });
    const Dealing dealing(comm_, rows_, count, indices);
    table.axis.extend(parallel::slice_of(count, comm_.rank(), comm_.size()).size());
    for (std::size_t c = 0; c < columns.size(); ++c) {
      append_to(table.columns[c], table.axis, dealing, columns[c]);
    }
    rows_ += count;
  }

  std::uint64_t rows() const { return rows_; }

  void close() {
    h5::File file = open().file;
    open_.reset();
    file.close();
    sync_on_all_nodes(comm_, partial_table(path_));
  }

private:
  static void check(const OpenTable& table, const std::vector<std::uint64_t>& indices,
                    const std::vector<TableColumn>& columns) {
    bool fits = columns.size() == table.names.size();
    for (std::size_t c = 0; fits && c < columns.size(); ++c) {
      const auto size = std::visit([](const auto& values) { return values.size(); }, columns[c].values);
      fits = size == indices.size() && columns[c].name == table.names[c] &&
             columns[c].values.index() == table.columns[c].index();
    }
    IONSIFT_ASSERT(fits, "rows do not fit the table: a column is missing or has a different length");
  }

  parallel::Communicator comm_;
  std::filesystem::path path_;
  std::unique_ptr<OpenTable> open_;
  std::uint64_t rows_ = 0;
};

TableWriter::TableWriter(const parallel::Communicator& comm, const std::filesystem::path& path,
                         const std::vector<TableColumn>& columns)
    : implementation_(std::make_unique<Implementation>(comm, path, columns)) {
}

TableWriter::~TableWriter() = default;

void TableWriter::append(std::uint64_t count, const std::vector<std::uint64_t>& indices,
                         const std::vector<TableColumn>& columns) {
  implementation_->append(count, indices, columns);
}

void TableWriter::set_attribute(std::string_view name, std::string_view text) {
  implementation_->open().file.set_attribute("/", name, text);
}

std::uint64_t TableWriter::rows() const {
  return implementation_->rows();
}

void TableWriter::close() {
  implementation_->close();
}

std::filesystem::path partial_table(const std::filesystem::path& path) {
  return path.string() + ".partial";
}

void publish_table(const std::filesystem::path& path) {
  put_in_place(partial_table(path), path);
}

} // namespace ionsift::store
