#include "checksums.hpp"
#include "collect.hpp"
#include "layout.hpp"
#include "tables.hpp"

namespace ionsift::store {

FailureTable::FailureTable(h5::File& file)
    : index_(file, "failures/index"), line_(file, "failures/line"), source_(file, "failures/source", 64),
      block_(file, "failures/block", 16), code_(file, "failures/code", 8),
      message_(file, "failures/message", 256), checksum_(file, "failures/checksum") {
}

void FailureTable::append(const Axis& axis, std::span<const FailureRecord> records) {
  const auto texts = [&](const auto& get, std::size_t length) {
    return collect<std::string>(
        records, [&](const FailureRecord& r) { return readable(std::string(get(r.failure)), length); });
  };
  using crystal::Failure;
  index_.append(axis, collect<std::int64_t>(records, [](const auto& r) { return r.index; }));
  line_.append(axis, collect<std::int64_t>(records, [](const auto& r) { return r.failure.line; }));
  source_.append(axis, texts([](const Failure& f) { return f.source; }, longest_name));
  block_.append(axis, texts([](const Failure& f) { return f.block; }, longest_name));
  code_.append(axis, texts([](const Failure& f) { return name_of(f.code); }, longest_name));
  message_.append(axis, texts([](const Failure& f) { return f.message; }, longest_message));
  checksum_.append(axis, collect<std::uint64_t>(records, [](const auto& r) { return checksum_of(r); }));
}

} // namespace ionsift::store
