// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/reductions.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace ionsift::screen {

bool Rank::operator<(const Rank& other) const {
  if (probability != other.probability) {
    return probability > other.probability;
  }
  return id != other.id ? id < other.id : index < other.index;
}

void TopRows::add(Rank rank) {
  rows_.push_back(std::move(rank));
  if (rows_.size() > 2 * most_ + 1024) {
    shrink();
  }
}

void TopRows::shrink() {
  if (rows_.size() > most_) {
    std::nth_element(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(most_), rows_.end());
    rows_.resize(most_);
  }
}

namespace {

/// Ranks as columns, for sending.
struct Packed {
  std::vector<double> probability;
  std::vector<std::uint64_t> index, length;
  std::vector<char> id;
};

Packed pack(const std::vector<Rank>& rows) {
  Packed packed;
  for (const auto& row : rows) {
    packed.probability.push_back(row.probability);
    packed.index.push_back(row.index);
    packed.length.push_back(row.id.size());
    packed.id.insert(packed.id.end(), row.id.begin(), row.id.end());
  }
  return packed;
}

template <typename T>
std::vector<T> send(const parallel::Communicator& comm, const std::vector<T>& values, int to) {
  std::vector<std::size_t> counts(static_cast<std::size_t>(comm.size()), 0);
  if (to >= 0) {
    counts[static_cast<std::size_t>(to)] = values.size();
    return comm.all_to_all(std::span<const T>(values), counts);
  }
  return comm.all_to_all(std::span<const T>(), counts);
}

/// Sends rows to one rank, or to none (-1); returns what came here. Collective.
std::vector<Rank> send_rows(const parallel::Communicator& comm, const std::vector<Rank>& rows, int to) {
  const auto packed = to < 0 ? Packed{} : pack(rows);
  const auto probability = send(comm, packed.probability, to);
  const auto index = send(comm, packed.index, to);
  const auto length = send(comm, packed.length, to);
  const auto id = send(comm, packed.id, to);
  std::vector<Rank> received;
  auto from = id.begin();
  for (std::size_t i = 0; i < probability.size(); ++i) {
    const auto end = from + static_cast<std::ptrdiff_t>(length[i]);
    received.push_back({probability[i], std::string(from, end), index[i]});
    from = end;
  }
  return received;
}

} // namespace

std::vector<Rank> TopRows::merge(const parallel::Communicator& comm) {
  shrink();
  for (int step = 1; step < comm.size(); step *= 2) {
    const bool gives = comm.rank() % (2 * step) == step;
    auto received = send_rows(comm, rows_, gives ? comm.rank() - step : -1);
    if (gives) {
      rows_.clear();
    }
    rows_.insert(rows_.end(), std::make_move_iterator(received.begin()),
                 std::make_move_iterator(received.end()));
    shrink();
  }
  std::sort(rows_.begin(), rows_.end());
  return std::exchange(rows_, {});
}

} // namespace ionsift::screen
