#include "graph/liveness.h"

#include <algorithm>

namespace narrow {

Liveness::Liveness(const Graph& graph) : graph_(graph), lifetimes_(graph.tensors.size()) {
  auto mention = [&](int t, int op) {
    if (t == kNoTensor) return;
    Lifetime& life = lifetimes_[static_cast<size_t>(t)];
    life.first = life.mentioned() ? std::min(life.first, op) : op;
    life.last = std::max(life.last, op);
  };
  int const ops = static_cast<int>(graph.ops.size());
  for (int t : graph.inputs) mention(t, -1);
  for (int i = 0; i < ops; ++i) {
    for (int t : graph.ops[static_cast<size_t>(i)].inputs) mention(t, i);
    for (int t : graph.ops[static_cast<size_t>(i)].outputs) mention(t, i);
    for (int t : graph.ops[static_cast<size_t>(i)].intermediates)
      if (t != kNoTensor && graph.tensor(t).dtype == DType::float32 && graph.tensor(t).elements() > 0) mention(t, i);
  }
  for (int t : graph.outputs) mention(t, ops);
}

std::vector<int> Liveness::after(size_t done) const {
  std::vector<int> out;
  auto const position = static_cast<int>(done);
  for (size_t t = 0; t < lifetimes_.size(); ++t)
    if (!graph_.tensors[t].constant && lifetimes_[t].first < position && position <= lifetimes_[t].last)
      out.push_back(static_cast<int>(t));
  return out;
}

int64_t Liveness::bytes_after(size_t done) const {
  int64_t sum = 0;
  for (int t : after(done)) {
    const Tensor& tensor = graph_.tensor(t);
    sum += storage_bytes(tensor.dtype, tensor.elements()).value_or(0);
  }
  return sum;
}

}  // namespace narrow
