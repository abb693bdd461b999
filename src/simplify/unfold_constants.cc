#include "graph/folded_values.h"
#include "graph/unpacked.h"
#include "ops/conversions/conversions.h"
#include "simplify/plain_forms.h"

namespace narrow {
namespace {

// What unfolding may add: sparse constants of which one value in 64 is stored, and small ones in any case.
constexpr int64_t kMostGrowth = 64;
constexpr int64_t kFreeGrowth = 16 << 20;

/// What the values of an opaque constant can be had from; null where narrow only copies them.
const FoldedValues* folded_values(const Tensor& t) {
  return t.opaque && t.constant && !t.data.empty() ? dynamic_cast<const FoldedValues*>(t.passthrough.get()) : nullptr;
}

/// Gives the result of each DENSIFY whose operand is dense by now that operand's values, and removes the op.
void remove_densify(Graph& graph) {
  std::erase_if(graph.ops, [&](const Op& op) {
    if (op.def != &kDensify) return false;
    const Tensor& from = graph.tensor(op.inputs[0]);
    Tensor& to = graph.tensor(op.outputs[0]);
    if (!from.constant || from.opaque || to.dtype != from.dtype || to.elements() != from.elements()) return false;
    to.data = from.data;
    to.constant = true;
    return true;
  });
}

}  // namespace

Status unfold_constants(PlainModel& plain) {
  int64_t budget = kFreeGrowth + kMostGrowth * plain.model.file_bytes;
  int expanded = 0;
  for (size_t g = 0; g < plain.model.graphs.size(); ++g) {
    Graph& graph = plain.model.graphs[g];
    for (size_t t = 0; t < graph.tensors.size(); ++t) {
      const FoldedValues* const folded = folded_values(graph.tensors[t]);
      if (!folded) continue;
      std::string const where = tensor_label(graph, static_cast<int>(t)) + ", graph " + std::to_string(g);
      budget -= static_cast<int64_t>(sizeof(float)) * graph.tensors[t].elements();
      if (budget < 0)
        return fail(ErrorKind::limit_exceeded, "its dense form takes more memory than a file of this size warrants",
                    where);
      auto dense = folded->unfolded(graph, graph.tensors[t]);
      if (!dense && dense.error().kind == ErrorKind::unsupported) continue;
      if (!dense) return pass(std::move(dense), where);
      graph.tensors[t] = std::move(*dense);
      ++expanded;
    }
    remove_densify(graph);
  }
  if (expanded > 0)
    plain.changes.push_back(std::to_string(expanded) +
                            " constant(s) stored sparse or in blocks are expanded; their values stay the same");
  return {};
}

void unpack_weights(PlainModel& plain) {
  int unpacked_constants = 0;
  for (Graph& graph : plain.model.graphs) {
    // Ops that take such a constant for anything but weights would give results of another type.
    std::vector<bool> takes(graph.tensors.size(), false), refuses(graph.tensors.size(), false);
    for (const Op& op : graph.ops)
      for (size_t i = 0; i < op.inputs.size(); ++i) {
        if (op.inputs[i] == kNoTensor) continue;
        bool const as_weights =
            op.def && (op.def->quant.role(i) == Role::weight || static_cast<int>(i) == op.def->quant.dynamic_operand ||
                       conversion_of(op) == Conversion::dequantize);
        (as_weights ? takes : refuses)[static_cast<size_t>(op.inputs[i])] = true;
      }
    for (int t : graph.outputs) refuses[static_cast<size_t>(t)] = true;
    for (size_t t = 0; t < graph.tensors.size(); ++t) {
      Tensor& tensor = graph.tensors[t];
      if (!takes[t] || refuses[t] || !is_packed(tensor.dtype) || !tensor.constant || tensor.opaque) continue;
      unpacked_constants += tensor.dtype != DType::int4;  // narrow stores int4 itself
      tensor = unpacked(tensor);
    }
  }
  if (unpacked_constants > 0)
    plain.changes.push_back(
        std::to_string(unpacked_constants) +
        " weight(s) of 2 bits, or of 4 without a sign, are taken as int8; their integers stay the same");
}

Result<PlainModel> in_plain_forms(Model model) {
  PlainModel out{std::move(model), {}};
  NARROW_CHECK(unfold_constants(out));
  unpack_weights(out);
  make_signed(out);
  center_weights(out);
  use_builtin_names(out);
  return out;
}

}  // namespace narrow
