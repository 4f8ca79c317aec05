// SPDX-License-Identifier: BSD-3-Clause
// Records as bytes, for the exchange between ranks.
#pragma once

#include "ionsift/store/format/schema.hpp"

#include "bytes.hpp"

namespace ionsift::store {

void put_record(ByteWriter& out, const StructureRecord& record);
void put_record(ByteWriter& out, const FailureRecord& record);
void get_record(ByteReader& in, StructureRecord& record);
void get_record(ByteReader& in, FailureRecord& record);

void put_failure(ByteWriter& out, const crystal::Failure& failure);
crystal::Failure get_failure(ByteReader& in);

} // namespace ionsift::store
