// Ops that move elements, and those that leave values as they are.
#include "ops/layout/layout.h"

#include <algorithm>

#include "ops/build/permuted.h"
#include "read/graphdef/ops/folded.h"

namespace narrow::graphdef {
namespace {

Result<std::vector<Value>> read_identity(Node& node) {
  NARROW_TRY(Value v, node.value(0));
  return std::vector<Value>{std::move(v)};
}

Result<std::vector<Value>> read_identities(Node& node) {
  return node.values();
}

/// A constant in another shape; a range by channels of FakeQuant would no longer lie along its last dimension.
Result<std::vector<Value>> reshaped_constant(const Constant& constant, const Shape& shape) {
  if (shape.elements() != constant.shape.elements())
    return fail(ErrorKind::bad_file, "a constant of shape " + constant.shape.text() + " as " + shape.text());
  if (constant.range && constant.range->per_channel()) {
    NARROW_TRY(Constant rounded, rounded_to_range(constant));
    return one(in_shape(std::move(rounded), shape));
  }
  return one(in_shape(constant, shape));
}

/// Dimensions with at most one -1, which stands for what is left of `elements`.
Result<Shape> filled_shape(std::vector<int64_t> dims, int64_t elements) {
  int64_t known = 1;
  for (int64_t const d : dims) {
    if (d < -1 || d > int64_t{1} << 31) return fail(ErrorKind::bad_file, "a dimension of " + std::to_string(d));
    if (d > 0) known = known > elements / d ? elements + 1 : known * d;  // too large is as bad as larger
  }
  std::vector<int32_t> out;
  for (int64_t const d : dims) out.push_back(static_cast<int32_t>(d == -1 ? elements / known : d));
  return Shape::make(out);
}

Result<std::vector<Value>> read_reshape(Node& node) {
  NARROW_TRY(Value const x, node.value(0));
  NARROW_TRY(Value const to, node.value(1));
  if (!to.constant) {
    NARROW_TRY(int const t, node.place(x));
    NARROW_TRY(int const shape, node.place(to));
    return one(node.add(kReshape, ReshapeAttributes{}, {t, shape}));
  }
  NARROW_TRY(std::vector<int64_t> dims, integers_of(*to.constant));
  if (x.known()) {
    NARROW_TRY(Shape const shape, filled_shape(dims, x.constant->shape.elements()));
    return reshaped_constant(*x.constant, shape);
  }
  if (x.constant && is_foldable(x)) {
    NARROW_TRY(Shape const shape, filled_shape(dims, x.constant->shape.elements()));
    if (shape.elements() != x.constant->shape.elements())
      return fail(ErrorKind::bad_file, "the shape " + shape.text() + " has another number of elements");
    Value v = of_constant(in_shape(*x.constant, shape));
    if (shape == x.constant->shape) v.tensor = x.tensor;
    return std::vector<Value>{std::move(v)};
  }
  auto const open =
      std::count(dims.begin(), dims.end(), -1) + std::count(to.constant->free.begin(), to.constant->free.end(), true);
  NARROW_TRY(int const t, node.place(x));
  if (to.constant->any_free() && open > 1) {
    NARROW_TRY(int const shape, node.place(to));
    return one(node.add(kReshape, ReshapeAttributes{}, {t, shape}));
  }
  NARROW_TRY(Shape const now, filled_shape(dims, node.builder().shape(t).elements()));
  std::vector<int32_t> shape(now.dims().begin(), now.dims().end());
  // What is left for -1 is free where something of the data is.
  for (size_t i = 0; i < shape.size(); ++i)
    if (is_free(*to.constant, i) || (dims[i] == -1 && node.builder().at(t).has_free_dimension())) shape[i] = -1;
  return one(node.add(kReshape, ReshapeAttributes{std::move(shape)}, {t}));
}

Result<std::vector<Value>> read_squeeze(Node& node) {
  NARROW_TRY(Value const x, node.value(0));
  NARROW_TRY(Shape const from, node.shape(0));
  auto const listed = node.list("squeeze_dims");
  std::vector<bool> away(static_cast<size_t>(from.rank()), false);
  std::vector<int32_t> axes;
  for (int64_t const a : listed) {
    NARROW_TRY(Axis const axis, Axis::resolve(a, from.rank()));
    if (from[axis.index()] != 1)
      return fail(ErrorKind::bad_file, "dimension " + std::to_string(a) + " of " + from.text() + " is not 1");
    away[static_cast<size_t>(axis.index())] = true;
    axes.push_back(axis.index());
  }
  std::vector<int32_t> dims;
  for (int d = 0; d < from.rank(); ++d)
    if (listed.empty() ? from[d] != 1 : !away[static_cast<size_t>(d)]) dims.push_back(from[d]);
  NARROW_TRY(Shape const shape, Shape::make(dims));
  if (x.known()) return reshaped_constant(*x.constant, shape);
  auto emit = [&]() -> Result<int> {
    NARROW_TRY(int const t, node.place(x));
    return node.add(kSqueeze, SqueezeAttributes{axes}, {t});
  };
  if (is_foldable(x)) return folded(node, in_shape(*x.constant, shape), emit);
  return one(emit());
}

Result<std::vector<Value>> read_expand_dims(Node& node) {
  NARROW_TRY(Value const x, node.value(0));
  NARROW_TRY(Shape const from, node.shape(0));
  NARROW_TRY(int64_t const at, node.one_integer(1));
  NARROW_TRY(Axis const axis, Axis::resolve(at, from.rank() + 1));
  std::vector<int32_t> dims(from.dims().begin(), from.dims().end());
  dims.insert(dims.begin() + axis.index(), 1);
  NARROW_TRY(Shape const shape, Shape::make(dims));
  if (x.known()) return reshaped_constant(*x.constant, shape);
  auto emit = [&]() -> Result<int> {
    NARROW_TRY(int const t, node.place(x));
    NARROW_TRY(int const where, index_tensor(node, 1));
    return node.add(kExpandDims, {}, {t, where});
  };
  if (is_foldable(x)) return folded(node, in_shape(*x.constant, shape), emit);
  return one(emit());
}

Result<std::vector<Value>> read_transpose(Node& node) {
  NARROW_TRY(Value const x, node.value(0));
  NARROW_TRY(std::vector<int64_t> const order, node.integers(1));
  NARROW_TRY(Shape const from, node.shape(0));
  std::vector<int> places;
  std::vector<bool> taken(order.size(), false);
  for (int64_t const d : order) {
    NARROW_TRY(Axis const axis, Axis::resolve(d, from.rank()));
    places.push_back(axis.index());
    if (static_cast<size_t>(axis.index()) < taken.size()) taken[static_cast<size_t>(axis.index())] = true;
  }
  if (static_cast<int>(order.size()) != from.rank() || std::find(taken.begin(), taken.end(), false) != taken.end())
    return fail(ErrorKind::bad_file, "the order of dimensions does not name each dimension once");
  if (x.known() && element_bytes(x.constant->dtype) > 0) {
    Constant c = *x.constant;
    if (c.range && c.range->per_channel()) {
      NARROW_TRY(c, rounded_to_range(c));
    }
    return one(Constant{c.dtype,
                        permuted(c.shape, places),
                        permuted(c.data.bytes(), element_bytes(c.dtype), c.shape, places),
                        {},
                        c.range,
                        node.name()});
  }
  if (std::is_sorted(places.begin(), places.end())) return std::vector<Value>{x};
  NARROW_TRY(int const t, node.place(x));
  NARROW_TRY(int const operand, index_list(node, 1));
  return one(node.add(kTranspose, {}, {t, operand}));
}

Result<std::vector<Value>> concatenated(Node& node, size_t first, size_t count, size_t axis_operand) {
  NARROW_TRY(int64_t const where, node.one_integer(axis_operand));
  NARROW_TRY(Shape const shape, node.shape(first));
  NARROW_TRY(Axis const axis, Axis::resolve(where, shape.rank()));
  std::vector<Value> const parts(node.values().begin() + static_cast<ptrdiff_t>(first),
                                 node.values().begin() + static_cast<ptrdiff_t>(first + count));
  auto emit = [&]() -> Result<int> {
    std::vector<int> inputs;
    for (const Value& v : parts) {
      NARROW_TRY(int const t, node.place(v));
      inputs.push_back(t);
    }
    return node.add(kConcatenation, ConcatenationAttributes{.axis = axis.index()}, std::move(inputs));
  };
  bool const known = shape.rank() == 1 && std::all_of(parts.begin(), parts.end(), [&](const Value& v) {
                       return is_foldable(v) && v.constant->dtype == parts[0].constant->dtype;
                     });
  if (parts.size() == 1) return std::vector<Value>{parts[0]};
  if (!known) return one(emit());
  std::vector<int64_t> values;
  std::vector<bool> free;
  for (const Value& v : parts) {
    NARROW_TRY(std::vector<int64_t> const more, integers_of(*v.constant));
    for (size_t i = 0; i < more.size(); ++i) {
      values.push_back(more[i]);
      free.push_back(is_free(*v.constant, i));
    }
  }
  NARROW_TRY(Shape const list, Shape::make(std::vector<int32_t>{static_cast<int32_t>(values.size())}));
  return folded(node, integer_constant(parts[0].constant->dtype, list, values, std::move(free)), emit);
}

Result<std::vector<Value>> read_concat_v2(Node& node) {
  if (node.operands() < 2) return fail(ErrorKind::bad_file, "the node has nothing to concatenate");
  return concatenated(node, 0, node.operands() - 1, node.operands() - 1);
}
Result<std::vector<Value>> read_concat(Node& node) {
  if (node.operands() < 2) return fail(ErrorKind::bad_file, "the node has nothing to concatenate");
  return concatenated(node, 1, node.operands() - 1, 0);
}

Result<std::vector<Value>> results_of(Result<std::vector<int>> tensors) {
  if (!tensors) return pass(std::move(tensors));
  std::vector<Value> out;
  for (int const t : *tensors) out.push_back(of_tensor(t));
  return out;
}

/// A number of results, of which there may not be many more than a file is long.
Result<int> count_of(Node& node, const char* attribute) {
  int64_t const n = node.integer(attribute, 0);
  if (n < 1 || n > 1 << 16) return fail(ErrorKind::bad_file, std::string(attribute) + " is " + std::to_string(n));
  return static_cast<int>(n);
}

Result<std::vector<Value>> read_split(Node& node) {
  NARROW_TRY(int const count, count_of(node, "num_split"));
  NARROW_TRY(int const axis, index_tensor(node, 0));
  NARROW_TRY(int const x, node.tensor(1));
  return results_of(node.add_all(kSplit, SplitAttributes{count}, {axis, x},
                                 std::vector<DType>(static_cast<size_t>(count), node.builder().at(x).dtype)));
}

Result<std::vector<Value>> read_split_v(Node& node) {
  NARROW_TRY(int const count, count_of(node, "num_split"));
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(int const sizes, index_list(node, 1));
  NARROW_TRY(int const axis, index_tensor(node, 2));
  return results_of(node.add_all(kSplitV, SplitAttributes{count}, {x, sizes, axis},
                                 std::vector<DType>(static_cast<size_t>(count), node.builder().at(x).dtype)));
}

Result<std::vector<Value>> read_unpack(Node& node) {
  NARROW_TRY(int const count, count_of(node, "num"));
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(Axis const axis, Axis::resolve(node.integer("axis", 0), node.builder().shape(x).rank()));
  return results_of(node.add_all(kUnpack, UnpackAttributes{count, axis.index()}, {x},
                                 std::vector<DType>(static_cast<size_t>(count), node.builder().at(x).dtype)));
}

/// An op of data and lists of indices.
Result<std::vector<Value>> read_with_indices(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  std::vector<int> inputs{x};
  for (size_t i = 1; i < node.operands(); ++i) {
    NARROW_TRY(int const operand, index_tensor(node, i));
    inputs.push_back(operand);
  }
  return one(node.add(*find_op(node.rule().op), {}, std::move(inputs)));
}

Result<std::vector<Value>> read_pad_v2(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(int const pads, index_tensor(node, 1));
  NARROW_TRY(int const value, node.tensor(2));
  return one(node.add(kPadV2, {}, {x, pads, value}));
}

Result<std::vector<Value>> read_mirror_pad(Node& node) {
  std::string const mode = node.text("mode", "");
  if (mode != "REFLECT" && mode != "SYMMETRIC") return fail(ErrorKind::bad_file, "the mode is '" + mode + "'");
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(int const pads, index_tensor(node, 1));
  return one(node.add(kMirrorPad, MirrorPadAttributes{mode == "REFLECT" ? MirrorMode::reflect : MirrorMode::symmetric},
                      {x, pads}));
}

Result<std::vector<Value>> read_blocks(Node& node) {
  if (node.channels_first()) return fail(ErrorKind::unsupported, "blocks of data with channels first");
  NARROW_TRY(int const x, node.tensor(0));
  int64_t const size = node.integer("block_size", 0);
  if (size < 1 || size > 1 << 16) return fail(ErrorKind::bad_file, "block_size is " + std::to_string(size));
  return one(node.add(*find_op(node.rule().op), BlockAttributes{static_cast<int>(size)}, {x}));
}

constexpr NodeRule kLayoutRules[] = {
    {"BatchToSpaceND", read_with_indices, "BATCH_TO_SPACE_ND"},
    {"BroadcastTo", read_with_indices, "BROADCAST_TO"},
    {"CheckNumerics", read_identity},
    {"Concat", read_concat},
    {"ConcatV2", read_concat_v2},
    {"DepthToSpace", read_blocks, "DEPTH_TO_SPACE"},
    {"EnsureShape", read_identity},
    {"ExpandDims", read_expand_dims},
    {"Identity", read_identity},
    {"IdentityN", read_identities},
    {"MirrorPad", read_mirror_pad},
    {"Pad", read_with_indices, "PAD"},
    {"PadV2", read_pad_v2},
    {"PreventGradient", read_identity},
    {"Reshape", read_reshape},
    {"ReverseV2", read_with_indices, "REVERSE_V2"},
    {"Snapshot", read_identity},
    {"SpaceToBatchND", read_with_indices, "SPACE_TO_BATCH_ND"},
    {"SpaceToDepth", read_blocks, "SPACE_TO_DEPTH"},
    {"Split", read_split},
    {"SplitV", read_split_v},
    {"Squeeze", read_squeeze},
    {"StopGradient", read_identity},
    {"Tile", read_with_indices, "TILE"},
    {"Transpose", read_transpose},
    {"Unpack", read_unpack},
};

}  // namespace

std::span<const NodeRule> layout_rules() {
  return kLayoutRules;
}

}  // namespace narrow::graphdef
