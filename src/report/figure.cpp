// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/figure.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

namespace ionsift::report {

namespace fs = std::filesystem;

namespace {

/// Okabe and Ito's palette, which colour-blind people can distinguish; page.js has the same.
constexpr std::array<const char*, palette_size> colours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                           "#E69F00", "#56B4E9", "#000000"};
/// gnuplot's shapes of points: discs, squares, triangles, ... so that colour is not needed.
constexpr std::array<int, palette_size> shapes = {7, 5, 9, 13, 11, 15, 2};

/// Series that occur in many reports.
constexpr std::array fixed_colours = {std::pair("ordered", 0),
                                      std::pair("disordered", 1),
                                      std::pair("left", 0),
                                      std::pair("structures", 0),
                                      std::pair("observed", 0),
                                      std::pair("ensemble", 0),
                                      std::pair("P_SI at least 0.5", 1),
                                      std::pair("in the table of candidates", 1),
                                      std::pair("trained on, superionic", 2),
                                      std::pair("trained on, not superionic", 4),
                                      std::pair("measured", 0),
                                      std::pair("upper bounds", 4),
                                      std::pair("by fold", 0),
                                      std::pair("by cluster", 1),
                                      std::pair("by chemistry", 2),
                                      std::pair("by year", 3)};

const auto* fixed_colour_of(const std::string& name) {
  return std::ranges::find_if(fixed_colours, [&](const auto& fixed) { return name == fixed.first; });
}
bool has_fixed_colour(const std::string& name) {
  return fixed_colour_of(name) != fixed_colours.end();
}

/// The same for a name on every machine (FNV-1a).
std::size_t place_of(const std::string& name) {
  if (has_fixed_colour(name)) {
    return static_cast<std::size_t>(fixed_colour_of(name)->second);
  }
  std::uint32_t hash = 2166136261U;
  for (const unsigned char c : name) {
    hash = (hash ^ c) * 16777619U;
  }
  return hash % palette_size;
}

constexpr auto background_colour = "#a0a0a0";
constexpr std::size_t most_tics = 24;

nlohmann::json number(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

nlohmann::json numbers(const std::vector<double>& values) {
  auto list = nlohmann::json::array();
  for (const double value : values) {
    // Six digits are more than a picture shows, and half of the page's size.
    list.push_back(std::isfinite(value) ? nlohmann::json::parse(fmt::format("{:.6g}", value))
                                        : nlohmann::json());
  }
  return list;
}

nlohmann::json axis_document(const Axis& axis) {
  nlohmann::json document = {{"title", axis.title}, {"logarithmic", axis.logarithmic}};
  if (axis.low) {
    document["low"] = number(*axis.low);
  }
  if (axis.high) {
    document["high"] = number(*axis.high);
  }
  return document;
}

std::string_view name_of(Mark mark) {
  return mark == Mark::points ? "points" : mark == Mark::line ? "line" : "bars";
}

/// Text inside double quotes of a gnuplot script, without its markup. What stands between backticks there
/// would be given to a shell, and names come from files.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += c == '`' ? '\'' : c >= '\0' && c < ' ' ? ' ' : c;
  }
  return out + '"';
}

std::string range(char axis, const Axis& description) {
  const auto bound = [](const std::optional<double>& value) {
    return value ? fmt::format("{:g}", *value) : std::string("*");
  };
  return fmt::format("set {}range [{}:{}]\n", axis, bound(description.low), bound(description.high));
}

std::string tics(const std::vector<std::string>& categories) {
  const auto stride = (categories.size() + most_tics - 1) / most_tics;
  std::vector<std::string> entries;
  for (std::size_t i = 0; i < categories.size(); i += stride) {
    entries.push_back(fmt::format("{} {}", quoted(categories[i]), i));
  }
  return fmt::format("set xtics rotate by -40 ({})\n", fmt::join(entries, ", "));
}

/// One of several lines, which differ in marks as well as in colours; not a guide, and no whiskers, which are
/// lines with gaps.
bool marked(const Figure& figure, const Series& series) {
  const auto is_line = [](const Series& s) { return s.mark == Mark::line && !s.dashed; };
  return is_line(series) && std::ranges::none_of(series.x, [](double x) { return std::isnan(x); }) &&
         std::ranges::count_if(figure.series, is_line) > 1;
}

