// What an object file takes of a chip's memories, by the headers of its sections.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "narrow/result.h"

namespace narrow {

/// Bytes by kind; sections that are not loaded count nowhere.
struct ObjectBytes {
  int64_t code = 0;       // of executable sections
  int64_t constants = 0;  // of others that are not written to
  int64_t data = 0;       // of written ones with first values, which lie in flash, too
};

/// Of an ELF file of 32 or 64 bits, in either byte order. Errors: bad_file where it is none, or is cut short.
Result<ObjectBytes> object_bytes(std::span<const std::byte> file);

}  // namespace narrow
