// Reductions over whole dimensions, and positions of extremes.
#include "ops/reductions/reductions.h"

#include "read/graphdef/ops/folded.h"

namespace narrow::graphdef {
namespace {

Result<std::vector<Value>> read_reduction(Node& node) {
  bool const keep = node.flag("keep_dims", false);
  auto emit = [&]() -> Result<int> {
    NARROW_TRY(int const x, node.tensor(0));
    NARROW_TRY(int const axes, index_list(node, 1));
    return node.add(*find_op(node.rule().op), ReduceAttributes{keep}, {x, axes});
  };
  NARROW_TRY(Value const x, node.value(0));
  NARROW_TRY(Value const over, node.value(1));
  if (over.known() && over.constant->shape.elements() == 0) return std::vector<Value>{x};  // over no dimensions
  if (!node.rule().fold || !is_foldable(x) || x.constant->shape.rank() > 1 || keep) return one(emit());
  NARROW_TRY(std::vector<int64_t> const values, integers_of(*x.constant));
  NARROW_TRY(std::vector<int64_t> const axes, node.integers(1));
  int64_t product = 1;
  bool free = false;
  for (size_t i = 0; i < values.size(); ++i) {
    product = node.rule().fold(product, values[i]);
    free = free || is_free(*x.constant, i);
  }
  return folded(node, integer_constant(x.constant->dtype, {}, {product}, {free}), emit);
}

int64_t product_of(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}

Result<std::vector<Value>> read_extreme(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(DType const dtype, node.dtype("output_type", DType::int64));
  int axis = kNoTensor;
  if (node.operands() > 1) {
    NARROW_TRY(axis, index_tensor(node, 1));
  } else {
    axis = node.builder().constant({.dtype = DType::int32}, std::vector<int32_t>{0});
  }
  return one(node.add(*find_op(node.rule().op), ArgAttributes{dtype}, {x, axis}, dtype));
}

Result<std::vector<Value>> read_cumsum(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(int const axis, index_tensor(node, 1));
  return one(
      node.add(kCumsum, CumsumAttributes{node.flag("exclusive", false), node.flag("reverse", false)}, {x, axis}));
}

constexpr NodeRule kReductionsRules[] = {
    {"All", read_reduction, "REDUCE_ALL"},
    {"Any", read_reduction, "REDUCE_ANY"},
    {"ArgMax", read_extreme, "ARG_MAX"},
    {"ArgMin", read_extreme, "ARG_MIN"},
    {"Cumsum", read_cumsum},
    {"Max", read_reduction, "REDUCE_MAX"},
    {"Mean", read_reduction, "MEAN"},
    {"Min", read_reduction, "REDUCE_MIN"},
    {"Prod", read_reduction, "REDUCE_PROD", product_of},
    {"Sum", read_reduction, "SUM"},
};

}  // namespace

std::span<const NodeRule> reduction_rules() {
  return kReductionsRules;
}

}  // namespace narrow::graphdef
