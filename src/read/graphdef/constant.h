// Constant: values that are known while a TensorFlow graph is read.
#pragma once

#include <graphdef.pb.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "base/shape.h"
#include "narrow/dtype.h"
#include "ops/build/fake_quant_range.h"

namespace narrow::graphdef {

/// The element type of that number in TensorFlow's files; unsupported for numbers that stand for none that narrow has.
Result<DType> dtype_of_number(int number);

/// The element type that narrow computes with where the file has that one: float32 for float16 and bfloat16.
DType computed_dtype(DType dtype);

struct Constant {
  DType dtype = DType::float32;
  Shape shape;
  SharedBytes data;  // dense, aligned for its type
  /// For integers computed from shapes: by element, whether it follows from a free dimension, so that the value is
  /// right for the present size only. Empty where none does.
  std::vector<bool> free = {};
  /// What a FakeQuant node rounds the values to; they are as they were before.
  std::optional<FakeQuantRange> range = {};
  std::string name = {};  // of the node that holds it

  bool any_free() const { return !free.empty(); }
  template <class T>
  std::span<const T> values() const {
    return {reinterpret_cast<const T*>(data.data()), data.size() / sizeof(T)};
  }
};
using ConstantPtr = std::shared_ptr<const Constant>;

/// How many bytes one file may ask for beyond those that it holds, by constants that repeat a value.
inline constexpr int64_t kMostFilledBytes = 256 << 20;

/// The values that tensors of a file hold as raw bytes, apart from the message, so that constants keep nothing else of
/// the file alive. A few bytes stay in the message.
using TensorContents = std::map<const tf_format::TensorProto*, SharedBytes>;

/// Takes them out of all nodes of a graph and its functions.
void take_contents(tf_format::GraphDef& graph, TensorContents& contents);

/// The values of a tensor in a file, short floats as float32; shared with `contents` where they lie there as they are.
/// `budget` is what is left of kMostFilledBytes. Errors: bad_file, unsupported (strings and the like), limit_exceeded.
Result<Constant> read_tensor(const tf_format::TensorProto& tensor, const TensorContents& contents, const Limits& limits,
                             int64_t& budget);

/// The elements of a constant of integers or truth values; unsupported for one of other types.
Result<std::vector<int64_t>> integers_of(const Constant& constant);

/// A constant of int32, int64 or truth values with these elements, which the caller knows to fit type and shape.
Constant integer_constant(DType dtype, const Shape& shape, const std::vector<int64_t>& values,
                          std::vector<bool> free = {});

/// The same values as computed_dtype().
Constant in_computed_dtype(Constant constant);

/// The same values in another shape of as many elements.
Constant in_shape(Constant constant, const Shape& shape);

/// The values as a FakeQuant node gives them: rounded to the grid of the range, computed as TensorFlow does.
/// bad_file where the range makes no grid.
Result<Constant> rounded_to_range(const Constant& constant);

}  // namespace narrow::graphdef
