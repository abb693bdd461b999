// Ops that choose elements by positions or conditions.
#include "ops/arithmetic/arithmetic.h"
#include "ops/indexing/indexing.h"
#include "read/graphdef/ops/folded.h"

namespace narrow::graphdef {
namespace {

Result<std::vector<Value>> gathered(Node& node, int64_t axis, int64_t batch_dims) {
  NARROW_TRY(Value const x, node.value(0));
  NARROW_TRY(Value const at, node.value(1));
  NARROW_TRY(Shape const shape, node.shape(0));
  NARROW_TRY(Axis const along, Axis::resolve(axis, shape.rank()));
  auto emit = [&]() -> Result<int> {
    NARROW_TRY(int const t, node.place(x));
    NARROW_TRY(int const positions, index_tensor(node, 1));
    return node.add(kGather, GatherAttributes{along.index(), static_cast<int>(batch_dims)}, {t, positions});
  };
  if (batch_dims < 0 || batch_dims > shape.rank())
    return fail(ErrorKind::bad_file, "batch_dims is " + std::to_string(batch_dims));
  if (!is_foldable(x) || !is_foldable(at) || !at.known() || shape.rank() != 1 || batch_dims != 0) return one(emit());
  NARROW_TRY(std::vector<int64_t> const values, integers_of(*x.constant));
  NARROW_TRY(std::vector<int64_t> const positions, integers_of(*at.constant));
  std::vector<int64_t> out;
  std::vector<bool> free;
  for (int64_t const p : positions) {
    if (p < 0 || p >= static_cast<int64_t>(values.size()))
      return fail(ErrorKind::bad_file,
                  "position " + std::to_string(p) + " in a list of " + std::to_string(values.size()));
    out.push_back(values[static_cast<size_t>(p)]);
    free.push_back(is_free(*x.constant, static_cast<size_t>(p)));
  }
  return folded(node, integer_constant(x.constant->dtype, at.constant->shape, out, std::move(free)), emit);
}

Result<std::vector<Value>> read_gather(Node& node) {
  return gathered(node, 0, 0);
}
Result<std::vector<Value>> read_gather_v2(Node& node) {
  NARROW_TRY(int64_t const axis, node.one_integer(2));
  return gathered(node, axis, node.integer("batch_dims", 0));
}
/// Rows of a variable, which is a constant by now.
Result<std::vector<Value>> read_resource_gather(Node& node) {
  NARROW_TRY(Value const handle, node.value(0));
  auto const at = node.reading().variables.find(handle.variable);
  if (at == node.reading().variables.end())
    return fail(ErrorKind::bad_file, "the node reads a variable without a value");
  NARROW_TRY(int const table, node.place(at->second));
  NARROW_TRY(int const positions, index_tensor(node, 1));
  return one(node.add(kGather, GatherAttributes{}, {table, positions}));
}

Result<std::vector<Value>> read_gather_nd(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(int const positions, index_tensor(node, 1));
  return one(node.add(kGatherNd, {}, {x, positions}));
}

Result<std::vector<Value>> read_one_hot(Node& node) {
  NARROW_TRY(int const positions, node.tensor(0));
  NARROW_TRY(int const depth, index_tensor(node, 1));
  NARROW_TRY(int const on, node.tensor(2));
  NARROW_TRY(int const off, node.tensor(3));
  int64_t const axis = node.integer("axis", -1);
  if (axis < -1 || axis > 8) return fail(ErrorKind::bad_file, "the axis is " + std::to_string(axis));
  return one(node.add(kOneHot, OneHotAttributes{static_cast<int>(axis)}, {positions, depth, on, off},
                      node.builder().at(on).dtype));
}

Result<std::vector<Value>> read_select(Node& node) {
  NARROW_TRY(Value const condition, node.value(0));
  NARROW_TRY(Value const yes, node.value(1));
  NARROW_TRY(Value const no, node.value(2));
  if (condition.known() && condition.constant->shape.rank() == 0) {
    NARROW_TRY(int64_t const flag, node.one_integer(0));
    NARROW_TRY(Shape const a, node.shape(1));
    NARROW_TRY(Shape const b, node.shape(2));
    if (a == b) return std::vector<Value>{flag ? yes : no};
  }
  NARROW_TRY(int const c, node.tensor(0));
  NARROW_TRY(int const x, node.tensor(1));
  NARROW_TRY(int const y, node.tensor(2));
  return one(node.add(*find_op(node.rule().op), {}, {c, x, y}, node.builder().at(x).dtype));
}

Result<std::vector<Value>> read_top_k(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(int const k, index_tensor(node, 1));
  NARROW_TRY(std::vector<int> const out, node.add_all(kTopkV2, {}, {x, k}, {node.builder().at(x).dtype, DType::int32}));
  return std::vector<Value>{of_tensor(out[0]), of_tensor(out[1])};
}

constexpr const char* kTopKResults[] = {"values", "indices"};

constexpr NodeRule kSelectionRules[] = {
    {"Gather", read_gather},
    {"GatherNd", read_gather_nd},
    {"GatherV2", read_gather_v2},
    {"OneHot", read_one_hot},
    {"ResourceGather", read_resource_gather},
    {"Select", read_select, "SELECT"},
    {"SelectV2", read_select, "SELECT_V2"},
    {"TopKV2", read_top_k, nullptr, nullptr, kTopKResults},
};

}  // namespace

std::span<const NodeRule> selection_rules() {
  return kSelectionRules;
}

}  // namespace narrow::graphdef
