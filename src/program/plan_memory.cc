#include <algorithm>
#include <iterator>
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
  std::vector<bool> given_out(graph.tensors.size());
  for (int t : graph.outputs) given_out[static_cast<size_t>(t)] = true;
  for (size_t t = 0; t < graph.tensors.size(); ++t) {
    const Tensor& tensor = graph.tensors[t];
    int64_t const bytes = storage_bytes(tensor.dtype, tensor.elements()).value_or(0);
    Lifetime life = liveness.of(static_cast<int>(t));
    if (tensor.variable && life.mentioned()) life.first = -1;
    if ((keep_all || tensor.variable) && life.mentioned()) life.last = end;
    int64_t const place = (bytes + kAlignment - 1) / kAlignment * kAlignment;
    if (tensor.constant && given_out[t])  // callers read it like any output, once for each sample
      out.push_back({{-1, end}, place});
    else
      out.push_back(tensor.constant ? Place{} : Place{life, place});
  }
  if (runs_one_by_one(graph)) {  // inputs and outputs of all samples stay where they are while each sample runs
    for (int t : graph.inputs) out[static_cast<size_t>(t)].life.last = end;
    for (int t : graph.outputs) out[static_cast<size_t>(t)].life.first = -1;
  }
  return out;
}

/// The tensors that have places, found without going through all of them: most live for a few ops only.
class Placed {
  auto before() const {
    return [this](size_t a, size_t b) { return offsets_[a] < offsets_[b]; };
  }

 public:
  Placed(const std::vector<Place>& all, const std::vector<int64_t>& offsets, size_t ops)
      : all_(all), offsets_(offsets), short_(ops + 2) {}

  void add(size_t t) {
    const Lifetime& life = all_[t].life;
    added_.push_back(t);
    if (lasts(life))
      long_.insert(std::upper_bound(long_.begin(), long_.end(), t, before()), t);
    else
      for (int op = life.first; op <= life.last; ++op) short_[at(op)].push_back(t);
  }

  /// All that live at the same time as `t`, and others, by rising offset.
  const std::vector<size_t>& beside(size_t t) {
    const Lifetime& life = all_[t].life;
    if (lasts(life)) return every();
    std::vector<size_t> near;
    for (int op = life.first; op <= life.last; ++op) {
      if (near.size() + short_[at(op)].size() > kFew) return every();
      near.insert(near.end(), short_[at(op)].begin(), short_[at(op)].end());
    }
    std::sort(near.begin(), near.end(), before());
    found_.clear();
    std::merge(long_.begin(), long_.end(), near.begin(), near.end(), std::back_inserter(found_), before());
    return found_;
  }

 private:
  const std::vector<size_t>& every() {
    auto const middle = static_cast<std::ptrdiff_t>(every_.size());
    every_.insert(every_.end(), added_.begin(), added_.end());
    added_.clear();
    std::sort(every_.begin() + middle, every_.end(), before());
    std::inplace_merge(every_.begin(), every_.begin() + middle, every_.end(), before());
    return every_;
  }
  static constexpr size_t kFew = 1024;  // sorting more takes longer than going through all
  static bool lasts(const Lifetime& life) { return life.last - life.first > 64; }
  static size_t at(int op) { return static_cast<size_t>(op + 1); }  // -1 is before the first

  const std::vector<Place>& all_;
  const std::vector<int64_t>& offsets_;
  std::vector<size_t> every_, long_;        // by offset
  std::vector<size_t> added_;               // since `every_` was asked for
  std::vector<std::vector<size_t>> short_;  // by op
  std::vector<size_t> found_;
};

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
    if (all[t].life.mentioned()) order.push_back(t);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return all[a].bytes > all[b].bytes; });

  MemoryPlan plan{std::vector<int64_t>(all.size(), -1), 0};
  Placed placed(all, plan.offsets, graph.ops.size());
  for (size_t t : order) {
    int64_t offset = keep_all && all[t].bytes > 0 ? plan.bytes : 0;  // what is kept for good overlaps everything
    if (!keep_all)
      for (size_t p : placed.beside(t)) {
        if (!meet(all[t].life, all[p].life)) continue;
        if (plan.offsets[p] - offset >= all[t].bytes) break;
        offset = std::max(offset, plan.offsets[p] + all[p].bytes);
      }
    plan.offsets[t] = offset;
    plan.bytes = std::max(plan.bytes, offset + all[t].bytes);
    if (!keep_all) placed.add(t);
  }
  return plan;
}

}  // namespace narrow
