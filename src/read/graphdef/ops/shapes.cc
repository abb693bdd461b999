// Ops on shapes and indices, which are computed while the graph is read where they can be.
#include <algorithm>
#include <limits>

#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "read/graphdef/ops/folded.h"

namespace narrow::graphdef {
namespace {

Result<std::vector<Value>> read_shape(Node& node) {
  NARROW_TRY(Value const x, node.value(0));
  NARROW_TRY(Shape const shape, node.shape(0));
  NARROW_TRY(DType const dtype, node.dtype("out_type", DType::int32));
  std::vector<int64_t> const dims(shape.dims().begin(), shape.dims().end());
  std::vector<bool> free(dims.size(), false);
  if (x.tensor != kNoTensor) {
    auto const& signature = node.builder().at(x.tensor).shape_signature;
    for (size_t i = 0; i < signature.size() && i < free.size(); ++i) free[i] = signature[i] == -1;
  }
  NARROW_TRY(Shape const list, Shape::make(std::vector<int32_t>{shape.rank()}));
  return folded(node, integer_constant(dtype, list, dims, std::move(free)),
                [&] { return node.add(kShape, ShapeAttributes{dtype}, {x.tensor}, dtype); });
}

Result<std::vector<Value>> read_rank(Node& node) {
  NARROW_TRY(Shape const shape, node.shape(0));
  return one(integer_constant(DType::int32, {}, {shape.rank()}));
}

Result<std::vector<Value>> read_size(Node& node) {
  NARROW_TRY(Shape const shape, node.shape(0));
  NARROW_TRY(Value const x, node.value(0));
  NARROW_TRY(DType const dtype, node.dtype("out_type", DType::int32));
  if (x.tensor != kNoTensor && node.builder().at(x.tensor).has_free_dimension())
    return fail(ErrorKind::unsupported, "the number of elements of data with a free dimension");
  return one(integer_constant(dtype, {}, {shape.elements()}));
}

Result<std::vector<Value>> read_pack(Node& node) {
  const auto& parts = node.values();
  if (parts.empty()) return fail(ErrorKind::bad_file, "the node has no operands");
  NARROW_TRY(Shape const shape, node.shape(0));
  NARROW_TRY(Axis const axis, Axis::resolve(node.integer("axis", 0), shape.rank() + 1));
  auto emit = [&]() -> Result<int> {
    std::vector<int> inputs;
    for (const Value& v : parts) {
      NARROW_TRY(int const t, node.place(v));
      inputs.push_back(t);
    }
    return node.add(kPack, PackAttributes{static_cast<int>(parts.size()), axis.index()}, std::move(inputs));
  };
  bool const known = std::all_of(parts.begin(), parts.end(), [&](const Value& v) {
    return is_foldable(v) && v.constant->shape == shape && v.constant->dtype == parts[0].constant->dtype;
  });
  if (!known || axis.index() != 0) return one(emit());
  std::vector<int64_t> values;
  std::vector<bool> free;
  for (const Value& v : parts) {
    NARROW_TRY(std::vector<int64_t> const more, integers_of(*v.constant));
    for (size_t i = 0; i < more.size(); ++i) {
      values.push_back(more[i]);
      free.push_back(is_free(*v.constant, i));
    }
  }
  std::vector<int32_t> dims{static_cast<int32_t>(parts.size())};
  dims.insert(dims.end(), shape.dims().begin(), shape.dims().end());
  NARROW_TRY(Shape const stacked, Shape::make(dims));
  return folded(node, integer_constant(parts[0].constant->dtype, stacked, values, std::move(free)), emit);
}

/// A mask of at most 32 dimensions.
Result<int> mask_of(Node& node, const char* name) {
  int64_t const mask = node.integer(name, 0);
  if (mask < 0 || mask > std::numeric_limits<int32_t>::max())
    return fail(ErrorKind::bad_file, std::string(name) + " is " + std::to_string(mask));
  return static_cast<int>(mask);
}

/// The places in a list of n elements from a begin to an end in steps, as Python's slices count them.
Result<std::vector<int64_t>> places_of(int64_t n, int64_t begin, int64_t end, int64_t step,
                                       const StridedSliceAttributes& a) {
  if (step == 0) return fail(ErrorKind::bad_file, "a slice with steps of 0");
  auto bounded = [&](int64_t at) {
    if (at < 0) at += n;
    return step > 0 ? std::clamp<int64_t>(at, 0, n) : std::clamp<int64_t>(at, -1, n - 1);
  };
  if (a.shrink_axis_mask & 1) {
    int64_t const at = begin < 0 ? begin + n : begin;
    if (at < 0 || at >= n)
      return fail(ErrorKind::bad_file, "element " + std::to_string(begin) + " of a list of " + std::to_string(n));
    return std::vector<int64_t>{at};
  }
  int64_t const from = a.begin_mask & 1 ? (step > 0 ? 0 : n - 1) : bounded(begin);
  int64_t const to = a.end_mask & 1 ? (step > 0 ? n : -1) : bounded(end);
  std::vector<int64_t> out;
  if (step > 0 && from < to)
    for (int64_t i = from; i < to; i += std::min(step, n)) out.push_back(i);
  if (step < 0 && from > to)
    for (int64_t i = from; i > to; i += std::max(step, -n)) out.push_back(i);
  return out;
}

/// Elements of a list of known integers.
Constant chosen(const Constant& list, const std::vector<int64_t>& values, const std::vector<int64_t>& places,
                const Shape& shape) {
  std::vector<int64_t> out;
  std::vector<bool> free;
  for (int64_t const p : places) {
    out.push_back(values[static_cast<size_t>(p)]);
    free.push_back(is_free(list, static_cast<size_t>(p)));
  }
  return integer_constant(list.dtype, shape, out, std::move(free));
}

Result<std::vector<Value>> read_strided_slice(Node& node) {
  NARROW_TRY(Value const x, node.value(0));
  StridedSliceAttributes a;
  NARROW_TRY(a.begin_mask, mask_of(node, "begin_mask"));
  NARROW_TRY(a.end_mask, mask_of(node, "end_mask"));
  NARROW_TRY(a.ellipsis_mask, mask_of(node, "ellipsis_mask"));
  NARROW_TRY(a.new_axis_mask, mask_of(node, "new_axis_mask"));
  NARROW_TRY(a.shrink_axis_mask, mask_of(node, "shrink_axis_mask"));
  auto emit = [&]() -> Result<int> {
    NARROW_TRY(int const t, node.place(x));
    NARROW_TRY(int const begin, index_tensor(node, 1));
    NARROW_TRY(int const end, index_tensor(node, 2));
    NARROW_TRY(int const strides, index_tensor(node, 3));
    return node.add(kStridedSlice, a, {t, begin, end, strides});
  };
  bool const of_list = is_foldable(x) && x.constant->shape.rank() == 1 && !a.ellipsis_mask && !a.new_axis_mask;
  auto const begin = node.integers(1), end = node.integers(2), strides = node.integers(3);
  if (!of_list || !begin || !end || !strides || begin->size() != 1 || end->size() != 1 || strides->size() != 1)
    return one(emit());
  NARROW_TRY(std::vector<int64_t> const values, integers_of(*x.constant));
  NARROW_TRY(std::vector<int64_t> const places,
             places_of(static_cast<int64_t>(values.size()), begin->front(), end->front(), strides->front(), a));
  Shape shape;
  if (!(a.shrink_axis_mask & 1)) {
    NARROW_TRY(shape, Shape::make(std::vector<int32_t>{static_cast<int32_t>(places.size())}));
  }
  return folded(node, chosen(*x.constant, values, places, shape), emit);
}

Result<std::vector<Value>> read_slice(Node& node) {
  NARROW_TRY(Value const x, node.value(0));
  auto emit = [&]() -> Result<int> {
    NARROW_TRY(int const t, node.place(x));
    NARROW_TRY(int const begin, index_tensor(node, 1));
    NARROW_TRY(int const size, index_tensor(node, 2));
    return node.add(kSlice, {}, {t, begin, size});
  };
  auto const begin = node.integers(1), size = node.integers(2);
  if (!is_foldable(x) || x.constant->shape.rank() != 1 || !begin || !size || begin->size() != 1 || size->size() != 1)
    return one(emit());
  NARROW_TRY(std::vector<int64_t> const values, integers_of(*x.constant));
  auto const n = static_cast<int64_t>(values.size());
  int64_t const from = begin->front(), count = size->front() == -1 ? n - from : size->front();
  if (from < 0 || from > n || count < 0 || count > n - from)
    return fail(ErrorKind::bad_file, "a slice that reaches beyond a list of " + std::to_string(n));
  std::vector<int64_t> places;
  for (int64_t i = from; i < from + count; ++i) places.push_back(i);
  NARROW_TRY(Shape const shape, Shape::make(std::vector<int32_t>{static_cast<int32_t>(count)}));
  return folded(node, chosen(*x.constant, values, places, shape), emit);
}

Result<std::vector<Value>> read_range(Node& node) {
  auto const start = node.one_integer(0), limit = node.one_integer(1), delta = node.one_integer(2);
  NARROW_TRY(Value const first, node.value(0));
  auto emit = [&]() -> Result<int> {
    std::vector<int> inputs;
    for (size_t i = 0; i < 3; ++i) {
      NARROW_TRY(int const t, node.tensor(i));
      inputs.push_back(t);
    }
    return node.add(kRange, {}, std::move(inputs));
  };
  if (!start || !limit || !delta || !is_foldable(first)) return one(emit());
  std::vector<int64_t> values;
  if (*delta == 0) return fail(ErrorKind::bad_file, "a range with steps of 0");
  constexpr int64_t kFar = int64_t{1} << 40;
  if (std::abs(*start) > kFar || std::abs(*limit) > kFar || std::abs(*delta) > kFar)
    return fail(ErrorKind::bad_file, "a range beyond what indices are");
  for (int64_t i = *start; *delta > 0 ? i < *limit : i > *limit; i += *delta) {
    if (static_cast<int64_t>(values.size()) > kMostFolded) return one(emit());
    values.push_back(i);
  }
  NARROW_TRY(Shape const list, Shape::make(std::vector<int32_t>{static_cast<int32_t>(values.size())}));
  return one(integer_constant(first.constant->dtype, list, values));
}

/// One value in every place of a shape: a constant where both are known.
Result<std::vector<Value>> read_fill(Node& node) {
  NARROW_TRY(Value const dims, node.value(0));
  NARROW_TRY(Value const value, node.value(1));
  if (!dims.known() || !value.known() || value.constant->shape.elements() != 1) {
    NARROW_TRY(int const shape, index_tensor(node, 0));
    NARROW_TRY(int const t, node.tensor(1));
    return one(node.add(kFill, {}, {shape, t}, node.builder().at(t).dtype));
  }
  NARROW_TRY(std::vector<int64_t> const wanted, integers_of(*dims.constant));
  std::vector<int32_t> sizes;
  for (int64_t const d : wanted) {
    if (d < 0 || d > std::numeric_limits<int32_t>::max())
      return fail(ErrorKind::bad_file, "a dimension of " + std::to_string(d));
    sizes.push_back(static_cast<int32_t>(d));
  }
  NARROW_TRY(Shape const shape, Shape::make(sizes));
  std::span<const std::byte> const element = value.constant->data.bytes();
  if (shape.elements() * static_cast<int64_t>(element.size()) > node.reading().fill_budget)
    return fail(ErrorKind::limit_exceeded, "constants that repeat a value take too many bytes");
  node.reading().fill_budget -= shape.elements() * static_cast<int64_t>(element.size());
  Bytes out;
  out.reserve(static_cast<size_t>(shape.elements()) * element.size());
  for (int64_t i = 0; i < shape.elements(); ++i) out.insert(out.end(), element.begin(), element.end());
  return one(Constant{value.constant->dtype, shape, SharedBytes(std::move(out)), {}, {}, node.name()});
}

Result<std::vector<Value>> read_zeros_like(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  return one(node.add(kZerosLike, {}, {x}));
}

constexpr NodeRule kShapesRules[] = {
    {"Fill", read_fill},
    {"Pack", read_pack},
    {"Range", read_range},
    {"Rank", read_rank},
    {"Shape", read_shape},
    {"Size", read_size},
    {"Slice", read_slice},
    {"StridedSlice", read_strided_slice},
    {"ZerosLike", read_zeros_like},
};

}  // namespace

std::span<const NodeRule> shape_rules() {
  return kShapesRules;
}

}  // namespace narrow::graphdef
