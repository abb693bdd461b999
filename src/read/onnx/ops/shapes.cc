// Constants, shapes, and tensors in other shapes.
#include <algorithm>

#include "ops/layout/layout.h"
#include "read/onnx/constant.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

template <class T>
int list_of(Net& net, DType dtype, const std::vector<T>& values, bool number = false) {
  Shape const shape = number ? Shape{} : Shape::of({static_cast<int32_t>(values.size())});
  return net.builder().constant({.dtype = dtype, .shape = shape}, values);
}

Status read_constant(Node& n) {
  if (const auto* t = n.constant("value")) {
    NARROW_TRY(Tensor c, constant_of(*t, n.net.weights()));
    c.name = n.name();
    return n.give_plain(n.net.constant(std::move(c)));
  }
  if (n.has_attribute("value_float"))
    return n.give_plain(list_of<float>(n.net, DType::float32, {n.real("value_float", 0)}, true));
  if (n.has_attribute("value_int"))
    return n.give_plain(list_of<int64_t>(n.net, DType::int64, {n.integer("value_int", 0)}, true));
  if (n.has_attribute("value_floats"))
    return n.give_plain(list_of<float>(n.net, DType::float32, n.reals("value_floats")));
  if (n.has_attribute("value_ints"))
    return n.give_plain(list_of<int64_t>(n.net, DType::int64, n.integers("value_ints")));
  return not_here("a constant that is no tensor of numbers");
}

Result<std::vector<int32_t>> dims_of(const std::vector<int64_t>& values) {
  std::vector<int32_t> out;
  for (int64_t v : values) {
    if (v < 0 || v > limits_in_force().tensor_elements)
      return fail(ErrorKind::bad_file, "a dimension of " + std::to_string(v));
    out.push_back(static_cast<int32_t>(v));
  }
  return out;
}

Status read_constant_of_shape(Node& n) {
  NARROW_TRY(std::vector<int64_t> const wanted, n.known(0, "shapes"));
  NARROW_TRY(std::vector<int32_t> const dims, dims_of(wanted));
  NARROW_CHECK(Shape::make(dims));
  int value = kNoTensor;
  if (const auto* t = n.constant("value")) {
    NARROW_TRY(Tensor c, constant_of(*t, n.net.weights()));
    if (c.elements() != 1) return fail(ErrorKind::bad_file, "the value is not one number");
    c.shape = {};
    value = n.net.constant(std::move(c));
  } else {
    value = n.net.scalar(0);
  }
  DType const dtype = n.net.at(value).dtype;
  return n.give_plain(n.net.add(kFill, {}, {n.net.builder().indices(dims), value}, n.name(), dtype));
}

Status read_shape(Node& n) {
  Shape const s = n.shape(0);
  int64_t const rank = s.rank();
  auto const clamped = [&](int64_t v) { return std::clamp<int64_t>(v < 0 ? v + rank : v, 0, rank); };
  int64_t const from = clamped(n.integer("start", 0)), to = clamped(n.integer("end", rank));
  std::vector<int64_t> dims;
  for (int64_t d = from; d < to; ++d) dims.push_back(s[static_cast<int>(d)]);
  return n.give_plain(list_of(n.net, DType::int64, dims));
}

Status read_size(Node& n) {
  return n.give_plain(list_of<int64_t>(n.net, DType::int64, {n.shape(0).elements()}, true));
}

/// A tensor in another shape. Where only dimensions of one element move, its elements stay where they are.
Status reshape(Node& n, const std::vector<int64_t>& wanted) {
  NARROW_TRY(std::vector<int32_t> const dims, dims_of(wanted));
  NARROW_TRY(Shape const to, Shape::make(dims));
  const Value& x = n.in(0);
  Shape const from = n.shape(0);
  if (to.elements() != from.elements())
    return fail(ErrorKind::bad_file, "shape " + from.text() + " cannot become " + to.text());
  if (to == from) return n.give(x);
  // [N, height, width, 1] as [N, 1, height, width] is the same image.
  if (to.rank() == 4 && from.rank() == 4 && x.order == plain(4) && from[3] == 1 && to[1] == 1 && to[0] == from[0] &&
      to[2] == from[1] && to[3] == from[2])
    return n.give({x.tensor, channels_last(4)});
  NARROW_TRY(int const whole, n.net.plain_tensor(x));
  return n.give_plain(n.net.reshaped(whole, dims, n.name()));
}

