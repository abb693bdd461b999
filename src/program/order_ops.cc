#include "program/order_ops.h"

#include <algorithm>
#include <limits>

#include "ops/def/op_def.h"
#include "program/program.h"

namespace narrow {
namespace {

/// What is left to do: how many ops each op waits for, and how many still read each tensor.
class Waiting {
 public:
  explicit Waiting(const Graph& graph) : graph_(graph), readers_(graph.tensors.size()), waits_(graph.ops.size()) {
    auto const makers = producers(graph);
    for (int t : graph.outputs) ++readers_[static_cast<size_t>(t)];
    for (size_t i = 0; i < graph.ops.size(); ++i)
      for (int t : inputs_of(i)) {
        ++readers_[static_cast<size_t>(t)];
        waits_[i] += makers[static_cast<size_t>(t)] >= 0;
      }
  }

  bool ready(size_t op) const { return waits_[op] == 0; }

  /// Bytes that op would add to those that are held.
  int64_t added(size_t op) const {
    int64_t sum = 0;
    for (int t : graph_.ops[op].outputs) sum += t == kNoTensor ? 0 : bytes(t);
    for (int t : inputs_of(op))
      if (readers_[static_cast<size_t>(t)] == 1) sum -= bytes(t);
    return sum;
  }

  void done(size_t op, const std::vector<std::vector<int>>& consumers) {
    for (int t : inputs_of(op)) --readers_[static_cast<size_t>(t)];
    for (int t : graph_.ops[op].outputs)
      if (t != kNoTensor)
        for (int reader : consumers[static_cast<size_t>(t)]) --waits_[static_cast<size_t>(reader)];
  }

 private:
  int64_t bytes(int t) const {
    const Tensor& x = graph_.tensor(t);
    return x.constant ? 0 : storage_bytes(x.dtype, x.elements()).value_or(0);
  }
  /// Each operand once.
  std::vector<int> inputs_of(size_t op) const {
    std::vector<int> out;
    for (int t : graph_.ops[op].inputs)
      if (t != kNoTensor && std::ranges::find(out, t) == out.end()) out.push_back(t);
    return out;
  }

  const Graph& graph_;
  std::vector<int> readers_, waits_;
};

}  // namespace

bool order_for_memory(Graph& graph) {
  constexpr size_t kMostOps = 2000;  // each is compared with all that are ready
  bool const effects = runs_one_by_one(graph) || std::ranges::any_of(graph.ops, [](const Op& op) {
                         return !op.def || op.def->has_effects || variable_use(op) != VariableUse::none;
                       });
  if (effects || graph.ops.size() > kMostOps) return false;
  auto const readers = consumers(graph);
  Waiting waiting(graph);
  std::vector<size_t> ready, order;
  for (size_t i = 0; i < graph.ops.size(); ++i)
    if (waiting.ready(i)) ready.push_back(i);
  std::vector<bool> listed(graph.ops.size(), false);
  for (size_t i : ready) listed[i] = true;
  while (!ready.empty()) {
    auto const next = std::ranges::min_element(ready, {}, [&](size_t i) { return std::pair(waiting.added(i), i); });
    size_t const op = *next;
    ready.erase(next);
    order.push_back(op);
    waiting.done(op, readers);
    for (int t : graph.ops[op].outputs)
      if (t != kNoTensor)
        for (int reader : readers[static_cast<size_t>(t)]) {
          auto const r = static_cast<size_t>(reader);
          if (!listed[r] && waiting.ready(r)) {
            listed[r] = true;
            ready.push_back(r);
          }
        }
  }
  if (order.size() != graph.ops.size() || std::ranges::is_sorted(order)) return false;
  std::vector<Op> ops;
  for (size_t i : order) ops.push_back(std::move(graph.ops[i]));
  graph.ops = std::move(ops);
  return true;
}

}  // namespace narrow
