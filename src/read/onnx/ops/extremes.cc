// Where the largest elements are, and matrices that are cut at a diagonal.
#include <algorithm>

#include "graph/attribute_type.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/indexing/indexing.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "read/onnx/constant.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

/// The first of several extremes, or the last: the first from the other end.
template <const OpDef& kArg>
Status read_arg(Node& n) {
  const Value& x = n.in(0);
  int const rank = n.net.rank(x);
  NARROW_TRY(int const axis, n.axis(n.integer("axis", 0), rank));
  bool const keep = n.integer("keepdims", 1) != 0, last = n.integer("select_last_index", 0) != 0;
  NARROW_TRY(int whole, n.net.plain_tensor(x));
  if (last) {
    NARROW_TRY(whole, n.net.add(kReverseV2, {}, {whole, n.net.builder().indices({axis})}, n.name() + "/backwards"));
  }
  int const at = n.net.positions({}, {axis});
  NARROW_TRY(int out, n.net.add(kArg, ArgAttributes{DType::int64}, {whole, at}, n.name(), DType::int64));
  Shape const s = n.shape(0);
  if (last) {
    NARROW_TRY(int const end, n.net.number(DType::int64, s[axis] - 1));
    NARROW_TRY(out, n.net.add(kSub, SubAttributes{}, {end, out}, n.name() + "/from_front"));
  }
  if (keep) {
    std::vector<int32_t> dims(s.dims().begin(), s.dims().end());
    dims[static_cast<size_t>(axis)] = 1;
    NARROW_TRY(out, n.net.reshaped(out, dims, n.name() + "/kept"));
  }
  return n.give_plain(out);
}

/// 1 at the first of the largest elements along an axis (before operand set 13: of all dimensions from it on).
Status read_hardmax(Node& n) {
  Shape const s = n.shape(0);
  NARROW_TRY(int axis, n.axis(n.integer("axis", n.opset < 13 ? 1 : -1), std::max(s.rank(), 1)));
  NARROW_TRY(int x, n.net.plain_tensor(n.in(0)));
  std::vector<int32_t> const dims(s.dims().begin(), s.dims().end());
  if (n.opset < 13) {
    NARROW_TRY(x, n.net.reshaped(
                      x, {static_cast<int32_t>(s.product(0, axis)), static_cast<int32_t>(s.product(axis, s.rank()))},
                      n.name() + "/rows"));
    axis = 1;
  }
  int const depth = n.net.at(x).shape[axis], rank = n.net.at(x).shape.rank();
  NARROW_TRY(int const at, n.net.add(kArgMax, ArgAttributes{DType::int32}, {x, n.net.positions({}, {axis})},
                                     n.name() + "/at", DType::int32));
  NARROW_TRY(int const out, n.net.add(kOneHot, OneHotAttributes{axis == rank - 1 ? -1 : axis},
                                      {at, n.net.positions({}, {depth}), n.net.scalar(1), n.net.scalar(0)},
                                      n.name() + "/max", DType::float32));
  return n.give_plain(n.net.reshaped(out, dims, n.name()));
}

Status read_topk(Node& n) {
  const Value& x = n.in(0);
  int const rank = n.net.rank(x);
  NARROW_TRY(int const axis, n.axis(n.integer("axis", -1), rank));
  bool const largest = n.integer("largest", 1) != 0;
  n.ignore("sorted");
  std::vector<int64_t> count{n.integer("k", 0)};
  if (n.has(1)) {
    NARROW_TRY(count, n.known(1, "numbers of elements"));
  }
  if (count.size() != 1 || count[0] < 1 || count[0] > n.shape(0)[axis])
    return fail(ErrorKind::bad_file, "k is not a number of elements along the axis");
  Order order = x.order;
  std::erase(order, axis);
  order.push_back(axis);
  NARROW_TRY(int rows, n.net.stored(x, order));
  if (!largest) {
    NARROW_TRY(rows, n.net.add(*find_op("NEG"), {}, {rows}, n.name() + "/opposite"));
  }
  DType const dtype = n.tensor(0).dtype;
  NARROW_TRY(std::vector<int> out,
             n.net.add_several(kTopkV2, {}, {rows, n.net.positions({}, {static_cast<int32_t>(count[0])})}, n.name(),
                               {dtype, DType::int32}));
  if (!largest) {
    NARROW_TRY(out[0], n.net.add(*find_op("NEG"), {}, {out[0]}, n.name() + "/values"));
  }
  NARROW_CHECK(n.give({out[0], order}));
  if (!n.wants(1)) return {};
  NARROW_TRY(int const wide, n.net.cast(out[1], DType::int64, n.name(1)));
  return n.give({wide, order}, 1);
}

