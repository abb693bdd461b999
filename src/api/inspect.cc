// inspect and summarize of the public interface.
#include "narrow/inspect.h"

#include <map>

#include "api/recurrent_layers.h"
#include "api/tensor_info.h"
#include "base/guarded.h"
#include "graph/attribute_type.h"
#include "graph/entry.h"
#include "ops/check/validate.h"
#include "ops/def/totals.h"
#include "read/read.h"

namespace narrow {
namespace {

std::vector<AttributeInfo> attributes_of(const Op& op) {
  std::vector<AttributeInfo> out;
  if (op.attributes.empty()) return out;
  Attributes const defaults = op.attributes.type()->make();
  for (const AttributeField& field : op.attributes.type()->fields) {
    FieldValue value = field.get(op.attributes);
    bool const by_default = value == field.get(defaults);
    if (const char* const word = field.word(value))
      out.push_back({field.name, std::string(word), by_default});
    else
      out.push_back({field.name, std::move(value), by_default});
  }
  return out;
}

GraphInfo info_of(const Graph& graph) {
  GraphInfo out{graph.name, graph.inputs, graph.outputs, {}, {}};
  for (const Op& op : graph.ops)
    out.ops.push_back({op_name(graph, op), op.type, op.inputs, op.outputs, macs_of(graph, op), attributes_of(op)});
  for (const Tensor& t : graph.tensors) out.tensors.push_back(info_of(t));
  return out;
}

Result<ModelInfo> info_of(const Model& model, const std::string& signature) {
  Totals const sum = totals(model);
  ModelInfo out;
  out.source = model.source;
  out.description = model.description;
  out.bytes = model.file_bytes;
  out.ops = sum.ops;
  out.macs = sum.macs;
  out.parameters = sum.parameters;
  NARROW_TRY(out.entry, entry_graph(model, signature));
  for (const Graph& graph : model.graphs) out.graphs.push_back(info_of(graph));
  for (const Signature& s : model.signatures) out.signatures.push_back(s.key);
  return out;
}

}  // namespace

Result<ModelInfo> inspect(const Model& model, const std::string& signature) {
  return guarded([&] { return info_of(model, signature); });
}

Result<ModelInfo> inspect_file(const std::string& path, const LoadOptions& options, const std::string& signature) {
  return guarded([&]() -> Result<ModelInfo> {
    NARROW_TRY(Model model, parse_model(path, options));
    auto const settled = settle_layers(model, options);
    if (!settled && (settled.error().kind == ErrorKind::bad_option || !check_structure(model)))
      return tl::unexpected<Error>(settled.error());
    NARROW_TRY(ModelInfo out, info_of(model, signature));
    if (!settled) out.contradiction = settled.error();
    return out;
  });
}

Result<std::vector<OpCoverage>> coverage(const std::string& path) {
  return guarded([&]() -> Result<std::vector<OpCoverage>> {
    NARROW_TRY(std::vector<FileOp> ops, list_ops(path));
    std::map<std::string, OpCoverage> types;
    for (FileOp& op : ops) {
      OpCoverage& type = types[op.type];
      ++type.count;
      if (!op.reason.empty()) type.unsupported.push_back({std::move(op.name), std::move(op.reason)});
    }
    std::vector<OpCoverage> out;
    for (auto& [op, type] : types) {
      type.op = op;
      out.push_back(std::move(type));
    }
    return out;
  });
}

Result<ModelSummary> summarize(const Model& model) {
  return guarded([&]() -> Result<ModelSummary> {
    Totals const sum = totals(model);
    const Graph& graph = model.main();
    return ModelSummary{.inputs = infos_of(graph, graph.inputs),
                        .outputs = infos_of(graph, graph.outputs),
                        .ops = sum.ops,
                        .macs = sum.macs,
                        .parameters = sum.parameters,
                        .bytes = model.file_bytes};
  });
}

}  // namespace narrow
