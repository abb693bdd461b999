#include "cli/model_facts.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/printable.h"
#include "cli/option_names.h"
#include "cli/table.h"

namespace narrow {
namespace {

using Json = nlohmann::ordered_json;

Json tensor_json(const TensorInfo& t) {
  return {{"name", t.name},
          {"shape", t.shape},
          {"dtype", to_string(t.dtype)},
          {"scales", t.scales},
          {"zero_points", t.zero_points}};
}

Json indices_json(const std::vector<int>& tensors) {
  Json out = Json::array();
  for (int t : tensors) out.push_back(t < 0 ? Json(nullptr) : Json(t));
  return out;
}

Json attributes_json(const OpInfo& op) {
  Json out = Json::object();
  for (const AttributeInfo& a : op.attributes)
    out[a.name] = std::visit([](const auto& value) { return Json(value); }, a.value);
  return out;
}

template <class T>
std::string value_text(const T& value) {
  return fmt::format("{}", value);
}
template <class T>
std::string value_text(const std::vector<T>& values) {
  return fmt::format("[{}]", fmt::join(values, ", "));
}

/// "padding=valid, stride_h=2": those that are not the op's defaults.
std::string attributes_text(const OpInfo& op) {
  std::string out;
  for (const AttributeInfo& a : op.attributes)
    if (!a.by_default)
      out += fmt::format("{}{}={}", out.empty() ? "" : ", ", a.name,
                         std::visit([](const auto& v) { return value_text(v); }, a.value));
  return out;
}

Json graph_json(const GraphInfo& graph) {
  Json out{{"inputs", Json::array()}, {"outputs", Json::array()}, {"ops", Json::array()}, {"tensors", Json::array()}};
  for (int t : graph.inputs) out["inputs"].push_back(tensor_json(tensor_at(graph, t)));
  for (int t : graph.outputs) out["outputs"].push_back(tensor_json(tensor_at(graph, t)));
  for (const OpInfo& op : graph.ops)
    out["ops"].push_back({{"name", op.name},
                          {"op", op.op},
                          {"inputs", indices_json(op.inputs)},
                          {"outputs", indices_json(op.outputs)},
                          {"macs", op.macs},
                          {"attributes", attributes_json(op)}});
  for (const TensorInfo& t : graph.tensors) {
    Json row = tensor_json(t);
    row["constant"] = t.constant;
    row["axis"] = t.scales.size() > 1 ? Json(t.axis) : Json(nullptr);
    out["tensors"].push_back(std::move(row));
  }
  return out;
}

std::string type_text(const TensorInfo& t) {
  if (t.scales.empty()) return to_string(t.dtype);
  if (t.scales.size() > 1) return fmt::format("{}, {} scales", to_string(t.dtype), t.scales.size());
  return fmt::format("{}, scale {:.6g}, zero point {}", to_string(t.dtype), t.scales.front(),
                     t.zero_points.empty() ? 0 : t.zero_points.front());
}

std::string shape_text(const TensorInfo& t) {
  return fmt::format("[{}]", fmt::join(t.shape, ", "));
}

/// The shapes of an op's computed operands.
std::string operands_text(const GraphInfo& graph, const std::vector<int>& tensors) {
  std::string out;
  for (int t : tensors)
    if (t >= 0 && !tensor_at(graph, t).constant) out += (out.empty() ? "" : " ") + shape_text(tensor_at(graph, t));
  return out;
}

/// The types an op computes with: of its first operand, and of a constant second one where it differs.
std::string types_text(const GraphInfo& graph, const OpInfo& op) {
  if (op.inputs.empty() || op.inputs[0] < 0) return "";
  std::string out = to_string(tensor_at(graph, op.inputs[0]).dtype);
  if (op.inputs.size() < 2 || op.inputs[1] < 0) return out;
  const TensorInfo& second = tensor_at(graph, op.inputs[1]);
  if (second.parameter) out += fmt::format(" x {}", to_string(second.dtype));
  return out;
}

std::string graph_text(const GraphInfo& graph) {
  Table ends({"", "name", "shape", "type"});
  auto add = [&](const char* what, const TensorInfo& t) { ends.row({what, t.name, shape_text(t), type_text(t)}); };
  for (int t : graph.inputs) add("input", tensor_at(graph, t));
  for (int t : graph.outputs) add("output", tensor_at(graph, t));
  Table ops({">", "op", "types", "from", "to", ">MACs", "attributes beside the defaults", "name"});
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    const OpInfo& op = graph.ops[i];
    ops.row({std::to_string(i), op.op, types_text(graph, op), operands_text(graph, op.inputs),
             operands_text(graph, op.outputs), op.macs ? grouped(op.macs) : "", attributes_text(op), op.name});
  }
  return ends.text() + "\n" + ops.text();
}

/// The graphs by index, the entry in the first place and the first one in its.
std::vector<size_t> order(const ModelInfo& model) {
  std::vector<size_t> out(model.graphs.size());
  for (size_t i = 0; i < out.size(); ++i) out[i] = i;
  std::swap(out.front(), out[static_cast<size_t>(model.entry)]);
  return out;
}

}  // namespace

nlohmann::ordered_json model_json(const ModelInfo& model) {
  auto const graphs = order(model);
  Json out = graph_json(model.graphs[graphs.front()]);
  out["macs"] = model.macs;
  out["parameters"] = model.parameters;
  out["bytes"] = model.bytes;
  out["description"] = model.description;
  if (const auto& wrong = model.contradiction) {
    Error const e = in_options(*wrong);
    out["contradiction"] = {{"what", e.what}, {"where", e.where}, {"remedy", e.remedy}};
  }
  Json more = Json::array();
  for (size_t i = 1; i < graphs.size(); ++i) {
    const GraphInfo& info = model.graphs[graphs[i]];
    Json graph{{"name", info.name}};
    graph.update(graph_json(info));
    more.push_back(std::move(graph));
  }
  out["graphs"] = std::move(more);
  return out;
}

std::string model_text(const ModelInfo& model) {
  std::string out = fmt::format("{}: {} bytes, {} parameters, {} MACs\n", model.source, grouped(model.bytes),
                                grouped(model.parameters), grouped(model.macs));
  for (size_t const i : order(model)) {
    const GraphInfo& graph = model.graphs[i];
    out += (model.graphs.size() > 1 ? fmt::format("\ngraph {} '{}'\n", i, printable(graph.name)) : "\n") +
           graph_text(graph);
  }
  if (const auto& wrong = model.contradiction) {
    Error const e = in_options(*wrong);
    out += fmt::format("\nno other command takes this model: {} ({}){}{}\n", printable(e.what), printable(e.where),
                       e.remedy.empty() ? "" : "; ", printable(e.remedy));
  }
  return out;
}

}  // namespace narrow
