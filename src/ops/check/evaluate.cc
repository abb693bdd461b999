#include "ops/check/evaluate.h"

#include <algorithm>
#include <memory>

#include "ops/check/validate.h"
#include "ops/def/prepared_step.h"

namespace narrow {
namespace {

constexpr int64_t kMostElements = 1024;  // of a tensor that is computed from shapes

bool is_numbers(const Tensor& t) {
  return !t.quantization.present() && !t.opaque && !t.unranked && t.dtype != DType::resource &&
         storage_bytes(t.dtype, 1).has_value();
}

/// Whether the results of an op follow from shapes and constants, and are what shapes are computed of. Floats that
/// follow from constants alone are not: they may be weights, and none of the model's shapes is in them.
bool follows_from_shapes(const Graph& graph, const Op& op) {
  if (!op.graphs.empty() || op.def->macs || op.def->has_effects) return false;
  bool integers = true;
  for (int t : op.outputs) {
    const Tensor& result = graph.tensor(t);
    if (result.known() || result.variable || !is_numbers(result) || result.elements() > kMostElements) return false;
    integers &= !result.is_float() && result.dtype != DType::float64;
  }
  if (!op.def->reads_values) return integers;
  bool from_shapes = false;
  for (int t : op.inputs) {
    if (t == kNoTensor) continue;
    const Tensor& operand = graph.tensor(t);
    if (!operand.known() || !is_numbers(operand) || operand.elements() > kMostElements) return false;
    from_shapes |= operand.from_shapes;
  }
  return from_shapes || integers;
}

}  // namespace

Result<std::vector<Bytes>> evaluate(const Graph& graph, const Op& op, const ProfileDef& profile) {
  OpView const view{graph, op};
  NARROW_TRY(Step lowered, op.def->lower(view, {.profile = profile, .reference = true}));
  NARROW_TRY(PreparedStep const step, prepare(view, std::move(lowered), true));
  std::vector<const void*> in;
  for (int t : operand_slots(op)) in.push_back(t == kNoTensor ? nullptr : graph.tensor(t).data.data());
  std::vector<Bytes> results;
  std::vector<void*> out;
  for (int t : op.outputs) {
    const Tensor& result = graph.tensor(t);
    results.emplace_back(static_cast<size_t>(storage_bytes(result.dtype, result.elements()).value_or(0)));
  }
  for (Bytes& r : results) out.push_back(r.data());
  constexpr size_t kAlignment = 64;
  Bytes scratch(step.scratch_bytes() + kAlignment);
  void* aligned = scratch.data();
  size_t space = scratch.size();
  std::align(kAlignment, step.scratch_bytes(), aligned, space);
  NARROW_CHECK(step.run({.in = in.data(), .out = out.data(), .scratch = static_cast<std::byte*>(aligned), .batch = 1}));
  return results;
}

void evaluate_from_shapes(Graph& graph, const Op& op, int64_t& budget) {
  if (!follows_from_shapes(graph, op) || !check_computable(graph, op)) return;
  int64_t bytes = 0;
  for (int t : op.outputs) bytes += *storage_bytes(graph.tensor(t).dtype, graph.tensor(t).elements());
  if (bytes > budget) return;
  auto values = evaluate(graph, op);
  if (!values) return;
  budget -= bytes;
  for (size_t i = 0; i < values->size(); ++i) {
    Tensor& result = graph.tensor(op.outputs[i]);
    result.data = SharedBytes(std::move((*values)[i]));
    result.from_shapes = true;
  }
}

}  // namespace narrow
