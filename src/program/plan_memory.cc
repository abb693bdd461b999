#include <algorithm>
#include <numeric>

#include "graph/liveness.h"
#include "program/program.h"

namespace narrow {
namespace {

constexpr int64_t kAlignment = 64;

/// The bytes that a tensor takes in the arena, and the ops during which it keeps its place.
struct Place {
  Lifetime life;
  int64_t bytes = 0;
};

std::vector<Place> places(const Graph& graph, bool keep_all) {
  Liveness const liveness(graph);
  std::vector<Place> out;
  int const end = static_cast<int>(graph.ops.size());
  for (size_t t = 0; t < graph.tensors.size(); ++t) {
    const Tensor& tensor = graph.tensors[t];
    int64_t const bytes = storage_bytes(tensor.dtype, tensor.elements()).value_or(0);
    Lifetime life = liveness.of(static_cast<int>(t));
    if (tensor.variable && life.mentioned()) life.first = -1;
    if ((keep_all || tensor.variable) && life.mentioned()) life.last = end;
    out.push_back({life, tensor.constant ? 0 : (bytes + kAlignment - 1) / kAlignment * kAlignment});
  }
  if (runs_one_by_one(graph)) {  // inputs and outputs of all samples stay where they are while each sample runs
    for (int t : graph.inputs) out[static_cast<size_t>(t)].life.last = end;
    for (int t : graph.outputs) out[static_cast<size_t>(t)].life.first = -1;
  }
  return out;
}

bool overlap(const Lifetime& a, const Lifetime& b) {
  return a.first <= b.last && b.first <= a.last;
}

}  // namespace

bool runs_one_by_one(const Graph& graph) {
  return std::any_of(graph.tensors.begin(), graph.tensors.end(),
                     [](const Tensor& t) { return t.variable || t.dtype == DType::resource; }) ||
         std::any_of(graph.ops.begin(), graph.ops.end(), [](const Op& op) { return !op.graphs.empty(); });
}

MemoryPlan plan_memory(const Graph& graph, bool keep_all) {
  std::vector<Place> const all = places(graph, keep_all);
  std::vector<size_t> order;
  for (size_t t = 0; t < all.size(); ++t)
    if (all[t].life.mentioned() && !graph.tensors[t].constant) order.push_back(t);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return all[a].bytes > all[b].bytes; });

  MemoryPlan plan{std::vector<int64_t>(all.size(), -1), 0};
  std::vector<size_t> placed;  // by offset
  for (size_t t : order) {
    int64_t offset = keep_all ? plan.bytes : 0;  // what is kept for good overlaps everything
    for (size_t i = 0; !keep_all && i < placed.size(); ++i) {
      size_t const p = placed[i];
      if (!overlap(all[t].life, all[p].life)) continue;
      if (plan.offsets[p] - offset >= all[t].bytes) break;
      offset = std::max(offset, plan.offsets[p] + all[p].bytes);
    }
    plan.offsets[t] = offset;
    plan.bytes = std::max(plan.bytes, offset + all[t].bytes);
    auto const after = std::upper_bound(placed.begin(), placed.end(), offset,
                                        [&](int64_t at, size_t p) { return at < plan.offsets[p]; });
    placed.insert(keep_all ? placed.end() : after, t);
  }
  return plan;
}

}  // namespace narrow
