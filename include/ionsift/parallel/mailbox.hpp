// SPDX-License-Identifier: BSD-3-Clause
// Short messages from one rank to another, for work whose next step depends on other ranks' results.
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

/// Sends without waiting, and receives arrived messages; messages from one rank arrive in the order in
/// which they were sent. Making and destroying one is collective, except that destroying is not while an
/// exception propagates. In one process (alone or in a dry run) there are no peers.
class Mailbox {
public:
  explicit Mailbox(const Communicator& comm);
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// Number of ranks that messages can be exchanged with.
  int peers() const;
  /// Returns at once; the text is held until it is sent. @throws Error internal for a rank that is not a peer
  void send(int to, std::string text);
  /// The next message that has arrived, if any; never waits.
  std::optional<Message> receive();
  /// The next message. Sleeps while there is none, since other ranks may need the core.
  /// @throws Error internal without peers
  Message wait();

  class Implementation;

private:
  std::unique_ptr<Implementation> implementation_;
};

} // namespace ionsift::parallel
