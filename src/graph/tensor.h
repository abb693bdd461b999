// Tensor: a typed, shaped place for values inside a graph; constant or computed.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/shape.h"
#include "narrow/dtype.h"

namespace narrow {

/// Their names, by number: NumPy's where it has one ("float32", "bool"), else a word of our own.
inline constexpr std::array<const char*, 23> kDTypeNames{
    "float32",   "float16", "int32",    "uint8",      "int64",  "string",        "bool",       "int16",
    "complex64", "int8",    "float64",  "complex128", "uint64", "resource",      "variant",    "uint32",
    "uint16",    "int4",    "bfloat16", "int2",       "uint4",  "float8_e4m3fn", "float8_e5m2"};

/// Bytes that `elements` values take when stored densely (int4 packs two a byte); nothing for strings and variants. The
/// handle of a variable, which is computed and never stored in a file, is a number of 32 bits.
std::optional<int64_t> storage_bytes(DType dtype, int64_t elements);

/// Real value = (q - zero_point) * scale. One scale for the tensor, or one for each index along `axis`.
struct Quantization {
  std::vector<float> scales;
  std::vector<int64_t> zero_points;
  int axis = 0;

  bool present() const { return !scales.empty(); }
  bool per_axis() const { return scales.size() > 1; }
  float scale() const { return scales.front(); }
  int32_t zero_point() const { return zero_points.empty() ? 0 : static_cast<int32_t>(zero_points.front()); }
  bool operator==(const Quantization&) const = default;

  /// One scale for the whole tensor.
  static Quantization of(float scale, int64_t zero_point) { return {{scale}, {zero_point}, 0}; }
};

/// What a reader keeps of a file's fields that narrow has no meaning for, so that the writer of the same format can
/// put them back. Each format derives its own.
struct Foreign {
  virtual ~Foreign() = default;
};

struct Tensor {
  std::string name;
  DType dtype = DType::float32;
  Shape shape;                           // free dimensions read as 1
  std::vector<int32_t> shape_signature;  // as in the file, -1 where free; empty where it equals `shape`
  Quantization quantization;
  SharedBytes data;       // the values of a constant, little-endian, dense
  bool constant = false;  // has values in the file (also when it has no elements)
  bool variable = false;  // keeps its value between runs
  bool unranked = false;  // the file does not say how many dimensions it has
  bool opaque = false;  // stored in a form that narrow carries but does not compute with: sparse, in blocks, elsewhere
  std::shared_ptr<const Foreign> foreign;  // may be null

  int64_t elements() const { return shape.elements(); }
  bool is_float() const { return dtype == DType::float32 || dtype == DType::float16; }

  /// A constant's values as T, which must be the tensor's element type; the caller has validated size and alignment.
  template <class T>
  std::span<const T> values() const {
    return {reinterpret_cast<const T*>(data.data()), data.size() / sizeof(T)};
  }
};

}  // namespace narrow
