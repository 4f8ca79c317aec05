// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/trace_file.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/host.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/trace.hpp"
#include "ionsift/parallel/together.hpp"

#include <fmt/format.h>

#include <fstream>

namespace ionsift::parallel {

void start_trace_together(const Communicator& comm) {
  comm.barrier();
  start_trace();
}

void write_trace(const Communicator& comm, const std::filesystem::path& path) {
  auto partial = path;
  partial += ".partial";
  const auto own = trace_events(comm.rank(), fmt::format("rank {} on {}", comm.rank(), host_name()));
  const auto left_out = comm.all_reduce(own.left_out, Reduction::sum);
  for (int rank = 0; rank < comm.size(); ++rank) {
    together(comm, [&] {
      if (rank != comm.rank()) {
        return;
      }
      std::ofstream out(partial, rank == 0 ? std::ios::trunc : std::ios::app);
      if (rank == 0) {
        out << "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n";
      }
      out << own.json;
      if (rank + 1 == comm.size()) {
        out << fmt::format("{{\"name\":\"ranks\",\"ph\":\"M\",\"pid\":0,\"args\":{{\"ranks\":{}}}}}\n]}}\n",
                           comm.size());
      }
      out.close();
      IONSIFT_VALIDATE(out.good(), io, fmt::format("{} cannot be written", partial.string()),
                       "the system refused", "Check the folder of --trace and the space on its disk.");
    });
  }
  on_root(comm, [&] { put_in_place(partial, path); });
  if (left_out > 0 && comm.is_root()) {
    log::warning("{} events beyond 200,000 a rank are not in {}", left_out, path.string());
  }
}

} // namespace ionsift::parallel
