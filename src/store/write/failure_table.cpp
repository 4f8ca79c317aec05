// SPDX-License-Identifier: BSD-3-Clause
#include "format/checksums.hpp"
#include "format/collect.hpp"
#include "format/layout.hpp"
#include "tables.hpp"

namespace ionsift::store {

FailureTable::FailureTable(FinalFile& out, const StoreSizes& sizes)
    : index_(out, "failures/index", sizes.failures, {}, false),
      line_(out, "failures/line", sizes.failures, {}, false),
      source_(out, "failures/source", sizes.failures, sizes.of(TextField::failure_source), false),
      block_(out, "failures/block", sizes.failures, sizes.of(TextField::failure_block), false),
      code_(out, "failures/code", sizes.failures, sizes.of(TextField::failure_code), false),
      message_(out, "failures/message", sizes.failures, sizes.of(TextField::failure_message), false),
      checksum_(out, "failures/checksum", sizes.failures, {}, false) {
}

void FailureTable::write(const Piece& piece, std::span<const FailureRecord> records) {
  const auto texts = [&](const auto& get, std::size_t length) {
    return collect<std::string>(
        records, [&](const FailureRecord& r) { return readable(std::string(get(r.failure)), length); });
  };
  using crystal::Failure;
  index_.write(piece, collect<std::int64_t>(records, [](const auto& r) { return r.index; }));
  line_.write(piece, collect<std::int64_t>(records, [](const auto& r) { return r.failure.line; }));
  source_.write(piece, texts([](const Failure& f) { return f.source; }, longest_name));
  block_.write(piece, texts([](const Failure& f) { return f.block; }, longest_name));
  code_.write(piece, texts([](const Failure& f) { return name_of(f.code); }, longest_name));
  message_.write(piece, texts([](const Failure& f) { return f.message; }, longest_message));
  checksum_.write(piece, collect<std::uint64_t>(records, [](const auto& r) { return checksum_of(r); }));
}

} // namespace ionsift::store
