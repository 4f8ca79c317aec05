#include "mpi_counter.hpp"

#include "mpi_status.hpp"

#include <exception>

namespace ionsift::parallel {
namespace {

class MpiCounter final : public Counter {
public:
  explicit MpiCounter(MPI_Comm comm) : comm_(comm), exceptions_(std::uncaught_exceptions()) {
    check_mpi(MPI_Comm_rank(comm_, &rank_), "MPI_Comm_rank");
    check_mpi(MPI_Comm_size(comm_, &size_), "MPI_Comm_size");
    const MPI_Aint bytes = rank_ == 0 ? sizeof(std::int64_t) : 0;
    void* memory = nullptr;
    check_mpi(MPI_Win_allocate(bytes, sizeof(std::int64_t), MPI_INFO_NULL, comm_, &memory, &window_),
              "MPI_Win_allocate");
    check_mpi(MPI_Win_set_errhandler(window_, MPI_ERRORS_RETURN), "MPI_Win_set_errhandler");
    check_mpi(MPI_Win_lock_all(MPI_MODE_NOCHECK, window_), "MPI_Win_lock_all");
    reset();
  }

  ~MpiCounter() override {
    int finalized = 0;
    MPI_Finalized(&finalized);
    // Freeing waits for all ranks. When an exception has brought us here, the others may be elsewhere and
    // never come: the run would hang instead of failing.
    const bool alone_here = size_ > 1 && std::uncaught_exceptions() > exceptions_;
    if (finalized == 0 && !alone_here) {
      MPI_Win_unlock_all(window_);
      MPI_Win_free(&window_);
    }
  }

  MpiCounter(const MpiCounter&) = delete;
  MpiCounter& operator=(const MpiCounter&) = delete;

  std::int64_t fetch_add(std::int64_t amount) override { return update(amount, MPI_SUM); }

  void reset() override {
    check_mpi(MPI_Barrier(comm_), "MPI_Barrier");
    if (rank_ == 0) {
      update(0, MPI_REPLACE);
    }
    check_mpi(MPI_Barrier(comm_), "MPI_Barrier");
  }

  void progress() override {
    int waiting = 0;
    check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, comm_, &waiting, MPI_STATUS_IGNORE), "MPI_Iprobe");
  }

private:
  std::int64_t update(std::int64_t operand, MPI_Op op) {
    std::int64_t before = 0;
    check_mpi(MPI_Fetch_and_op(&operand, &before, MPI_INT64_T, 0, 0, op, window_), "MPI_Fetch_and_op");
    check_mpi(MPI_Win_flush(0, window_), "MPI_Win_flush");
    return before;
  }

  MPI_Comm comm_;
  MPI_Win window_ = MPI_WIN_NULL;
  int exceptions_;
  int rank_ = 0;
  int size_ = 1;
};

} // namespace

std::unique_ptr<Counter> make_mpi_counter(MPI_Comm comm) {
  return std::make_unique<MpiCounter>(comm);
}

} // namespace ionsift::parallel
