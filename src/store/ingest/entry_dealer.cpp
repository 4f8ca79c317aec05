// SPDX-License-Identifier: BSD-3-Clause
#include "entry_dealer.hpp"

#include "ionsift/parallel/item_times.hpp"

#include "format/record_bytes.hpp"

#include <algorithm>

namespace ionsift::store {

namespace {

/// What one answer holds: some milliseconds of work.
constexpr std::size_t most_items = 16, most_bytes = std::size_t{1} << 16;
/// Sequences that have a reader to hand them out; where there are more, the smaller ones are read as a whole.
constexpr std::size_t most_sequences = 64;
/// Ranks for each reader from which on it does nothing else: reading takes a twentieth of the work.
constexpr int many_ranks = 16;

constexpr std::string_view request = "?", goodbye = "!";

void put_item(ByteWriter& out, const DealtItem& dealt) {
  out.put(dealt.unit);
  out.put(dealt.number);
  const auto* entry = std::get_if<crystal::Entry>(&dealt.item);
  out.put(entry != nullptr);
  if (entry != nullptr) {
    out.put(entry->name.source);
    out.put(entry->name.id);
    out.put(entry->name.block);
    out.put(entry->name.first_line);
    out.put(entry->bytes);
  } else {
    put_failure(out, std::get<crystal::Failure>(dealt.item));
  }
}

DealtItem get_item(ByteReader& in) {
  DealtItem dealt;
  dealt.unit = in.get<std::uint64_t>();
  dealt.number = in.get<std::uint64_t>();
  if (!in.get<bool>()) {
    dealt.item = get_failure(in);
    return dealt;
  }
  crystal::Entry entry;
  entry.name.source = in.get_text();
  entry.name.id = in.get_text();
  entry.name.block = in.get_text();
  entry.name.first_line = in.get<long>();
  entry.bytes = in.get_text();
  dealt.item = std::move(entry);
  return dealt;
}

std::size_t bytes_of(const DealtItem& dealt) {
  const auto* entry = std::get_if<crystal::Entry>(&dealt.item);
  return entry != nullptr ? entry->bytes.size() : 0;
}

} // namespace

EntryDealer::EntryDealer(const parallel::Communicator& comm, const InputIndex& index,
                         crystal::SourceOptions options)
    : comm_(comm), index_(index), options_(std::move(options)), mailbox_(comm), queue_(comm),
      counts_(index.units().size(), 0), sequence_number_(parallel::next_queue_number()) {
  const auto& units = index.units();
  std::vector<std::uint64_t> sequences;
  for (std::uint64_t unit = 0; unit < units.size(); ++unit) {
    if (units[unit].sequence) {
      sequences.push_back(unit);
    }
  }
  std::ranges::stable_sort(sequences, std::greater<>{},
                           [&](std::uint64_t unit) { return units[unit].bytes; });
  sequences.resize(std::min(sequences.size(), most_sequences));
  std::vector<bool> handed_out(units.size(), false);
  const auto ranks = static_cast<std::size_t>(comm.size());
  std::vector<bool> reads(ranks, false);
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    // Far apart, since the ranks of a node follow each other.
    const auto reader = sequences.size() < ranks ? i * ranks / sequences.size() : i % ranks;
    handed_out[sequences[i]] = true;
    reads[reader] = true;
    if (reader == static_cast<std::size_t>(comm.rank())) {
      sequences_.push_back(sequences[i]);
    }
  }
  int readers = 0;
  for (std::size_t i = 1; i <= ranks; ++i) { // each rank begins with another one
    const auto rank = (static_cast<std::size_t>(comm.rank()) + i) % ranks;
    readers += reads[rank] ? 1 : 0;
    if (reads[rank] && rank != static_cast<std::size_t>(comm.rank())) {
      readers_.push_back(static_cast<int>(rank));
    }
  }
  reads_ = reads[static_cast<std::size_t>(comm.rank())];
  only_reads_ = reads_ && comm.size() >= many_ranks * readers;

  std::vector<double> costs;
  for (std::uint64_t unit = 0; unit < units.size(); ++unit) {
    if (!handed_out[unit]) {
      queued_.push_back(unit);
      costs.push_back(static_cast<double>(units[unit].bytes));
    }
  }
  queue_.refill(costs);
}

bool EntryDealer::open_sequence() {
  if (!sequence_ && !sequences_.empty() && !abandoned_) {
    sequence_.emplace(
        Open{sequences_.front(), crystal::EntryStream(index_.parts(sequences_.front()), options_)});
    sequences_.pop_front();
  }
  return sequence_.has_value();
}

