// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/parallel/mailbox.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace ionsift;
using namespace ionsift::parallel;

TEST_CASE("messages of every rank arrive complete and in order") {
  const auto& comm = test::world();
  Mailbox mailbox(comm);
  REQUIRE(mailbox.peers() == comm.size() - 1);
  const int each = 20;
  if (comm.is_root()) {
    std::map<int, int> received;
    for (int i = 0; i < each * mailbox.peers(); ++i) {
      const auto message = mailbox.wait();
      const int number = received[message.from]++;
      CHECK(message.text ==
            std::string(static_cast<std::size_t>(number * 1000), 'x') + std::to_string(message.from));
    }
    for (int peer = 1; peer < comm.size(); ++peer) {
      CHECK(received[peer] == each);
      mailbox.send(peer, "");
    }
  } else {
    for (int i = 0; i < each; ++i) {
      mailbox.send(0, std::string(static_cast<std::size_t>(i * 1000), 'x') + std::to_string(comm.rank()));
    }
    const auto answer = mailbox.wait();
    CHECK(answer.from == 0);
    CHECK(answer.text.empty());
  }
  CHECK_FALSE(mailbox.receive());
  comm.barrier();
}

TEST_CASE("two mailboxes interfere neither with each other nor with collectives") {
  const auto& comm = test::world();
  Mailbox first(comm);
  Mailbox second(comm);
  const int next = (comm.rank() + 1) % comm.size();
  if (comm.size() > 1) {
    first.send(next, "first");
    second.send(next, "second");
    CHECK(comm.all_reduce(std::int64_t(1), Reduction::sum) == comm.size());
    CHECK(second.wait().text == "second");
    CHECK(first.wait().text == "first");
  }
  comm.barrier();
}

TEST_CASE("messages to the own rank or to ranks that do not exist are refused") {
  Mailbox world(test::world());
  CHECK_THROWS_AS(world.send(test::world().rank(), ""), Error);
  CHECK_THROWS_AS(world.send(test::world().size(), ""), Error);
  Mailbox alone(Communicator::local());
  Mailbox pretended(Communicator::dry_run(5, 2));
  for (auto* mailbox : {&alone, &pretended}) {
    CHECK(mailbox->peers() == 0);
    CHECK_FALSE(mailbox->receive());
    CHECK_THROWS_AS(mailbox->wait(), Error);
    CHECK_THROWS_AS(mailbox->send(1, ""), Error);
  }
}
