#include "stream/history.h"

#include <algorithm>

#include "ops/control/control.h"
#include "ops/layout/layout.h"

namespace narrow {
namespace {

Result<Shape> with_size(const Shape& shape, int axis, int32_t size) {
  std::vector<int32_t> dims(shape.dims().begin(), shape.dims().end());
  dims[static_cast<size_t>(axis)] = size;
  return Shape::make(dims);
}

}  // namespace

int History::handle(const std::string& name) {
  int const out = b_.tensor({.dtype = DType::resource, .shape = Shape::of({}), .name = name + "/handle"});
  b_.op(kVarHandle, VarHandleAttributes{"", name}, {}, {out});
  return out;
}

void History::begin_with(const std::string& name, const TensorSpec& like, std::span<const std::byte> fill) {
  b_.in(1);
  Bytes values;
  values.reserve(static_cast<size_t>(like.shape.elements()) * fill.size());
  for (int64_t i = 0; i < like.shape.elements(); ++i) values.insert(values.end(), fill.begin(), fill.end());
  bytes_ += static_cast<int64_t>(values.size());
  TensorSpec spec = like;
  spec.name = name + "/start";
  int const start = b_.constant(std::move(spec), std::span<const std::byte>(values));
  b_.op(kAssignVariable, {}, {handle(name), start}, {});
  b_.in(0);
}

Result<int> History::with_past(int tensor, int axis, int32_t back, std::span<const std::byte> fill) {
  if (back == 0) return tensor;
  std::string const name = b_.at(tensor).name + "/past_" + std::to_string(count_++);
  TensorSpec like{.dtype = b_.at(tensor).dtype, .quantization = b_.at(tensor).quantization};
  NARROW_TRY(like.shape, with_size(b_.shape(tensor), axis, back));
  begin_with(name, like, fill);
  int const variable = handle(name);
  like.name = name;
  int const old = b_.tensor(like);
  b_.op(kReadVariable, {}, {variable}, {old});
  TensorSpec joined{.dtype = like.dtype, .name = name + "/joined", .quantization = like.quantization};
  int32_t const now = b_.shape(tensor)[axis];
  NARROW_TRY(int const both, b_.infer_op(kConcatenation, ConcatenationAttributes{.axis = axis}, {old, tensor}, joined));
  NARROW_TRY(int const last, part(both, axis, now, back));
  b_.op(kAssignVariable, {}, {variable, last}, {});
  return both;
}

Result<int> History::part(int tensor, int axis, int32_t begin, int32_t size) {
  const Shape& shape = b_.shape(tensor);
  if (begin == 0 && size == shape[axis]) return tensor;
  std::vector<int32_t> begins(static_cast<size_t>(shape.rank()), 0);
  std::vector<int32_t> sizes(shape.dims().begin(), shape.dims().end());
  begins[static_cast<size_t>(axis)] = begin;
  sizes[static_cast<size_t>(axis)] = size;
  TensorSpec spec{.dtype = b_.at(tensor).dtype,
                  .name = b_.at(tensor).name + "/part_" + std::to_string(count_++),
                  .quantization = b_.at(tensor).quantization};
  int const from = b_.indices(begins), extent = b_.indices(sizes);
  return b_.infer_op(kSlice, {}, {tensor, from, extent}, std::move(spec));
}

}  // namespace narrow
