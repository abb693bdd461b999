#include <algorithm>
#include <limits>
#include <numeric>

#include "program/program.h"

namespace narrow {
namespace {

constexpr int64_t kAlignment = 64;

struct Life {
  int first = std::numeric_limits<int>::max();  // step that writes it, -1 for inputs
  int last = -2;                                // last step that touches it
  int64_t bytes = 0;
};

void touch(Life& life, int step) {
  life.first = std::min(life.first, step);
  life.last = std::max(life.last, step);
}

std::vector<Life> lives(const Graph& graph, bool keep_all) {
  std::vector<Life> out(graph.tensors.size());
  int const end = static_cast<int>(graph.ops.size());
  for (int t : graph.inputs) touch(out[static_cast<size_t>(t)], -1);
  for (int i = 0; i < end; ++i) {
    const Op& op = graph.ops[static_cast<size_t>(i)];
    for (int t : op.inputs)
      if (t >= 0) touch(out[static_cast<size_t>(t)], i);
    for (int t : op.outputs)
      if (t >= 0) touch(out[static_cast<size_t>(t)], i);
  }
  for (int t : graph.outputs) touch(out[static_cast<size_t>(t)], end);
  if (runs_one_by_one(graph)) {
    for (int t : graph.inputs) touch(out[static_cast<size_t>(t)], end);
    for (int t : graph.outputs) touch(out[static_cast<size_t>(t)], -1);
  }
  for (size_t t = 0; t < out.size(); ++t) {
    const Tensor& tensor = graph.tensors[t];
    int64_t const bytes = storage_bytes(tensor.dtype, tensor.elements()).value_or(0);
    out[t].bytes = tensor.constant ? 0 : (bytes + kAlignment - 1) / kAlignment * kAlignment;
    if (tensor.variable && out[t].last > -2) out[t].first = -1;
    if ((keep_all || tensor.variable) && out[t].last > -2) out[t].last = end;
  }
  return out;
}

bool overlap(const Life& a, const Life& b) {
  return a.first <= b.last && b.first <= a.last;
}

}  // namespace

bool runs_one_by_one(const Graph& graph) {
  return std::any_of(graph.tensors.begin(), graph.tensors.end(),
                     [](const Tensor& t) { return t.variable || t.dtype == DType::resource; }) ||
         std::any_of(graph.ops.begin(), graph.ops.end(), [](const Op& op) { return !op.graphs.empty(); });
}

MemoryPlan plan_memory(const Graph& graph, bool keep_all) {
  std::vector<Life> const all = lives(graph, keep_all);
  std::vector<size_t> order;
  for (size_t t = 0; t < all.size(); ++t)
    if (all[t].last > -2 && !graph.tensors[t].constant) order.push_back(t);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return all[a].bytes > all[b].bytes; });

  MemoryPlan plan{std::vector<int64_t>(all.size(), -1), 0};
  std::vector<size_t> placed;
  for (size_t t : order) {
    std::vector<std::pair<int64_t, int64_t>> taken;  // [begin, end) of what lives at the same time
    for (size_t p : placed)
      if (overlap(all[t], all[p])) taken.emplace_back(plan.offsets[p], plan.offsets[p] + all[p].bytes);
    std::sort(taken.begin(), taken.end());
    int64_t offset = 0;
    for (auto [begin, end] : taken) {
      if (begin - offset >= all[t].bytes) break;
      offset = std::max(offset, end);
    }
    plan.offsets[t] = offset;
    plan.bytes = std::max(plan.bytes, offset + all[t].bytes);
    placed.push_back(t);
  }
  return plan;
}

}  // namespace narrow
