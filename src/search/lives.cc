#include "search/lives.h"

#include <algorithm>

namespace narrow {

Lives::Lives(const Graph& graph) : lives_(graph.tensors.size()) {
  auto life = [&](int t) -> Life& { return lives_[static_cast<size_t>(t)]; };
  for (int t : graph.inputs) life(t).computed = true;
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    for (int t : graph.ops[i].inputs)
      if (t != kNoTensor) life(t).to = std::max(life(t).to, i);
    for (int t : graph.ops[i].outputs)
      if (t != kNoTensor) life(t).from = i + 1, life(t).computed = true;
  }
  for (int t : graph.outputs) life(t).to = graph.ops.size();
  for (size_t t = 0; t < lives_.size(); ++t) {
    const Tensor& tensor = graph.tensors[t];
    lives_[t].bytes = storage_bytes(tensor.dtype, tensor.elements()).value_or(0);
    if (tensor.constant) lives_[t].computed = false;
  }
}

std::vector<int> Lives::at(size_t position) const {
  std::vector<int> out;
  for (size_t t = 0; t < lives_.size(); ++t)
    if (lives_[t].computed && lives_[t].from <= position && position <= lives_[t].to)
      out.push_back(static_cast<int>(t));
  return out;
}

int64_t Lives::bytes(size_t position) const {
  int64_t sum = 0;
  for (int t : at(position)) sum += lives_[static_cast<size_t>(t)].bytes;
  return sum;
}

}  // namespace narrow