Status read_reshape(Node& n) {
  bool given = false;
  NARROW_TRY(std::vector<int64_t> wanted, n.from_either(1, "shape", given));
  bool const zero_is_zero = n.integer("allowzero", 0) != 0;
  Shape const from = n.shape(0);
  int64_t product = 1, free = -1;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == 0 && !zero_is_zero) {
      if (static_cast<int>(i) >= from.rank())
        return fail(ErrorKind::bad_file, "the shape copies a dimension that is not there");
      wanted[i] = from[static_cast<int>(i)];
    }
    if (wanted[i] == -1) {
      if (free >= 0) return fail(ErrorKind::bad_file, "the shape has more than one -1");
      free = static_cast<int64_t>(i);
      continue;
    }
    if (wanted[i] < 0 || wanted[i] > limits_in_force().tensor_elements)
      return fail(ErrorKind::bad_file, "a dimension of " + std::to_string(wanted[i]));
    product *= wanted[i];
    if (product > limits_in_force().tensor_elements)
      return fail(ErrorKind::bad_file, "the shape has more elements than the data");
  }
  if (free >= 0) wanted[static_cast<size_t>(free)] = product > 0 ? from.elements() / product : 0;
  return reshape(n, wanted);
}

Status read_flatten(Node& n) {
  Shape const s = n.shape(0);
  int64_t axis = n.integer("axis", 1);
  if (axis < 0) axis += s.rank();
  if (axis < 0 || axis > s.rank()) return fail(ErrorKind::bad_file, "an axis of " + std::to_string(axis));
  return reshape(n, {s.product(0, static_cast<int>(axis)), s.product(static_cast<int>(axis), s.rank())});
}

Status read_squeeze(Node& n) {
  Shape const s = n.shape(0);
  bool given = false;
  NARROW_TRY(std::vector<int64_t> const axes, n.from_either(1, "axes", given));
  std::vector<bool> gone(static_cast<size_t>(s.rank()), false);
  for (int64_t a : axes) {
    NARROW_TRY(int const d, n.axis(a, s.rank()));
    if (s[d] != 1)
      return fail(ErrorKind::bad_file, "dimension " + std::to_string(d) + " of " + s.text() + " has not one element");
    gone[static_cast<size_t>(d)] = true;
  }
  std::vector<int64_t> dims;
  for (int d = 0; d < s.rank(); ++d)
    if (!(given ? gone[static_cast<size_t>(d)] : s[d] == 1)) dims.push_back(s[d]);
  return reshape(n, dims);
}

Status read_unsqueeze(Node& n) {
  Shape const s = n.shape(0);
  bool given = false;
  NARROW_TRY(std::vector<int64_t> const axes, n.from_either(1, "axes", given));
  int const rank = s.rank() + static_cast<int>(std::min<size_t>(axes.size(), 64));
  std::vector<bool> made(static_cast<size_t>(rank), false);
  for (int64_t a : axes) {
    NARROW_TRY(int const d, n.axis(a, rank));
    if (made[static_cast<size_t>(d)]) return fail(ErrorKind::bad_file, "an axis is listed twice");
    made[static_cast<size_t>(d)] = true;
  }
  std::vector<int64_t> dims;
  for (int d = 0, from = 0; d < rank; ++d) dims.push_back(made[static_cast<size_t>(d)] ? 1 : s[from++]);
  return reshape(n, dims);
}

Status read_transpose(Node& n) {
  const Value& x = n.in(0);
  int const rank = n.net.rank(x);
  std::vector<int64_t> by = n.integers("perm");
  if (by.empty())
    for (int d = rank; d-- > 0;) by.push_back(d);
  std::vector<bool> seen(static_cast<size_t>(rank), false);
  if (by.size() != seen.size()) return fail(ErrorKind::bad_file, "the permutation does not go with the data");
  for (int64_t p : by) {
    if (p < 0 || p >= rank || seen[static_cast<size_t>(p)])
      return fail(ErrorKind::bad_file, "perm is not a permutation");
    seen[static_cast<size_t>(p)] = true;
  }
  // Dimension d of the result is dimension by[d] of the data: only the names of stored dimensions change.
  Order order(x.order.size());
  for (size_t d = 0; d < by.size(); ++d)
    order[static_cast<size_t>(place(x.order, static_cast<int>(by[d])))] = static_cast<int>(d);
  return n.give({x.tensor, order});
}

constexpr OpRow kRowsShape[] = {
    {"Constant", read_constant, 0, 0},
    {"ConstantOfShape", read_constant_of_shape},
    {"Flatten", read_flatten},
    {"Reshape", read_reshape, 1, 2},
    {"Shape", read_shape},
    {"Size", read_size},
    {"Squeeze", read_squeeze, 1, 2},
    {"Transpose", read_transpose},
    {"Unsqueeze", read_unsqueeze, 1, 2},
};

}  // namespace

std::span<const OpRow> shape_rows() {
  return kRowsShape;
}

}  // namespace narrow::onnx
