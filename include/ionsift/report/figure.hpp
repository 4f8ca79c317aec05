// SPDX-License-Identifier: BSD-3-Clause
// One description of a figure, for the page and for files.
#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ionsift::report {

struct Axis {
  std::string title; ///< title with its unit: "log10 (conductivity / S/cm)"
  bool logarithmic = false;
  std::optional<double> low, high; ///< none: as the data have it
};

enum class Mark { points, line, bars };

/// Values of equal length; NaN in x and y interrupts a line.
struct Series {
  std::string name;
  Mark mark = Mark::points;
  bool dashed = false;     ///< a line that guides the eye: a class border, the diagonal
  bool background = false; ///< points that others are seen before: small and grey
  /// Of another series' name: has its colour, as whiskers have that of their points. Empty: of its own.
  std::string coloured_as;
  std::vector<double> x, y;
  std::vector<double> value;      ///< value that colours points; empty: none
  std::vector<std::string> label; ///< name of each point; empty: none
  std::vector<std::string> row;   ///< id of its row in the table of candidates; empty: none

  void add(double at_x, double at_y, std::string what = {});
  /// A straight guide between two points.
  static Series guide(std::string name, std::pair<double, double> from, std::pair<double, double> to);
};

struct Figure {
  std::string name; ///< name of its files: "funnel"
  std::string title;
  std::string caption; ///< how to read it, and its limits
  Axis x, y;
  std::vector<std::string> categories; ///< names of x = 0, 1, ...; empty where x is a number
  std::string value;                   ///< quantity that colours points: "SD"; empty: none
  std::optional<double> inset_from;    ///< drawn once more, from this x on, where the counts are small
  std::vector<Series> series;

  bool empty() const;
  /// Places in the palette and among the shapes of points, of each series. They follow from the names, so
  /// that a series looks the same in all reports: fixed for names that occur again and again, computed for
  /// others, and only where two of a figure would meet the next free one. Series of different names never
  /// look the same.
  struct Look {
    std::size_t colour = 0, shape = 0;
  };
  std::vector<Look> looks() const;
};
inline constexpr std::size_t palette_size = 7; ///< colours, and shapes

/// For the page: names as above, NaN as null.
nlohmann::json figure_document(const Figure& figure);

/// Writes NAME.csv (number, x, y, value, series, label) and NAME.gp, a gnuplot script that draws NAME.svg,
/// NAME.png and NAME.pdf from it. @throws Error io
void write_figure_files(const std::filesystem::path& folder, const Figure& figure);

/// Has gnuplot draw all figures whose files are there. Nothing where it did; else the reason.
std::optional<std::string> draw_figures(const std::filesystem::path& folder,
                                        const std::vector<Figure>& figures);

} // namespace ionsift::report
