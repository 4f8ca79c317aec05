// SPDX-License-Identifier: BSD-3-Clause
// Short messages from one rank to another, for work whose next step depends on what others found.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <memory>
#include <optional>
#include <string>

namespace ionsift::parallel {

struct Message {
  int from = 0;
  std::string text;
};

/// Sends without waiting, and receives whatever has arrived; messages from one rank arrive in the order in
/// which they were sent. Making and destroying one is collective, except that destroying is not while an
/// exception is on its way out. Over one process (alone or in a dry run) there is nobody to write to.
class Mailbox {
public:
  explicit Mailbox(const Communicator& comm);
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// Ranks that messages can be exchanged with.
  int peers() const;
  /// Returns at once; the text is kept until it has left. @throws Error internal for a rank that is no peer
  void send(int to, std::string text);
  /// The next message that has arrived, if any; never waits.
  std::optional<Message> receive();
  /// The next message. Sleeps while there is none, since other ranks may need the core.
  /// @throws Error internal where nobody can write
  Message wait();

  class Implementation;

private:
  std::unique_ptr<Implementation> implementation_;
};

} // namespace ionsift::parallel
