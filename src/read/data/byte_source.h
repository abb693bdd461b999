// ByteSource: bytes that can be read from any offset without being held in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"

namespace narrow {

/// A run of bytes of known length. `read` may be called from several threads.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual int64_t size() const = 0;
  /// Fills `out` from `offset`; the range must lie inside the source, else bad_file.
  virtual Status read(int64_t offset, std::span<std::byte> out) const = 0;
};

using SharedSource = std::shared_ptr<const ByteSource>;

/// A regular file, opened read-only. Errors do not name it.
Result<SharedSource> open_source(const std::string& path);

/// Bytes in memory, which must stay there.
SharedSource memory_source(std::span<const std::byte> bytes);

/// The bytes [offset, offset + size) of `whole`, which must hold them.
SharedSource slice(SharedSource whole, int64_t offset, int64_t size);

}  // namespace narrow