std::string plot_of(const Figure& figure, const Series& series, std::size_t position, Figure::Look look,
                    std::size_t bars, std::size_t bar) {
  // Bars of several series stand beside each other.
  const double shift = bars > 1 ? (static_cast<double>(bar) - 0.5 * static_cast<double>(bars - 1)) * 0.8 /
                                      static_cast<double>(bars)
                                : 0.0;
  const auto x = series.mark == Mark::bars && shift != 0 ? fmt::format("$2{:+g}", shift) : std::string("$2");
  const auto select = fmt::format("'{}.csv' using ($1 == {} ? {} : NaN):3", figure.name, position, x);
  const auto title = fmt::format("title {}", quoted(series.name));
  const char* colour = colours[look.colour];
  switch (series.mark) {
  case Mark::points:
    if (!series.value.empty()) {
      return fmt::format("{}:4 with points pt {} ps 1.0 lc palette {}", select, shapes[look.shape], title);
    }
    return fmt::format("{} with points pt {} ps {} lc rgb '{}' {}", select, shapes[look.shape],
                       series.background ? "0.5" : "1.0", series.background ? background_colour : colour,
                       title);
  case Mark::bars:
    return fmt::format("{} with boxes lc rgb '{}' fs solid 0.7 {}", select, colour, title);
  case Mark::line:
    break;
  }
  if (marked(figure, series)) {
    const auto interval = std::max<std::size_t>(1, (series.x.size() + 4) / 8);
    return fmt::format("{} with linespoints lw 1.5 pt {} pi {} lc rgb '{}' {}", select, shapes[look.shape],
                       interval, colour, title);
  }
  return fmt::format("{} with lines lw 1.5 dt {} lc rgb '{}' {}", select, series.dashed ? 2 : 1,
                     series.dashed ? "#808080" : colour, title);
}

std::string plot_command(const Figure& figure) {
  const auto bars = static_cast<std::size_t>(
      std::ranges::count(figure.series, Mark::bars, [](const Series& s) { return s.mark; }));
  const auto looks = figure.looks();
  std::vector<std::string> plots;
  std::size_t bar = 0;
  for (std::size_t i = 0; i < figure.series.size(); ++i) {
    plots.push_back(plot_of(figure, figure.series[i], i, looks[i], bars, bar));
    bar += figure.series[i].mark == Mark::bars ? 1 : 0;
  }
  std::string command;
  if (bars > 0) {
    command += fmt::format("set boxwidth {:g}\n", 0.8 / static_cast<double>(bars));
  }
  return command + fmt::format("plot {}\n", fmt::join(plots, ", \\\n     "));
}

/// Key, titles, scales and ranges; what an inset changes of them is put back by the same.
std::string frame(const Figure& figure) {
  auto script =
      fmt::format("set key outside bottom center horizontal height 2\nset title {}\nset xlabel {} offset "
                  "0,0.5\nset ylabel {}\n",
                  quoted(figure.title), quoted(figure.x.title), quoted(figure.y.title));
  for (const auto& [axis, description] : {std::pair('x', &figure.x), std::pair('y', &figure.y)}) {
    script += description->logarithmic ? fmt::format("set logscale {}\n", axis) : "";
    script += range(axis, *description);
  }
  return script;
}

/// The picture, and a part of it once more above its upper right corner, on a linear scale.
std::string with_inset(const Figure& figure, double from, const std::string& plot) {
  auto script = "set multiplot\n" + plot;
  script += fmt::format(
      "set origin 0.52,0.5\nset size 0.46,0.42\nunset title\nunset key\nunset xlabel\nunset ylabel\nunset "
      "logscale y\nset yrange [0:*]\nset xrange [{:.8g}:*]\n",
      // A line that comes down at the very edge belongs to what is left of it.
      from + 1e-7);
  if (figure.x.high) {
    script += fmt::format("set xtics {:g}\n", (*figure.x.high - from) / 5);
  }
  return script + plot + "set xtics autofreq\nunset multiplot\nset origin 0,0\nset size 1,1\n" +
         frame(figure);
}

std::string gnuplot_script(const Figure& figure) {
  std::string script =
      fmt::format("# gnuplot {0}.gp draws {0}.svg, {0}.png and {0}.pdf from {0}.csv.\n", figure.name);
  script +=
      "reset\nset encoding utf8\nset datafile separator comma\nset grid lc rgb '#dddddd'\nset termoption "
      "noenhanced\n";
  script += frame(figure);
  script += figure.categories.empty() ? "" : tics(figure.categories);
  if (!figure.value.empty()) {
    // viridis, which gnuplot 5.4 does not know by name
    script +=
        fmt::format("set cblabel {}\nset palette defined (0 '#440154', 0.25 '#3b528b', 0.5 '#21918c', 0.75 "
                    "'#5ec962', 1 '#fde725')\n",
                    quoted(figure.value));
  }
  const auto plot = plot_command(figure);
  for (const auto* terminal :
       {"svg size 900,600 dynamic noenhanced", "pngcairo size 1350,900 font 'sans,18' noenhanced",
        "pdfcairo size 15cm,10cm noenhanced"}) {
    const std::string_view kind(terminal, 3);
    script += fmt::format("set terminal {}\nset output '{}.{}'\n", terminal, figure.name, kind);
    script += figure.inset_from ? with_inset(figure, *figure.inset_from, plot) : plot;
  }
  return script + "unset output\n";
}

} // namespace

