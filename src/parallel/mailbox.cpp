// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/mailbox.hpp"

#include "ionsift/base/assertion.hpp"

#include "message_limit.hpp"
#include "mpi_status.hpp"
#include "waiting.hpp"

#include <mpi.h>

#include <exception>
#include <list>

namespace ionsift::parallel {

/// Null without MPI.
class Mailbox::Implementation {
public:
  explicit Implementation(const void* handle) : exceptions_(std::uncaught_exceptions()) {
    // Its own communicator: collectives of others never meet these messages.
    MPI_Comm comm = *static_cast<const MPI_Comm*>(handle);
    meet(comm);
    check_mpi(MPI_Comm_dup(comm, &comm_), "MPI_Comm_dup");
    check_mpi(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    check_mpi(MPI_Comm_size(comm_, &size_), "MPI_Comm_size");
    check_mpi(MPI_Comm_rank(comm_, &rank_), "MPI_Comm_rank");
  }

  ~Implementation() {
    // If an exception has brought us here, sent messages may never be read.
    if (std::uncaught_exceptions() > exceptions_) {
      return;
    }
    for (auto& letter : sent_) {
      // NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker): of send()
      MPI_Wait(&letter.request, MPI_STATUS_IGNORE);
    }
    MPI_Comm_free(&comm_);
  }

  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  int peers() const { return size_ - 1; }
  bool reaches(int rank) const { return rank >= 0 && rank < size_ && rank != rank_; }

  void send(int to, std::string text) {
    forget_delivered();
    auto& letter = sent_.emplace_back();
    letter.text = std::move(text);
    // NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker): waited for elsewhere
    check_mpi(MPI_Isend(letter.text.data(), static_cast<int>(letter.text.size()), MPI_CHAR, to, 0, comm_,
                        &letter.request),
              "MPI_Isend");
  }

  std::optional<Message> receive() {
    forget_delivered();
    int arrived = 0;
    MPI_Status status;
    check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, 0, comm_, &arrived, &status), "MPI_Iprobe");
    if (arrived == 0) {
      return std::nullopt;
    }
    int length = 0;
    check_mpi(MPI_Get_count(&status, MPI_CHAR, &length), "MPI_Get_count");
    Message message{status.MPI_SOURCE, std::string(static_cast<std::size_t>(length), '\0')};
    check_mpi(MPI_Recv(message.text.data(), length, MPI_CHAR, message.from, 0, comm_, MPI_STATUS_IGNORE),
              "MPI_Recv");
    return message;
  }

private:
  struct Letter {
    std::string text;
    MPI_Request request = MPI_REQUEST_NULL;
  };

  void forget_delivered() {
    for (auto letter = sent_.begin(); letter != sent_.end();) {
      int delivered = 0;
      check_mpi(MPI_Test(&letter->request, &delivered, MPI_STATUS_IGNORE), "MPI_Test");
      letter = delivered != 0 ? sent_.erase(letter) : std::next(letter);
    }
  }

  MPI_Comm comm_ = MPI_COMM_NULL;
  int exceptions_;
  int size_ = 1;
  int rank_ = 0;
  std::list<Letter> sent_; ///< a list, so that addresses of texts are stable for MPI
};

Mailbox::Mailbox(const Communicator& comm) {
  if (const auto* handle = comm.mpi_handle()) {
    implementation_ = std::make_unique<Implementation>(handle);
  }
}

Mailbox::~Mailbox() = default;

int Mailbox::peers() const {
  return implementation_ ? implementation_->peers() : 0;
}

void Mailbox::send(int to, std::string text) {
  IONSIFT_ASSERT(implementation_ && implementation_->reaches(to),
                 fmt::format("rank {} is not one of the {} peers to write to", to, peers()));
  IONSIFT_ASSERT(text.size() <= message_limit,
                 fmt::format("a message of {} bytes exceeds the limit of {}", text.size(), message_limit));
  implementation_->send(to, std::move(text));
}

std::optional<Message> Mailbox::receive() {
  return implementation_ ? implementation_->receive() : std::nullopt;
}

Message Mailbox::wait() {
  IONSIFT_ASSERT(peers() > 0, "wait() was called on a mailbox without peers");
  std::optional<Message> message;
  wait_until([&] {
    message = receive();
    return message.has_value();
  });
  return *std::move(message);
}

} // namespace ionsift::parallel
