#include "quantize/rewrite/missing_kernels.h"

#include "ops/check/validate.h"
#include "ops/check/validate_rules.h"
#include "ops/conversions/conversions.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

/// Why one op of the source has no kernels. It has become the ops [first, last]: conversions, and the op itself.
std::string refusal_of(const Graph& graph, size_t first, size_t last, Placement placement) {
  for (size_t i = first; i < last; ++i)
    if (std::string why = kernel_refusal(graph, graph.ops[i]); !why.empty())
      return "an operand cannot be converted for it: " + why;
  bool const computes =
      placement == Placement::integer || placement == Placement::conversion || placement == Placement::untouched;
  std::string why = computes ? kernel_refusal(graph, graph.ops[last]) : "";
  return why.empty() ? "" : "no kernel computes it with these integers: " + why;
}

}  // namespace

std::string kernel_refusal(const Graph& graph, const Op& op) {
  for (const auto* list : {&op.inputs, &op.outputs})
    for (int t : *list)
      if (Status scales = t == kNoTensor ? Status() : validate_quantization(graph.tensor(t)); !scales)
        return tensor_label(graph, t) + ": " + scales.error().what;
  if (!op.def) return "narrow does not know this op";
  Status fits = check_computable(graph, op);
  if (!fits) return fits.error().what;
  auto const step = op.def->lower(OpView{graph, op}, {.profile = all_profiles().front(), .reference = true});
  return step ? "" : step.error().what;
}

Refusals find_refusals(const Model& source, const Model& rewritten, const Decisions& decisions, const Trace& trace) {
  Refusals out;
  for (size_t g = 0; g < trace.size(); ++g) {
    size_t first = 0;
    for (size_t i = 0; i < trace[g].size(); ++i) {
      size_t const last = trace[g][i].now;
      Placement const placement = decisions.of(g, i).placement;
      std::string why = refusal_of(rewritten.graphs[g], first, last, placement);
      const Graph& before = source.graphs[g];
      bool const had_none =
          placement == Placement::untouched && !why.empty() && !kernel_refusal(before, before.ops[i]).empty();
      if (!why.empty() && !had_none) out[{g, i}] = std::move(why);
      first = last + 1;
    }
  }
  return out;
}

}  // namespace narrow
