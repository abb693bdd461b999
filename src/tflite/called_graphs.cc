#include "tflite/called_graphs.h"

namespace narrow {
namespace {

std::vector<int> list(const flatbuffers::Vector<int32_t>* stored) {
  return stored ? std::vector<int>(stored->begin(), stored->end()) : std::vector<int>();
}

std::vector<int> in_second_options(const format::Operator& op) {
  using enum format::BuiltinOptions2;
  if (!op.builtin_options_2()) return {};
  switch (op.builtin_options_2_type()) {
    case StablehloReduceOptions:
      return {op.builtin_options_2_as_StablehloReduceOptions()->body_subgraph_index()};
    case StablehloReduceWindowOptions:
      return {op.builtin_options_2_as_StablehloReduceWindowOptions()->body_subgraph_index()};
    case StablehloSortOptions:
      return {op.builtin_options_2_as_StablehloSortOptions()->comparator_subgraph_index()};
    case StablehloScatterOptions:
      return {op.builtin_options_2_as_StablehloScatterOptions()->update_computation_subgraph_index()};
    case StablehloWhileOptions: {
      auto const* o = op.builtin_options_2_as_StablehloWhileOptions();
      return {o->cond_subgraph_index(), o->body_subgraph_index()};
    }
    case StablehloCaseOptions:
      return list(op.builtin_options_2_as_StablehloCaseOptions()->branch_subgraph_indices());
    case StableHLOCompositeOptions:
      return {op.builtin_options_2_as_StableHLOCompositeOptions()->decomposition_subgraph_index()};
    case StablehloCustomCallOptions:
      return list(op.builtin_options_2_as_StablehloCustomCallOptions()->called_computations());
    default:
      return {};
  }
}

}  // namespace

std::vector<int> called_graphs(const format::Operator& op) {
  using enum format::BuiltinOptions;
  if (!op.builtin_options()) return in_second_options(op);
  switch (op.builtin_options_type()) {
    case CallOptions:
      return {index_of(op.builtin_options_as_CallOptions()->subgraph())};
    case CallOnceOptions:
      return {op.builtin_options_as_CallOnceOptions()->init_subgraph_index()};
    case IfOptions: {
      auto const* o = op.builtin_options_as_IfOptions();
      return {o->then_subgraph_index(), o->else_subgraph_index()};
    }
    case WhileOptions: {
      auto const* o = op.builtin_options_as_WhileOptions();
      return {o->cond_subgraph_index(), o->body_subgraph_index()};
    }
    default:
      return in_second_options(op);
  }
}

}  // namespace narrow