void Series::add(double at_x, double at_y, std::string what) {
  x.push_back(at_x);
  y.push_back(at_y);
  if (!what.empty() || !label.empty()) {
    label.resize(x.size());
    label.back() = std::move(what);
  }
}

Series Series::guide(std::string name, std::pair<double, double> from, std::pair<double, double> to) {
  Series series;
  series.name = std::move(name);
  series.mark = Mark::line;
  series.dashed = true;
  series.add(from.first, from.second);
  series.add(to.first, to.second);
  return series;
}

bool Figure::empty() const {
  return std::ranges::all_of(series, [](const Series& s) { return s.dashed || s.x.empty(); });
}

std::vector<Figure::Look> Figure::looks() const {
  const auto name_of = [](const Series& one) { return one.coloured_as.empty() ? one.name : one.coloured_as; };
  std::map<std::string, Look> look;
  std::array<std::size_t, palette_size> uses{};
  // Names with a colour of their own first, so that others give way to them.
  for (const bool fixed : {true, false}) {
    for (const auto& one : series) {
      const auto name = name_of(one);
      if (one.dashed || one.background || has_fixed_colour(name) != fixed || look.contains(name)) {
        continue;
      }
      auto colour = place_of(name);
      const auto fewest = *std::ranges::min_element(uses);
      while (uses[colour] > fewest) {
        colour = (colour + 1) % palette_size;
      }
      look[name] = {colour, (colour + uses[colour]) % palette_size};
      ++uses[colour];
    }
  }
  std::vector<Look> looks;
  for (const auto& one : series) {
    looks.push_back(one.dashed || one.background ? Look() : look[name_of(one)]);
  }
  return looks;
}

nlohmann::json figure_document(const Figure& figure) {
  const auto looks = figure.looks();
  nlohmann::json document = {{"name", figure.name},          {"title", figure.title},
                             {"caption", figure.caption},    {"x", axis_document(figure.x)},
                             {"y", axis_document(figure.y)}, {"categories", figure.categories},
                             {"value", figure.value},        {"series", nlohmann::json::array()}};
  if (figure.inset_from) {
    document["inset_from"] = *figure.inset_from;
  }
  for (std::size_t i = 0; i < figure.series.size(); ++i) {
    const auto& series = figure.series[i];
    document["series"].push_back({{"name", series.name},
                                  {"colour", looks[i].colour},
                                  {"shape", looks[i].shape},
                                  {"mark", name_of(series.mark)},
                                  {"dashed", series.dashed},
                                  {"background", series.background},
                                  {"x", numbers(series.x)},
                                  {"y", numbers(series.y)},
                                  {"value", numbers(series.value)},
                                  {"label", series.label},
                                  {"row", series.row}});
  }
  return document;
}

void write_figure_files(const fs::path& folder, const Figure& figure) {
  write_file_atomically(folder / (figure.name + ".csv"), [&](std::ostream& out) {
    // By number first: gnuplot takes a comma inside quotes for a separator.
    write_csv_row(out, {"number", "x", "y", "value", "series", "label"});
    const auto text = [](double value) { return std::isnan(value) ? "NaN" : fmt::format("{:.8g}", value); };
    for (std::size_t number = 0; number < figure.series.size(); ++number) {
      const auto& series = figure.series[number];
      for (std::size_t i = 0; i < series.x.size(); ++i) {
        const bool named = series.label.empty() && !figure.categories.empty();
        const auto category =
            static_cast<std::size_t>(std::isfinite(series.x[i]) ? std::max(0.0, series.x[i]) : 0);
        write_csv_row(out, {std::to_string(number), text(series.x[i]), text(series.y[i]),
                            series.value.empty() ? "" : text(series.value[i]), series.name,
                            i < series.label.size()                        ? series.label[i]
                            : named && category < figure.categories.size() ? figure.categories[category]
                                                                           : ""});
      }
    }
  });
  write_file_atomically(folder / (figure.name + ".gp"),
                        [&](std::ostream& out) { out << gnuplot_script(figure); });
}

std::optional<std::string> draw_figures(const fs::path& folder, const std::vector<Figure>& figures) {
  // gnuplot wants ' doubled inside '...'.
  std::string place;
  for (const char c : fs::absolute(folder).string()) {
    place += c;
    place += c == '\'' ? "'" : "";
  }
  std::vector<std::string> arguments = {"gnuplot", "-e", fmt::format("cd '{}'", place)};
  for (const auto& figure : figures) {
    arguments.push_back("-e");
    arguments.push_back(fmt::format("load '{}.gp'", figure.name));
  }
  std::vector<char*> pointers;
  for (auto& argument : arguments) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  pid_t child = 0;
  if (const int failed = posix_spawnp(&child, "gnuplot", nullptr, nullptr, pointers.data(), environ);
      failed != 0) {
    return fmt::format("gnuplot cannot be started ({})", std::strerror(failed));
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) {
    return "gnuplot ended with an error, which it has printed above";
  }
  return std::nullopt;
}

} // namespace ionsift::report
