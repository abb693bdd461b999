// A deflated run of bytes seen as the bytes it expands to.
#pragma once

#include "read/data/byte_source.h"

namespace narrow {

/// What `deflated` (raw deflate, RFC 1951) expands to. It is expanded on the way: the last 4 MiB are kept, reading
/// further on expands what lies between, reading further back starts over. Whoever reads to the end learns whether
/// the length is `size` and the CRC-32 is `crc`.
SharedSource inflated(SharedSource deflated, int64_t size, uint32_t crc);

}  // namespace narrow
