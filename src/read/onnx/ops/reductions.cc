// Reductions over whole dimensions.
#include "ops/reductions/reductions.h"

#include <algorithm>

#include "graph/attribute_type.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

/// What is computed of each element before, and of the sum after.
struct Around {
  const char* type;
  const OpDef* reduce;
  const char* before = nullptr;
  const char* after = nullptr;
};

constexpr Around kReductions[] = {{"ReduceL1", &kSum, "ABS"},
                                  {"ReduceL2", &kSum, "SQUARE", "SQRT"},
                                  {"ReduceLogSum", &kSum, nullptr, "LOG"},
                                  {"ReduceLogSumExp", &kSum, "EXP", "LOG"},
                                  {"ReduceMax", &kReduceMax},
                                  {"ReduceMean", &kMean},
                                  {"ReduceMin", &kReduceMin},
                                  {"ReduceProd", &kReduceProd},
                                  {"ReduceSum", &kSum},
                                  {"ReduceSumSquare", &kSum, "SQUARE"}};

Result<int> applied(Node& n, const char* function, int x) {
  if (!function) return x;
  return n.net.add(*find_op(function), {}, {x}, n.name() + "/" + function);
}

Status read_reduce(Node& n) {
  const Around& how = *std::find_if(std::begin(kReductions), std::end(kReductions),
                                    [&](const Around& a) { return std::string_view(a.type) == n.row.type; });
  const Value& x = n.in(0);
  int const rank = n.net.rank(x);
  bool given = false;
  NARROW_TRY(std::vector<int64_t> axes, n.from_either(1, "axes", given));
  bool const keep = n.integer("keepdims", 1) != 0;
  bool const nothing = n.integer("noop_with_empty_axes", 0) != 0;
  if (axes.empty()) {
    if (nothing) {
      if (how.before || how.after) return not_here("a reduction over no dimension");
      return n.give(x);
    }
    for (int d = 0; d < rank; ++d) axes.push_back(d);
  }
  std::vector<int32_t> at;
  std::vector<bool> gone(static_cast<size_t>(rank), false);
  for (int64_t a : axes) {
    NARROW_TRY(int const d, n.axis(a, rank));
    gone[static_cast<size_t>(d)] = true;
    at.push_back(place(x.order, d));
  }
  NARROW_TRY(int y, applied(n, how.before, x.tensor));
  if (rank > 0) {
    Quantization const q = n.net.at(y).quantization;
    NARROW_TRY(y, n.net.add(*how.reduce, ReduceAttributes{keep}, {y, n.net.builder().indices(at)}, n.name(), {}, q));
  }
  NARROW_TRY(y, applied(n, how.after, y));
  if (keep) return n.give({y, x.order});
  Order order;
  for (int d : x.order)
    if (!gone[static_cast<size_t>(d)])
      order.push_back(d - static_cast<int>(std::count(gone.begin(), gone.begin() + d, true)));
  return n.give({y, order});
}

Status read_cumsum(Node& n) {
  NARROW_TRY(std::vector<int64_t> const axis, n.known(1, "axes"));
  if (axis.size() != 1) return fail(ErrorKind::bad_file, "the axis is not one number");
  NARROW_TRY(int const d, n.axis(axis[0], n.shape(0).rank()));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  int const at = n.net.builder().constant({.dtype = DType::int32, .shape = {}}, std::vector<int32_t>{d});
  CumsumAttributes const a{n.integer("exclusive", 0) != 0, n.integer("reverse", 0) != 0};
  return n.give_plain(n.net.add(kCumsum, a, {x, at}, n.name()));
}

constexpr OpRow kRowsReduction[] = {
    {"CumSum", read_cumsum, 2, 2},       {"ReduceL1", read_reduce, 1, 2},        {"ReduceL2", read_reduce, 1, 2},
    {"ReduceLogSum", read_reduce, 1, 2}, {"ReduceLogSumExp", read_reduce, 1, 2}, {"ReduceMax", read_reduce, 1, 2},
    {"ReduceMean", read_reduce, 1, 2},   {"ReduceMin", read_reduce, 1, 2},       {"ReduceProd", read_reduce, 1, 2},
    {"ReduceSum", read_reduce, 1, 2},    {"ReduceSumSquare", read_reduce, 1, 2},
};

}  // namespace

std::span<const OpRow> reduction_rows() {
  return kRowsReduction;
}

}  // namespace narrow::onnx
