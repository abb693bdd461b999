#include "search/liveness.h"

#include <algorithm>

namespace narrow {

Liveness::Liveness(const Graph& graph) : liveness_(graph.tensors.size()) {
  auto life = [&](int t) -> Life& { return liveness_[static_cast<size_t>(t)]; };
  for (int t : graph.inputs) life(t).computed = true;
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    for (int t : graph.ops[i].inputs)
      if (t != kNoTensor) life(t).to = std::max(life(t).to, i);
    for (int t : graph.ops[i].outputs)
      if (t != kNoTensor) life(t).from = i + 1, life(t).computed = true;
  }
  for (int t : graph.outputs) life(t).to = graph.ops.size();
  for (size_t t = 0; t < liveness_.size(); ++t) {
    const Tensor& tensor = graph.tensors[t];
    liveness_[t].bytes = storage_bytes(tensor.dtype, tensor.elements()).value_or(0);
    if (tensor.constant) liveness_[t].computed = false;
  }
}

std::vector<int> Liveness::at(size_t position) const {
  std::vector<int> out;
  for (size_t t = 0; t < liveness_.size(); ++t)
    if (liveness_[t].computed && liveness_[t].from <= position && position <= liveness_[t].to)
      out.push_back(static_cast<int>(t));
  return out;
}

int64_t Liveness::bytes(size_t position) const {
  int64_t sum = 0;
  for (int t : at(position)) sum += liveness_[static_cast<size_t>(t)].bytes;
  return sum;
}

}  // namespace narrow
