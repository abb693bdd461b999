// Buffers of a .tflite file as views into it.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tflite/format.h"
#include "tflite/meter.h"

namespace narrow {

class Buffers {
 public:
  /// Reads the table of buffers; bad_file where data lies outside the file.
  static Result<Buffers> read(const SharedBytes& file, const format::Model& model);

  /// The data of buffer `index`, aligned for elements of `alignment` bytes; empty where it has none. bad_file where
  /// there is no such buffer.
  Result<SharedBytes> at(uint32_t index, size_t alignment, Meter& meter);

 private:
  std::vector<SharedBytes> buffers_;
};

}  // namespace narrow
