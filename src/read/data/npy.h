// NumPy's .npy format, versions 1 to 3. Source: numpy.lib.format, "Format Version 1.0" to "3.0".
#pragma once

#include <vector>

#include "graph/tensor.h"
#include "read/data/byte_source.h"

namespace narrow {

/// One array inside a source: what its elements are and where they start. The values fill the rest of the source.
struct NpyArray {
  SharedSource source;
  DType dtype = DType::float32;
  bool swapped = false;  // big-endian elements of more than one byte
  std::vector<int64_t> shape;
  int64_t offset = 0;  // of the first element

  int64_t elements() const;
  /// "float32 [500, 49, 10, 1]".
  std::string text() const;
};

/// Reads the header. bad_file where it is malformed or the source does not hold exactly the elements it announces;
/// unsupported for pickled objects, text, structures, complex numbers, and arrays in Fortran order.
Result<NpyArray> open_npy(SharedSource source);

}  // namespace narrow
