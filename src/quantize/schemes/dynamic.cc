#include "quantize/schemes/dynamic.h"

#include <set>

#include "graph/edit.h"
#include "ops/def/operand_with.h"
#include "ops/def/shared_attributes.h"
#include "quantize/plan/stored_constants.h"
#include "quantize/rewrite/form.h"
#include "quantize/weights/layer_constants.h"
#include "quantize/weights/parts.h"

namespace narrow {
namespace {

constexpr int kByte = 8;
constexpr int64_t kSmallest = 1024;  // elements of a weight tensor worth storing as integers

/// The position of the operand that integers may take the place of; kNoTensor where there is none.
int weight_operand(const Op& op) {
  int const stated = op.def->quant.dynamic_operand;
  return stated >= 0 && static_cast<size_t>(stated) < op.inputs.size() ? stated : operand_with(op, Role::weight);
}

Granularity granularity_of(const Op& op, const Settings& settings) {
  return op.def->quant.dynamic_per_tensor ? Granularity::tensor : settings.granularity;
}

/// The operands of an op of several layers that become integers, all or none of them.
std::vector<size_t> weight_parts(const Op& op) {
  std::vector<size_t> out;
  std::set<size_t> normalizing;  // stay float
  for (const OperandPart& part : op.def->quant.parts)
    if (part.kind == OperandPart::Kind::bias) normalizing.insert(part.factors);
  for (const OperandPart& part : op.def->quant.parts)
    if (!normalizing.contains(part.operand) &&
        (part.kind == OperandPart::Kind::weights || part.kind == OperandPart::Kind::factors ||
         part.kind == OperandPart::Kind::summed) &&
        part.operand < op.inputs.size() && op.inputs[part.operand] != kNoTensor)
      out.push_back(part.operand);
  return out;
}

/// The operands of an op whose place integers may take.
std::vector<size_t> weight_operands(const Op& op) {
  if (!op.def->quant.parts.empty()) return weight_parts(op);
  int const at = weight_operand(op);
  return at == kNoTensor ? std::vector<size_t>() : std::vector<size_t>{static_cast<size_t>(at)};
}

/// Why the weights of an op stay float; empty where they do not.
std::string obstacle(const Graph& graph, const Op& op, const Settings& settings) {
  if (!op.def) return "narrow does not know this op";
  std::vector<size_t> const operands = weight_operands(op);
  if (operands.empty()) return "has no weights";
  if (settings.keep_float) return "kept float as asked";
  if (op.def->quant.versions.dynamic == 0)
    return op.def->quant.forms_missing ? "narrow has no form of this op with integer weights and float data"
                                       : "no runtime takes integer weights with float data for this op";
  int64_t elements = 0;
  for (size_t at : operands) {
    const Tensor& w = graph.tensor(op.inputs[at]);
    if (!w.constant) return "its weights are not constant";
    if (w.dtype != DType::float32) return std::string("its weights are ") + to_string(w.dtype);
    if (w.opaque) return "its weights are stored in an encoding that narrow only copies";
    if (!is_finite(w)) return "its weights hold values that are not finite";
    elements += w.elements();
  }
  if (elements < kSmallest)
    return "its weights have " + std::to_string(elements) + " elements, fewer than " + std::to_string(kSmallest);
  return {};
}

/// Quantizes weights of one graph and reports its ops.
void quantize_weights_of(Graph& graph, int number, const Recipe& recipe, std::vector<OpOutcome>& outcomes) {
  for (Op& op : graph.ops) {
    Settings const s = recipe.settings(op_name(graph, op), op.type, Role::weight);
    std::string const why = obstacle(graph, op, s);
    outcomes.push_back({op_name(graph, op), op.type, why.empty(), why.empty() ? "int8 weights" : why, number,
                        why.empty() ? "dynamic" : form_of(OpView{graph, op})});
    if (!why.empty()) continue;
    bool const parts = !op.def->quant.parts.empty();
    for (size_t at : weight_operands(op)) {
      const Tensor& real = graph.tensor(op.inputs[at]);
      Tensor stored = parts ? symmetric_constant(real, symmetric_scales(real, 1, kByte), kByte)
                            : quantize_weights(real, op.def->quant.weight_axis, granularity_of(op, s));
      op.inputs[at] = add_tensor(graph, std::move(stored));
    }
    op.version = std::max({op.version, op.def->quant.versions.dynamic, least_version(OpView{graph, op})});
    set_attribute(op, kAsymmetricQuantizeInputs, true);
  }
}

}  // namespace

QuantizedModel quantize_dynamic(const Model& model, const QuantizeOptions& options) {
  QuantizedModel out{model, {}};
  for (int g = 0; g < static_cast<int>(out.model.graphs.size()); ++g) {
    quantize_weights_of(out.model.graphs[static_cast<size_t>(g)], g, options.recipe, out.ops);
    drop_unused_tensors(out.model, g);
  }
  return out;
}

}  // namespace narrow
