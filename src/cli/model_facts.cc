#include "cli/model_facts.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/printable.h"
#include "cli/table.h"
#include "ops/def/totals.h"

namespace narrow {
namespace {

using Json = nlohmann::ordered_json;

Json tensor_json(const Tensor& t) {
  const Quantization& q = t.quantization;
  return {{"name", t.name},
          {"shape", file_shape(t)},
          {"dtype", to_string(t.dtype)},
          {"scales", q.scales},
          {"zero_points", q.zero_points}};
}

Json indices_json(const std::vector<int>& tensors) {
  Json out = Json::array();
  for (int t : tensors) out.push_back(t == kNoTensor ? Json(nullptr) : Json(t));
  return out;
}

Json graph_json(const Graph& graph) {
  Json out{{"inputs", Json::array()}, {"outputs", Json::array()}, {"ops", Json::array()}, {"tensors", Json::array()}};
  for (int t : graph.inputs) out["inputs"].push_back(tensor_json(graph.tensor(t)));
  for (int t : graph.outputs) out["outputs"].push_back(tensor_json(graph.tensor(t)));
  for (const Op& op : graph.ops)
    out["ops"].push_back({{"name", op_name(graph, op)},
                          {"op", op.type},
                          {"inputs", indices_json(op.inputs)},
                          {"outputs", indices_json(op.outputs)},
                          {"macs", macs_of(graph, op)}});
  for (const Tensor& t : graph.tensors) {
    Json row = tensor_json(t);
    row["constant"] = t.constant;
    row["axis"] = t.quantization.per_axis() ? Json(t.quantization.axis) : Json(nullptr);
    out["tensors"].push_back(std::move(row));
  }
  return out;
}

std::string type_text(const Tensor& t) {
  const Quantization& q = t.quantization;
  if (!q.present()) return to_string(t.dtype);
  if (q.per_axis()) return fmt::format("{}, {} scales", to_string(t.dtype), q.scales.size());
  return fmt::format("{}, scale {:.6g}, zero point {}", to_string(t.dtype), q.scale(), q.zero_point());
}

std::string shape_text(const Tensor& t) {
  return fmt::format("[{}]", fmt::join(file_shape(t), ", "));
}

/// The shapes of an op's computed operands.
std::string operands_text(const Graph& graph, const std::vector<int>& tensors) {
  std::string out;
  for (int t : tensors)
    if (t != kNoTensor && !graph.tensor(t).constant) out += (out.empty() ? "" : " ") + shape_text(graph.tensor(t));
  return out;
}

/// The types an op computes with: of its first operand, and of a constant second one where it differs.
std::string types_text(const Graph& graph, const Op& op) {
  if (op.inputs.empty() || op.inputs[0] == kNoTensor) return "";
  std::string out = to_string(graph.tensor(op.inputs[0]).dtype);
  if (op.inputs.size() < 2 || op.inputs[1] == kNoTensor) return out;
  const Tensor& second = graph.tensor(op.inputs[1]);
  if (is_parameter(second)) out += fmt::format(" x {}", to_string(second.dtype));
  return out;
}

std::string graph_text(const Graph& graph) {
  Table ends({"", "name", "shape", "type"});
  for (int t : graph.inputs)
    ends.row({"input", graph.tensor(t).name, shape_text(graph.tensor(t)), type_text(graph.tensor(t))});
  for (int t : graph.outputs)
    ends.row({"output", graph.tensor(t).name, shape_text(graph.tensor(t)), type_text(graph.tensor(t))});
  Table ops({">", "op", "types", "from", "to", ">MACs", "name"});
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    const Op& op = graph.ops[i];
    int64_t const macs = macs_of(graph, op);
    ops.row({std::to_string(i), op.type, types_text(graph, op), operands_text(graph, op.inputs),
             operands_text(graph, op.outputs), macs ? grouped(macs) : "", op_name(graph, op)});
  }
  return ends.text() + "\n" + ops.text();
}

}  // namespace

nlohmann::ordered_json model_json(const Model& model) {
  Totals const sum = totals(model);
  Json out = graph_json(model.main());
  out["macs"] = sum.macs;
  out["parameters"] = sum.parameters;
  out["bytes"] = model.file_bytes;
  out["description"] = model.description;
  Json more = Json::array();
  for (size_t i = 1; i < model.graphs.size(); ++i) {
    Json graph{{"name", model.graphs[i].name}};
    graph.update(graph_json(model.graphs[i]));
    more.push_back(std::move(graph));
  }
  out["graphs"] = std::move(more);
  return out;
}

std::string model_text(const Model& model) {
  Totals const sum = totals(model);
  std::string out = fmt::format("{}: {} bytes, {} parameters, {} MACs\n", model.source, grouped(model.file_bytes),
                                grouped(sum.parameters), grouped(sum.macs));
  for (size_t i = 0; i < model.graphs.size(); ++i)
    out += (model.graphs.size() > 1 ? fmt::format("\ngraph {} '{}'\n", i, printable(model.graphs[i].name)) : "\n") +
           graph_text(model.graphs[i]);
  return out;
}

}  // namespace narrow