/// A matrix of bools: whether column - row is at least `k`, or at most.
int diagonal_mask(Node& n, int rows, int columns, int64_t k, bool upper) {
  std::vector<uint8_t> mask;
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) mask.push_back(upper ? c - r >= k : c - r <= k);
  return n.net.builder().constant({.dtype = DType::boolean, .shape = Shape::of({rows, columns})}, mask);
}

Status read_trilu(Node& n) {
  Shape const s = n.shape(0);
  if (s.rank() < 2) return fail(ErrorKind::bad_file, "data " + s.text() + " is no matrix");
  std::vector<int64_t> k{0};
  if (n.has(1)) {
    NARROW_TRY(k, n.known(1, "diagonals"));
  }
  if (k.size() != 1) return fail(ErrorKind::bad_file, "k is not one number");
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  if (s.elements() == 0) return n.give_plain(x);
  NARROW_TRY(int const zero, n.net.number(n.tensor(0).dtype, 0));
  int const mask = diagonal_mask(n, s[s.rank() - 2], s.back(), k[0], n.integer("upper", 1) != 0);
  return n.give_plain(n.net.add(kSelectV2, {}, {mask, x, zero}, n.name(), n.tensor(0).dtype));
}

Status read_eye_like(Node& n) {
  Shape const s = n.shape(0);
  if (s.rank() != 2) return fail(ErrorKind::bad_file, "data " + s.text() + " is no matrix");
  int64_t const k = n.integer("k", 0);
  DType dtype = n.tensor(0).dtype;
  if (int64_t const said = n.integer("dtype", 0)) {
    NARROW_TRY(dtype, element_type(static_cast<int32_t>(said)));
  }
  std::vector<uint8_t> ones;
  for (int r = 0; r < s[0]; ++r)
    for (int c = 0; c < s[1]; ++c) ones.push_back(c - r == k);
  int const mask = n.net.builder().constant({.dtype = DType::boolean, .shape = s}, ones);
  if (dtype == DType::boolean) return n.give_plain(mask);
  return n.give_plain(n.net.cast(mask, dtype, n.name()));
}

/// start, start + delta, ... below limit, all of them known.
Status read_range(Node& n) {
  std::vector<int> operands;
  for (size_t i = 0; i < 3; ++i) {
    if (!n.tensor(i).constant) return not_here("ranges that are computed from data");
    NARROW_TRY(int const one, n.net.reshaped(n.in(i).tensor, {}, ""));
    operands.push_back(one);
  }
  n.ignore("stash_type");
  return n.give_plain(n.net.add(kRange, {}, {operands[0], operands[1], operands[2]}, n.name()));
}

constexpr OpRow kRowsExtreme[] = {
    {"ArgMax", read_arg<kArgMax>}, {"ArgMin", read_arg<kArgMin>}, {"EyeLike", read_eye_like},
    {"Hardmax", read_hardmax},     {"Range", read_range, 3, 3},   {"TopK", read_topk, 1, 2},
    {"Trilu", read_trilu, 1, 2},
};

}  // namespace

std::span<const OpRow> extreme_rows() {
  return kRowsExtreme;
}

}  // namespace narrow::onnx
