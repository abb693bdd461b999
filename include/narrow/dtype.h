// DType: the element types of tensors and of arrays.
#pragma once

#include <narrow/visibility.h>

#include <cstddef>
#include <cstdint>

namespace narrow {

/// Element types, numbered as the .tflite format numbers them.
enum class DType : int8_t {
  float32 = 0,
  float16 = 1,
  int32 = 2,
  uint8 = 3,
  int64 = 4,
  string = 5,
  boolean = 6,
  int16 = 7,
  complex64 = 8,
  int8 = 9,
  float64 = 10,
  complex128 = 11,
  uint64 = 12,
  resource = 13,
  variant = 14,
  uint32 = 15,
  uint16 = 16,
  int4 = 17,
  bfloat16 = 18,
  int2 = 19,
  uint4 = 20,
  float8_e4m3fn = 21,
  float8_e5m2 = 22,
};

/// NumPy's name of the type where it has one ("float32", "bool"), else a word of our own; "unknown" for a number that
/// stands for none.
NARROW_API const char* to_string(DType dtype);

/// Bytes of one element; 0 for types without a fixed whole number of bytes (string, resource, variant, int4, uint4,
/// int2).
NARROW_API size_t element_bytes(DType dtype);

}  // namespace narrow
