// SPDX-License-Identifier: BSD-3-Clause
#include "input_index.hpp"

#include "ionsift/parallel/together.hpp"

#include "format/record_bytes.hpp"

#include <algorithm>

namespace ionsift::store {

namespace {

constexpr std::uint64_t most_unit_bytes = std::uint64_t{1} << 18;
constexpr std::uint64_t least_unit_bytes = std::uint64_t{1} << 14;

void put_part(ByteWriter& out, const crystal::InputPart& part) {
  out.put(part.path.string());
  out.put(part.source);
  out.put(part.requested);
  out.put(part.only);
  out.put(part.bytes);
  out.put(part.sequence);
  out.put(part.input);
  out.put(part.failure.has_value());
  if (part.failure) {
    put_failure(out, *part.failure);
  }
  out.put(part.run.has_value());
  if (part.run) {
    out.put(part.run->offset);
    out.put(part.run->length);
    out.put(part.run->members);
    out.put(part.run->replaced);
  }
  out.put(part.blocks.has_value());
  if (part.blocks) {
    out.put(*part.blocks);
  }
}

crystal::InputPart get_part(ByteReader& in) {
  crystal::InputPart part;
  part.path = in.get_text();
  part.source = in.get_text();
  part.requested = in.get<bool>();
  part.only = in.get_text();
  part.bytes = in.get<std::uint64_t>();
  part.sequence = in.get<bool>();
  part.input = in.get<std::uint64_t>();
  if (in.get<bool>()) {
    part.failure = get_failure(in);
  }
  if (in.get<bool>()) {
    auto& run = part.run.emplace();
    run.offset = in.get<std::uint64_t>();
    run.length = in.get<std::uint64_t>();
    run.members = in.get<std::uint64_t>();
    run.replaced = in.get_vector<std::uint64_t>();
  }
  if (in.get<bool>()) {
    part.blocks = in.get<crystal::BlockRun>();
  }
  return part;
}

} // namespace

InputIndex::InputIndex(const parallel::Communicator& comm, const std::vector<std::filesystem::path>& inputs) {
  ByteWriter out;
  parallel::on_root(comm, [&] {
    const auto parts = crystal::list_parts(inputs);
    std::uint64_t all = 0;
    for (const auto& part : parts) {
      all += part.bytes;
    }
    // Units small enough that each rank gets many, and large enough that handing them out costs nothing.
    constexpr std::uint64_t of_a_rank = 32;
    const auto unit_bytes = std::clamp(all / (of_a_rank * static_cast<std::uint64_t>(comm.size())),
                                       least_unit_bytes, most_unit_bytes);
    for (const auto& whole : parts) {
      for (const auto& part : crystal::divide(whole, unit_bytes)) {
        const bool opens = units_.empty() || part.sequence || units_.back().sequence ||
                           units_.back().bytes + part.bytes > unit_bytes;
        if (opens) {
          units_.push_back({out.size(), 0, 0, part.sequence});
        }
        put_part(out, part);
        units_.back().length = out.size() - units_.back().offset;
        units_.back().bytes += part.bytes;
      }
    }
  });
  units_ = comm.broadcast(std::move(units_));
  parts_ = comm.broadcast(out.take());
}

std::vector<crystal::InputPart> InputIndex::parts(std::size_t unit) const {
  std::vector<crystal::InputPart> parts;
  const auto& place = units_.at(unit);
  for (ByteReader in(std::span<const std::byte>(parts_).subspan(place.offset, place.length)); !in.empty();) {
    parts.push_back(get_part(in));
  }
  return parts;
}

} // namespace ionsift::store
