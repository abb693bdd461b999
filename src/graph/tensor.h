// Tensor: the values, constant or computed, that ops of a graph read and write; their element type and shape.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/shape.h"
#include "narrow/dtype.h"

namespace narrow {

/// Bytes that `elements` values take when stored densely (int4 packs two a byte); nothing for strings and variants. The
/// handle of a variable, which is computed and never stored in a file, is a number of 32 bits.
std::optional<int64_t> storage_bytes(DType dtype, int64_t elements);

/// Runtimes multiply two scales and more in float32: beyond this a product may overflow, and LiteRT aborts.
inline constexpr float kMostScale = 0x1p108F;

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

/// The fields of a file that narrow gives no meaning to, kept by the reader so that the writer of the same format can
/// write them again. Each format derives its own.
struct Passthrough {
  virtual ~Passthrough() = default;
};

struct Tensor {
  std::string name;
  DType dtype = DType::float32;
  Shape shape;                           // a dimension that the file leaves free is 1, or what was asked for
  std::vector<int32_t> shape_signature;  // the shape in the file, -1 where free; empty if equal to `shape`
  Quantization quantization;
  SharedBytes data;          // the values of a tensor that is known(), dense and little-endian
  bool constant = false;     // the file has its values, of which there may be none
  bool from_shapes = false;  // ops compute it from shapes alone; `data` is what it holds for the shapes as they are
  bool variable = false;     // keeps its value from one run to the next
  bool unranked = false;     // the file does not state the number of dimensions
  bool four_bits = false;    // its int8 values lie within [-8, 7], and files and C store two of them in a byte (int4)
  bool opaque = false;       // sparse, quantized in blocks or stored in another file: narrow cannot compute with it
  std::shared_ptr<const Passthrough> passthrough;  // may be null

  int64_t elements() const { return shape.elements(); }
  /// Whether `values` gives them before the model runs: shapes that ops make of them can be worked out.
  bool known() const { return (constant && !opaque) || from_shapes; }
  /// Whether the file leaves a dimension free, so that values computed from its shape hold for the present shape only.
  bool has_free_dimension() const {
    return std::find(shape_signature.begin(), shape_signature.end(), -1) != shape_signature.end();
  }
  bool is_float() const { return dtype == DType::float32 || dtype == DType::float16; }
  /// Whether its values are integers of 4 bits, one a byte (`four_bits`) or two (int4).
  bool is_four_bits() const { return four_bits || dtype == DType::int4; }

  /// Known values as T, which must be the tensor's element type; the caller has validated size and alignment.
  template <class T>
  std::span<const T> values() const {
    return {reinterpret_cast<const T*>(data.data()), data.size() / sizeof(T)};
  }
};

}  // namespace narrow
