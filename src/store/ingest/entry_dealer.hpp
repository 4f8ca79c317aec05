// SPDX-License-Identifier: BSD-3-Clause
// Which rank works on which entry.
#pragma once

#include "ionsift/base/timer.hpp"
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/mailbox.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "input_index.hpp"

#include <deque>
#include <optional>
#include <variant>
#include <vector>

namespace ionsift::store {

/// An entry, or a failure where the input itself is damaged, and where it stands.
struct DealtItem {
  std::uint64_t unit = 0;   ///< unit of the input
  std::uint64_t number = 0; ///< within it
  std::variant<crystal::Entry, crystal::Failure> item;
};

/// Gives each entry to one rank. Units that can be read on their own go to whoever is free, by a work queue,
/// and that rank reads them. A sequence has one reader, different ones where there are several: it hands
/// entries to ranks that ask for them, each to the one that works on it, and works on them itself unless many
/// ranks wait for it.
class EntryDealer {
public:
  /// Collective.
  EntryDealer(const parallel::Communicator& comm, const InputIndex& index, crystal::SourceOptions options);

  /// The next item for this rank, or nothing when there is none left for anybody, or after `abandon`. Waits
  /// for others, and answers them: every rank calls it until it gets nothing. Not collective.
  std::optional<DealtItem> next();
  /// Abandons the remaining items: this rank takes no more, hands out no more, and waits until the others
  /// know. For a rank that cannot go on.
  void abandon();

  /// [units] items of each, once all ranks have come to their end; collective.
  std::vector<std::uint64_t> counts() const;
  /// What this rank met in the units that it read besides entries.
  const crystal::SourceNotes& notes() const { return notes_; }
  /// Seconds that this rank spent in reading units, in reading sequences, and in waiting for others.
  double reading_seconds() const { return reading_; }
  double unpacking_seconds() const { return unpacking_; }
  double waiting_seconds() const { return waiting_; }

private:
  /// What is being read.
  struct Open {
    std::uint64_t unit = 0;
    crystal::EntryStream stream;
  };
  std::optional<DealtItem> find();
  void end_timed();
  std::optional<DealtItem> read_next();
  bool open_sequence();
  std::optional<DealtItem> own();
  void answer(const parallel::Message& message);
  void answer_all();
  void hand_out(int to);
  void take(std::string text);
  bool ask();
  bool all_told() const { return !reads_ || told_ == comm_.size() - 1; }

  parallel::Communicator comm_;
  const InputIndex& index_;
  crystal::SourceOptions options_;
  parallel::Mailbox mailbox_;
  parallel::WorkQueue queue_;
  std::vector<std::uint64_t> queued_;   ///< [items of the queue] units
  std::deque<std::uint64_t> sequences_; ///< units that this rank reads and hands out
  std::vector<int> readers_;            ///< other ranks that may have something to hand out
  std::size_t reader_ = 0;              ///< reader to ask next
  bool reads_ = false;                  ///< whether others request from this rank
  bool only_reads_ = false;             ///< ... and so many of them that it does nothing else
  bool asked_ = false;                  ///< an answer is under way
  bool queue_ended_ = false, abandoned_ = false;
  int told_ = 0; ///< ranks that know that nothing is left here
  std::optional<Open> sequence_, unit_;
  std::deque<DealtItem> given_; ///< items given by others
  std::vector<std::uint64_t> counts_;
  crystal::SourceNotes notes_;
  double reading_ = 0, unpacking_ = 0, waiting_ = 0;
  /// The item of a sequence that was dealt last, where times are recorded (parallel/item_times.hpp); those of
  /// units are the queue's.
  struct Timed {
    std::uint64_t item;
    Stopwatch since;
  };
  std::optional<Timed> timed_;
  std::uint64_t sequence_number_; ///< sequence number, as for a queue
};

} // namespace ionsift::store
