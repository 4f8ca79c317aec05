#include "environments.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

namespace ionsift::crystal {

namespace {

constexpr double radius = environment_radius;
/// Graphs are cut at whole angstroms (4 and 5 by the published models, one more where a structure has no edge
/// at all), and count as inside what is at most this much longer.
constexpr int first_cutoff = 4;
constexpr double cutoff_slack = 1e-8;
/// Distances count in these units, so that a neighbour is one integer: its class, then its distance.
constexpr double unit = 1e-10;
constexpr int distance_bits = 36;
constexpr std::uint64_t distance_mask = (std::uint64_t{1} << distance_bits) - 1;
static_assert(radius / unit < double(distance_mask));
/// 5e-6 angstrom. On candidates of the Materials Project features then differ by up to 4e-5; with 2e-5
/// angstrom some differ by 3e-4, for 3 % fewer rows.
constexpr std::uint64_t tolerance = 50'000;

struct Neighbour {
  int site;
  std::uint64_t distance; ///< in units
};

struct Range {
  int first, last;
};

/// Whole numbers n with |start + n| <= half_width.
Range whole_numbers(double start, double half_width) {
  return {static_cast<int>(std::ceil(-half_width - start)), static_cast<int>(std::floor(half_width - start))};
}

/// All neighbours within the radius of every site, images included.
class NeighbourSearch {
public:
  explicit NeighbourSearch(const Crystal& crystal) : neighbours_(crystal.sites.size()) {
    // The triangular form of the lattice: a along x, b in the xy plane.
    const Eigen::Matrix3d metric = crystal.lattice * crystal.lattice.transpose();
    cell_ = metric.llt().matrixL();
    const int n = static_cast<int>(crystal.sites.size());
    for (int i = 0; i < n; ++i) {
      for (int j = i; j < n; ++j) {
        add_pair(i, j,
                 crystal.sites[static_cast<std::size_t>(j)].fractional -
                     crystal.sites[static_cast<std::size_t>(i)].fractional);
      }
    }
  }

  std::vector<std::vector<Neighbour>> take() { return std::move(neighbours_); }

private:
  void add_pair(int i, int j, const Eigen::Vector3d& offset) {
    const Range along_c = whole_numbers(offset[2], radius / cell_(2, 2));
    for (int n_c = along_c.first; n_c <= along_c.last; ++n_c) {
      const double w = offset[2] + n_c;
      const double left_by_z = radius * radius - std::pow(w * cell_(2, 2), 2);
      const double y_of_c = w * cell_(2, 1);
      const Range along_b =
          whole_numbers(offset[1] + y_of_c / cell_(1, 1), std::sqrt(std::max(left_by_z, 0.0)) / cell_(1, 1));
      for (int n_b = along_b.first; n_b <= along_b.last; ++n_b) {
        const double v = offset[1] + n_b;
        const double left = left_by_z - std::pow(y_of_c + v * cell_(1, 1), 2);
        const double x_of_bc = w * cell_(2, 0) + v * cell_(1, 0);
        const Range along_a =
            whole_numbers(offset[0] + x_of_bc / cell_(0, 0), std::sqrt(std::max(left, 0.0)) / cell_(0, 0));
        for (int n_a = along_a.first; n_a <= along_a.last; ++n_a) {
          const double x = x_of_bc + (offset[0] + n_a) * cell_(0, 0);
          add(i, j, std::sqrt(std::max(0.0, x * x + radius * radius - left)));
        }
      }
    }
  }

  void add(int i, int j, double distance) {
    const auto whole = static_cast<std::uint64_t>(std::llround(distance / unit));
    if (whole == 0) {
      return; // the site itself
    }
    neighbours_[static_cast<std::size_t>(i)].push_back({j, whole});
    if (i != j) {
      neighbours_[static_cast<std::size_t>(j)].push_back({i, whole});
    }
  }

  Eigen::Matrix3d cell_;
  std::vector<std::vector<Neighbour>> neighbours_;
};

/// On which side of the cutoffs a distance lies.
std::uint64_t shell(std::uint64_t distance) {
  constexpr auto angstrom = static_cast<std::uint64_t>(1 / unit);
  constexpr auto slack = static_cast<std::uint64_t>(cutoff_slack / unit);
  return distance < first_cutoff * angstrom ? 0 : (distance - slack) / angstrom;
}

bool agree(std::uint64_t a, std::uint64_t b) {
  if (a >> distance_bits != b >> distance_bits) {
    return false;
  }
  const std::uint64_t near = std::min(a, b) & distance_mask;
  const std::uint64_t far = std::max(a, b) & distance_mask;
  return far - near <= tolerance && (far - near <= 1 || shell(near) == shell(far));
}

} // namespace

std::vector<int> equal_environments(const Crystal& crystal, const std::vector<int>& classes) {
  const std::vector<std::vector<Neighbour>> neighbours = NeighbourSearch(crystal).take();
  std::vector<int> class_of = classes;
  std::vector<std::vector<std::uint64_t>> environments(class_of.size());
  for (bool changed = true; changed;) {
    for (std::size_t i = 0; i < class_of.size(); ++i) {
      environments[i].clear();
      for (const Neighbour& neighbour : neighbours[i]) {
        const auto name = static_cast<std::uint64_t>(class_of[static_cast<std::size_t>(neighbour.site)]);
        environments[i].push_back(name << distance_bits | neighbour.distance);
      }
      std::ranges::sort(environments[i]);
    }
    // Every site joins the first one of its class that it agrees with, or begins a class of its own.
    changed = false;
    std::map<int, std::vector<int>> firsts;
    std::vector<int> refined(class_of.size());
    for (std::size_t i = 0; i < class_of.size(); ++i) {
      std::vector<int>& candidates = firsts[class_of[i]];
      const auto same = std::ranges::find_if(candidates, [&](int other) {
        return std::ranges::equal(environments[static_cast<std::size_t>(other)], environments[i], agree);
      });
      if (same == candidates.end()) {
        changed = changed || !candidates.empty();
        candidates.push_back(static_cast<int>(i));
        refined[i] = static_cast<int>(i);
      } else {
        refined[i] = *same;
      }
    }
    class_of = std::move(refined);
  }
  return class_of;
}

} // namespace ionsift::crystal
