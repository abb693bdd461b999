#include <algorithm>
#include <map>

#include "graph/edit.h"
#include "ops/def/operand_with.h"
#include "ops/integer/own_arithmetic.h"
#include "simplify/plain_forms.h"

namespace narrow {
namespace {

/// Whether `weights` of an integer layer have a zero point that its kernels take for 0.
bool is_off_center(const OpView& op, const Tensor& weights) {
  const Quantization& q = weights.quantization;
  const Tensor* const data = tensor_with(op, Role::activation);
  if (weights.dtype != DType::int8 || !weights.constant || weights.opaque) return false;
  if (!data || (data->dtype != DType::int8 && data->dtype != DType::int16)) return false;
  if (op.op.def->weight_layout == WeightLayout::out_in && !q.per_axis()) return false;  // matrix products know it
  return std::any_of(q.zero_points.begin(), q.zero_points.end(), [](int64_t z) { return z != 0; });
}

/// The weights as differences from their zero points: int8 where these fit it symmetrically, else int16.
Tensor centered(const Tensor& weights) {
  const Quantization& q = weights.quantization;
  auto const inner = q.per_axis() ? static_cast<size_t>(weights.shape.product(q.axis + 1, weights.shape.rank())) : 1;
  auto const stored = weights.values<int8_t>();
  std::vector<int16_t> wide(stored.size());
  for (size_t i = 0; i < stored.size(); ++i)
    wide[i] = static_cast<int16_t>(stored[i] - q.zero_points[q.per_axis() ? i / inner % q.zero_points.size() : 0]);
  Tensor out = weights;
  std::fill(out.quantization.zero_points.begin(), out.quantization.zero_points.end(), 0);
  if (std::all_of(wide.begin(), wide.end(), [](int16_t w) { return w >= -127 && w <= 127; })) {
    std::vector<int8_t> const bytes(wide.begin(), wide.end());
    out.data = SharedBytes::copy_of(std::span<const int8_t>(bytes));
  } else {
    out.dtype = DType::int16;
    out.data = SharedBytes::copy_of(std::span<const int16_t>(wide));
  }
  return out;
}

}  // namespace

void center_weights(PlainModel& plain) {
  int as_bytes = 0, as_words = 0;
  for (Graph& graph : plain.model.graphs) {
    std::map<int, int> centers;  // by the weights that they stand for
    for (Op& op : graph.ops) {
      int const at = operand_with(op, Role::weight);
      if (at == kNoTensor) continue;
      int& weights = op.inputs[static_cast<size_t>(at)];
      OpView const view{graph, op};
      if (!is_off_center(view, graph.tensor(weights))) continue;
      auto const arithmetic = tflite_arithmetic(view);
      auto known = centers.find(weights);
      if (known == centers.end())
        known = centers.emplace(weights, add_tensor(graph, centered(graph.tensor(weights)))).first;
      weights = known->second;
      bool const wide = graph.tensor(weights).dtype == DType::int16;
      ++(wide ? as_words : as_bytes);
      if (wide && !op.arithmetic) op.arithmetic = arithmetic;
    }
  }
  if (as_bytes > 0)
    plain.changes.push_back("the weights of " + std::to_string(as_bytes) +
                            " op(s) are taken without their zero point, which 8 bits hold: the same real numbers");
  if (as_words > 0)
    plain.changes.push_back("the weights of " + std::to_string(as_words) +
                            " op(s) become int16, as their differences from their zero point leave 8 bits: the same "
                            "real numbers, for narrow's own kernels only");
}

}  // namespace narrow
