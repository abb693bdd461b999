#include "quantize/decide.h"

#include <algorithm>

#include "ops/op_def.h"

namespace narrow {
namespace {

bool carries_floats(const Graph& graph, const Op& op) {
  auto is_float = [&](int t) { return t != kNoTensor && graph.tensor(t).dtype == DType::float32; };
  return std::any_of(op.inputs.begin(), op.inputs.end(), is_float) ||
         std::any_of(op.outputs.begin(), op.outputs.end(), is_float);
}

/// Why an op with an integer form cannot take it as it stands; empty where it can.
std::string obstacle(const Graph& graph, const Op& op) {
  for (size_t i = 0; i < op.inputs.size(); ++i) {
    if (op.inputs[i] == kNoTensor) continue;
    Role const role = op.def->quant.role(i);
    const Tensor& t = graph.tensor(op.inputs[i]);
    if (role == Role::weight && !t.constant) return "its weights are not constant";
    if (role == Role::bias && !t.constant) return "its bias is not constant";
    if (role != Role::index && t.dtype != DType::float32)
      return std::string("it mixes float32 with ") + to_string(t.dtype);
  }
  return {};
}

Decision decide_op(const Graph& graph, const Op& op, const Recipe& recipe) {
  Decision d;
  d.settings = recipe.settings(op_name(graph, op), op.type, Role::activation);
  if (!carries_floats(graph, op)) {
    d.untouched = true;
    d.reason = "carries no float values";
    return d;
  }
  if (op.def && (op.type == "QUANTIZE" || op.type == "DEQUANTIZE")) {
    d.untouched = true;
    d.reason = "the model's own border between float and integer";
    return d;
  }
  int const bits = d.settings.activations;
  if (!op.def) {
    d.reason = "narrow does not know this op";
  } else if (d.settings.keep_float) {
    d.reason = "kept float as asked";
  } else if (bits == 8 ? !op.def->quant.int8 : !op.def->quant.int16) {
    d.reason = "no int" + std::to_string(bits) + " form exists";
  } else if (std::string why = obstacle(graph, op); !why.empty()) {
    d.reason = why;
  } else {
    d.quantized = true;
    d.bits = bits;
    d.reason = "int" + std::to_string(bits) + " activations";
  }
  return d;
}

}  // namespace

std::vector<Decision> decide(const Model& model, const QuantizeOptions& options) {
  std::vector<Decision> out;
  for (const Op& op : model.main().ops) out.push_back(decide_op(model.main(), op, options.recipe));
  return out;
}

Status require_integer(const Model& model, const std::vector<Decision>& decisions) {
  std::string list;
  for (size_t i = 0; i < decisions.size(); ++i) {
    if (decisions[i].quantized || decisions[i].untouched) continue;
    list += (list.empty() ? "" : "; ") + op_label(model.main(), i) + ": " + decisions[i].reason;
  }
  if (list.empty()) return {};
  return fail(ErrorKind::unsupported, "these ops would stay float: " + list, model.source,
              "--allow-float leaves them float, each with its conversions");
}

}  // namespace narrow
