#include "cli/model_facts.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "cli/option_names.h"
#include "cli/table.h"

namespace narrow {
namespace {

/// The members that every description of a tensor begins with.
void write_tensor(JsonWriter& out, const TensorInfo& t) {
  out.member("name", t.name)
      .member("shape", t.shape)
      .member("dtype", to_string(t.dtype))
      .member("scales", t.scales)
      .member("zero_points", t.zero_points);
}

void write_indices(JsonWriter& out, const char* key, const std::vector<int>& tensors) {
  out.key(key).begin_array();
  for (int t : tensors) t < 0 ? out.value(nullptr) : out.value(t);
  out.end_array();
}

void write_op(JsonWriter& out, const OpInfo& op) {
  out.begin_object().member("name", op.name).member("op", op.op);
  write_indices(out, "inputs", op.inputs);
  write_indices(out, "outputs", op.outputs);
  out.member("macs", op.macs).key("attributes").begin_object();
  for (const AttributeInfo& a : op.attributes) {
    out.key(a.name);
    std::visit([&](const auto& value) { out.value(value); }, a.value);
  }
  out.end_object().end_object();
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

void write_ends(JsonWriter& out, const char* key, const GraphInfo& graph, const std::vector<int>& tensors) {
  out.key(key).begin_array();
  for (int t : tensors) {
    write_tensor(out.begin_object(), tensor_at(graph, t));
    out.end_object();
  }
  out.end_array();
}

/// The members of a graph.
void write_graph(JsonWriter& out, const GraphInfo& graph) {
  write_ends(out, "inputs", graph, graph.inputs);
  write_ends(out, "outputs", graph, graph.outputs);
  out.key("ops").begin_array();
  for (const OpInfo& op : graph.ops) write_op(out, op);
  out.end_array().key("tensors").begin_array();
  for (const TensorInfo& t : graph.tensors) {
    write_tensor(out.begin_object(), t);
    out.member("constant", t.constant).key("axis");
    t.scales.size() > 1 ? out.value(t.axis) : out.value(nullptr);
    out.end_object();
  }
  out.end_array();
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
  Table ends({"", "~name", "shape", "type"});
  auto add = [&](const char* what, const TensorInfo& t) { ends.row({what, t.name, shape_text(t), type_text(t)}); };
  for (int t : graph.inputs) add("input", tensor_at(graph, t));
  for (int t : graph.outputs) add("output", tensor_at(graph, t));
  Table ops({">", "op", "types", "from", "to", ">MACs", "~attributes beside the defaults", "~name"});
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

void write_model(JsonWriter& out, const ModelInfo& model) {
  auto const graphs = order(model);
  write_graph(out, model.graphs[graphs.front()]);
  out.member("macs", model.macs)
      .member("parameters", model.parameters)
      .member("bytes", model.bytes)
      .member("description", model.description);
  if (const auto& wrong = model.contradiction) {
    Error const e = in_options(*wrong);
    out.key("contradiction").begin_object();
    out.member("what", e.what).member("where", e.where).member("remedy", e.remedy).end_object();
  }
  out.key("graphs").begin_array();
  for (size_t i = 1; i < graphs.size(); ++i) {
    const GraphInfo& info = model.graphs[graphs[i]];
    out.begin_object().member("name", info.name);
    write_graph(out, info);
    out.end_object();
  }
  out.end_array();
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
    out += fmt::format("\n{} {} ({}){}{}\n", on_output(Tone::bad, "no other command takes this model:"),
                       printable(e.what), printable(e.where), e.remedy.empty() ? "" : "; ", printable(e.remedy));
  }
  return out;
}

}  // namespace narrow
