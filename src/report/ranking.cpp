// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/ranking.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"
#include "ionsift/screen/prediction_file.hpp"
#include "ionsift/store/read/reader.hpp"

#include "ranking_pieces.hpp"
#include "text_table.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <sstream>
#include <vector>

namespace ionsift::report {

namespace {

namespace fs = std::filesystem;

/// One or several cells of a row, without the end of the line.
std::string as_csv(const std::vector<std::string>& cells) {
  std::ostringstream out;
  write_csv_row(out, cells);
  auto text = out.str();
  text.erase(text.find_last_not_of("\r\n") + 1);
  return text;
}

std::string before_colon(const std::string& status) {
  return status.substr(0, status.find(':'));
}

RankedLine line_of(const screen::Candidate& row, const screen::MeasuredCompounds& measured,
                   const RankingOptions& options) {
  RankedLine line;
  line.probability = std::isnan(row.probability) ? -1 : row.probability;
  line.index = row.index;
  line.id = row.id;
  const auto status = screen::status_of(row, measured);
  line.status = before_colon(status);
  std::vector<std::string> cells = {row.id, row.formula, format_number(row.probability, 4, ""),
                                    format_number(row.sd, 4, ""), status};
  for (auto& text : screen::nearest_measured(row, measured)) {
    cells.push_back(std::move(text));
  }
  line.cells = as_csv(cells);
  if (!row.dropped_by && options.comments > 0) {
    line.comment = as_csv({screen::comment_on(row, measured, options.scale)});
  }
  line.source = as_csv({row.source});
  return line;
}

/// Sorts this rank's share of the rows and stores it in pieces.
std::vector<Piece> keep_pieces(const parallel::Communicator& comm, const fs::path& folder,
                               const screen::MeasuredCompounds& measured, const RankingOptions& options) {
  const screen::PredictionReader predictions(options.predictions);
  const auto mine = parallel::slice_of(predictions.size(), comm.rank(), comm.size());
  PieceWriter pieces(folder, static_cast<std::uint64_t>(comm.rank()));
  for (auto first = mine.first; first < mine.last; first += options.rows_in_memory) {
    const auto end = std::min<std::uint64_t>(mine.last, first + options.rows_in_memory);
    std::vector<RankedLine> lines;
    for (std::uint64_t next = first; next < end; next += screen::rows_at_once) {
      for (const auto& row : predictions.rows(next, std::min(screen::rows_at_once, end - next))) {
        lines.push_back(line_of(row, measured, options));
      }
    }
    pieces.add(std::move(lines));
  }
  return pieces.finish();
}

using Counts = std::map<std::string, std::uint64_t>;

void write_lines(std::ostream& out, const fs::path& folder, const std::vector<Piece>& pieces,
                 const RankingOptions& options, Counts& counts) {
  const auto buffer = buffer_of_each(pieces.size());
  std::vector<PieceReader> readers;
  readers.reserve(pieces.size());
  for (const auto& piece : pieces) {
    readers.emplace_back(folder, piece, buffer);
  }
  const auto later = [&](std::size_t a, std::size_t b) { return readers[b].line() < readers[a].line(); };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> queue(later);
  for (std::size_t i = 0; i < readers.size(); ++i) {
    if (!readers[i].at_end()) {
      queue.push(i);
    }
  }
  std::uint64_t rank = 0, comments = 0;
  while (!queue.empty()) {
    const auto i = queue.top();
    queue.pop();
    const auto& line = readers[i].line();
    const bool ranked = line.probability >= 0;
    const bool commented = !line.comment.empty() && comments < options.comments;
    comments += commented ? 1 : 0;
    out << (ranked ? std::to_string(++rank) : "") << ',' << line.cells << ','
        << (commented ? line.comment : "") << ',' << line.source << '\n';
    ++counts[line.status];
    readers[i].advance();
    if (!readers[i].at_end()) {
      queue.push(i);
    }
  }
}

/// What could not be read, in the order of the input.
void write_failures(std::ostream& out, const fs::path& path, Counts& counts) {
  const store::Reader store(path);
  const auto failures = store.file().dataset("failures/line").rows();
  for (std::uint64_t first = 0; first < failures; first += screen::rows_at_once) {
    const auto count = std::min(screen::rows_at_once, failures - first);
    const auto source = store.text("failures/source", first, count);
    const auto block = store.text("failures/block", first, count);
    const auto message = store.text("failures/message", first, count);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto id = block[i].empty() ? fs::path(source[i]).stem().string() : block[i];
      const std::string status = "failed to read";
      write_csv_row(out, {"", id, "", "", "", status + ": " + message[i], "", "", "", "", source[i]});
      ++counts[status];
    }
  }
}

} // namespace

Counts write_ranking(const parallel::Communicator& comm, const fs::path& path,
                     const screen::MeasuredCompounds& measured, const RankingOptions& options) {
  const auto folder = fs::path(path.string() + ".partial.d");
  parallel::on_root(comm, [&] {
    fs::remove_all(folder); // of a run that was killed
    make_folder(folder);
  });
  std::vector<Piece> pieces;
  parallel::together(comm, [&] { pieces = keep_pieces(comm, folder, measured, options); });
  pieces = comm.gather(std::span<const Piece>(pieces));
  Counts counts;
  parallel::on_root(comm, [&] {
    write_file_atomically(path, [&](std::ostream& out) {
      std::vector<std::string> header = {"rank", "id", "formula", "P_SI", "SD", "status"};
      for (std::size_t n = 1; n <= screen::measured_neighbours; ++n) {
        header.push_back(fmt::format("nearest_measured_{}", n));
      }
      header.insert(header.end(), {"comment", "source"});
      write_csv_row(out, header);
      write_lines(out, folder, pieces, options, counts);
      write_failures(out, options.store, counts);
    });
    std::error_code ignored; // the table is there; what is left is small and goes with the next run
    fs::remove_all(folder, ignored);
  });
  return counts;
}

} // namespace ionsift::report
