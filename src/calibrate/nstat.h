// .nstat: statistics in a file. Shards, checkpoints and caches of calibration are all this.
#pragma once

#include <span>
#include <string>

#include "base/bytes.h"
#include "calibrate/statistics.h"

namespace narrow {

/// Equal statistics give equal bytes. Layout (little-endian; a varint has 7 bits a byte, lowest first):
///   "NSTAT002", then blocks, each: u32 length of payload, payload, u32 CRC-32 of both
///   first block: u64 model, u64 data, u8 flags (1 histograms, 2 per sample, 4 skip non-finite), varint tensors,
///                varint words, u64 words of the sample set
///   a block for each tensor: varint graph, varint index, varint length of name, name, u64 count, zeros, nan, +inf,
///   -inf,
///                f32 min, max, 8 x u64 sum, varint bins, and for each bin: varint step from the bin before, varint
///                count; with per-sample ranges: f32 min, max for each sample of the set
Bytes encode(const Statistics& statistics);

/// bad_file where the bytes are not exactly what `encode` gives for some statistics that calibration can give.
Result<Statistics> decode(std::span<const std::byte> bytes);

/// Reads a .nstat file.
Result<Statistics> read_statistics(const std::string& path);

/// Whether a file begins with the letters and the version of the format. Errors: io.
Result<bool> begins_as_statistics(const std::string& path);

/// Writes one, whole or not at all.
Status write_statistics(const std::string& path, const Statistics& statistics);

}  // namespace narrow
