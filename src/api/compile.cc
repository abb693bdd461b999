// compile of the public interface: so far the constants as headers.
#include "narrow/compile.h"

#include "base/guarded.h"
#include "ops/def/op_def.h"
#include "ops/def/totals.h"

namespace narrow {
namespace {

bool reads_float16(const Graph& graph, const Op& op) {
  int const x = op.inputs.empty() ? kNoTensor : op.inputs[0];
  return x != kNoTensor && graph.tensor(x).constant && graph.tensor(x).dtype == DType::float16;
}

/// Float data with integer weights, as Scheme::dynamic makes them.
bool is_hybrid(const Graph& graph, const Op& op) {
  bool const data = op.def && op.def->quant.versions.dynamic != 0 && op.inputs.size() > 1 && op.inputs[1] != kNoTensor;
  if (!data || op.outputs.empty()) return false;
  const Tensor& weights = graph.tensor(op.inputs[1]);
  return weights.constant && !weights.is_float() && graph.tensor(op.outputs[0]).dtype == DType::float32;
}

/// Models whose weights become floats when they run have no place in C without floats.
Status check_numbers(const Model& model) {
  for (const Graph& graph : model.graphs)
    for (size_t i = 0; i < graph.ops.size(); ++i) {
      bool const half = reads_float16(graph, graph.ops[i]);
      if (half || is_hybrid(graph, graph.ops[i]))
        return fail(ErrorKind::unsupported,
                    half ? "float16 weights have no integer C" : "float data with integer weights has no integer C",
                    op_label(graph, i) + ", " + model.source,
                    "quantize with `scheme=int8`; `export_constants(format=header)` writes the constants as they are");
    }
  return {};
}

}  // namespace

Result<CompileResult> compile(const Model& model, const CompileRequest& request) {
  return guarded([&]() -> Result<CompileResult> {
    if (!request.headers_only)
      return refuse("headers_only", "`headers_only` is missing: this version writes constants, not yet whole programs");
    NARROW_CHECK(check_numbers(model));
    ExportRequest constants;
    constants.folder = request.folder;
    constants.format = ExportFormat::header;
    constants.layout = request.layout;
    constants.style = request.style;
    constants.name = request.name;
    constants.cancel = request.cancel;
    NARROW_TRY(ExportResult written, export_constants(model, constants));
    CompileResult out;
    out.files = std::move(written.files);
    out.name = std::move(written.name);
    out.constants = written.constants;
    out.weight_bytes = written.bytes;
    out.macs = totals(model).macs;
    return out;
  });
}

}  // namespace narrow