/// The next item of the sequences that this rank reads.
std::optional<DealtItem> EntryDealer::read_next() {
  const Stopwatch watch;
  std::optional<DealtItem> dealt;
  while (!dealt && open_sequence()) {
    if (auto item = sequence_->stream.next()) {
      dealt = DealtItem{sequence_->unit, counts_.at(sequence_->unit)++, std::move(*item)};
    } else {
      notes_.merge(sequence_->stream.notes());
      sequence_.reset();
    }
  }
  unpacking_ += watch.seconds();
  return dealt;
}

/// The next item of the units that this rank reads for itself alone.
std::optional<DealtItem> EntryDealer::own() {
  while (!queue_ended_ && !abandoned_) {
    if (!unit_) {
      const auto next = queue_.next();
      if (!next) {
        queue_ended_ = true;
        break;
      }
      unit_.emplace(Open{queued_.at(*next), crystal::EntryStream(index_.parts(queued_.at(*next)), options_)});
    }
    const Stopwatch watch;
    auto item = unit_->stream.next();
    reading_ += watch.seconds();
    if (item) {
      return DealtItem{unit_->unit, counts_.at(unit_->unit)++, std::move(*item)};
    }
    notes_.merge(unit_->stream.notes());
    unit_.reset();
  }
  return std::nullopt;
}

void EntryDealer::hand_out(int to) {
  ByteWriter out;
  std::size_t items = 0;
  for (std::size_t bytes = 0; items < most_items && bytes < most_bytes; ++items) {
    const auto dealt = read_next();
    if (!dealt) {
      break;
    }
    bytes += bytes_of(*dealt);
    put_item(out, *dealt);
  }
  told_ += items == 0 ? 1 : 0;
  mailbox_.send(to, std::string(reinterpret_cast<const char*>(out.bytes().data()), out.size()));
}

void EntryDealer::take(std::string text) {
  asked_ = false;
  if (text.empty()) { // that reader has nothing left
    readers_.erase(readers_.begin() + static_cast<std::ptrdiff_t>(reader_));
    reader_ = readers_.empty() ? 0 : reader_ % readers_.size();
    return;
  }
  if (abandoned_) {
    return;
  }
  for (ByteReader in(std::as_bytes(std::span<const char>(text))); !in.empty();) {
    given_.push_back(get_item(in));
  }
}

void EntryDealer::answer(const parallel::Message& message) {
  if (message.text == request) {
    hand_out(message.from);
  } else if (message.text == goodbye) {
    ++told_;
  } else {
    take(message.text);
  }
}

void EntryDealer::answer_all() {
  while (const auto message = mailbox_.receive()) {
    answer(*message);
  }
}

/// Asks another rank for work; false where none has any.
bool EntryDealer::ask() {
  if (!asked_ && !readers_.empty()) {
    mailbox_.send(readers_[reader_], std::string(request));
    asked_ = true;
  }
  return asked_;
}

std::optional<DealtItem> EntryDealer::next() {
  end_timed();
  auto dealt = find();
  if (dealt && parallel::item_times_recorded() && index_.units().at(dealt->unit).sequence && !unit_) {
    timed_ = Timed{dealt->number, {}};
  }
  return dealt;
}

void EntryDealer::end_timed() {
  if (timed_) {
    parallel::add_item_time({sequence_number_, 0, timed_->item, timed_->since.seconds(), comm_.rank()});
    timed_.reset();
  }
}

std::optional<DealtItem> EntryDealer::find() {
  while (true) {
    answer_all();
    only_reads_ = only_reads_ && !all_told();
    if (!only_reads_) {
      if (auto dealt = read_next()) {
        return dealt;
      }
      if (!given_.empty()) {
        if (given_.size() <= most_items / 2) {
          ask(); // so that the next ones are there in time
        }
        auto dealt = std::move(given_.front());
        given_.pop_front();
        return dealt;
      }
      if (auto dealt = own()) {
        return dealt;
      }
    }
    if (!(!only_reads_ && ask()) && all_told()) {
      return std::nullopt;
    }
    const Stopwatch watch;
    answer(mailbox_.wait());
    waiting_ += watch.seconds();
  }
}

void EntryDealer::abandon() {
  abandoned_ = true;
  sequence_.reset();
  unit_.reset();
  given_.clear();
  while (asked_) { // pending items for this rank are dropped
    answer(mailbox_.wait());
  }
  for (const int reader : readers_) {
    mailbox_.send(reader, std::string(goodbye));
  }
  readers_.clear();
  while (!all_told()) {
    answer(mailbox_.wait());
  }
}

std::vector<std::uint64_t> EntryDealer::counts() const {
  auto counts = counts_;
  comm_.all_reduce(std::span<std::uint64_t>(counts), parallel::Reduction::sum);
  return counts;
}

} // namespace ionsift::store
