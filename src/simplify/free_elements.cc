#include "simplify/free_elements.h"

#include <algorithm>

#include "ops/check/evaluate.h"
#include "ops/conversions/conversions.h"
#include "ops/indexing/indexing.h"
#include "ops/layout/layout.h"

namespace narrow {
namespace {

/// Ops that only move elements, and so move marks as well.
constexpr const OpDef* kMovers[] = {&kCast,  &kConcatenation, &kExpandDims, &kGather,  &kPack,         &kReshape,
                                    &kSlice, &kSplit,         &kSplitV,     &kSqueeze, &kStridedSlice, &kUnpack};

template <class T>
Bytes ones_where_free(std::span<const int32_t> signature) {
  Bytes out(signature.size() * sizeof(T));
  for (size_t i = 0; i < signature.size(); ++i) {
    T const mark = signature[i] == -1;
    std::memcpy(out.data() + i * sizeof(T), &mark, sizeof(T));
  }
  return out;
}

bool is_fixed(const Bytes& marks) {
  return std::all_of(marks.begin(), marks.end(), [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace

bool depends_on_free_dimensions(const Graph& graph, const Op& op) {
  if (!op.def || op.def->reads_values || op.def == &kRank) return false;
  return std::any_of(op.inputs.begin(), op.inputs.end(),
                     [&](int t) { return t != kNoTensor && graph.tensor(t).has_free_dimension(); });
}

bool FreeElements::among_results(const Op& op) {
  auto const from_shapes = [&](int t) { return graph_.tensor(t).from_shapes; };
  if (!op.def || !std::all_of(op.outputs.begin(), op.outputs.end(), from_shapes)) return true;
  if (op.def == &kShape) return mark_shape(op);
  if (std::find(std::begin(kMovers), std::end(kMovers), op.def) != std::end(kMovers)) return mark_moved(op);
  return true;
}

FreeElements::Marks FreeElements::all_fixed(int tensor) const {
  return Bytes(graph_.tensor(tensor).data.size());
}

bool FreeElements::mark_shape(const Op& op) {
  std::vector<int32_t> const& signature = graph_.tensor(op.inputs[0]).shape_signature;
  int const result = op.outputs[0];
  Marks marks = graph_.tensor(result).dtype == DType::int64 ? ones_where_free<int64_t>(signature)
                                                            : ones_where_free<int32_t>(signature);
  if (is_fixed(marks)) return false;
  marks_[result] = std::move(marks);
  return true;
}

/// Runs the op on marks in place of the elements that it moves. Positions have to be constant.
bool FreeElements::mark_moved(const Op& op) {
  std::vector<std::pair<int, SharedBytes>> elements;
  for (size_t i = 0; i < op.inputs.size(); ++i) {
    int const t = op.inputs[i];
    if (t == kNoTensor) continue;
    bool const moved = op.def->quant.role(i) != Role::index;
    auto const at = marks_.find(t);
    if (at == marks_.end() ? !graph_.tensor(t).constant : !moved) return true;
    if (moved && std::none_of(elements.begin(), elements.end(), [&](const auto& e) { return e.first == t; }))
      elements.emplace_back(t, graph_.tensor(t).data);
  }
  for (const auto& [t, kept] : elements) {
    auto const at = marks_.find(t);
    graph_.tensor(t).data = SharedBytes(at == marks_.end() ? all_fixed(t) : at->second);
  }
  auto moved = evaluate(graph_, op);
  for (auto& [t, kept] : elements) graph_.tensor(t).data = std::move(kept);
  if (!moved) return true;
  bool const fixed = std::all_of(moved->begin(), moved->end(), is_fixed);
  for (size_t i = 0; !fixed && i < moved->size(); ++i) marks_[op.outputs[i]] = std::move((*moved)[i]);
  return !fixed;
}

}  // namespace narrow
