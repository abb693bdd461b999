#include "quantize/quantize.h"

#include "graph/edit.h"
#include "quantize/dynamic.h"
#include "quantize/float16.h"
#include "quantize/rewrite.h"

namespace narrow {
namespace {

std::vector<OpOutcome> outcomes(const Graph& graph, const std::vector<Decision>& decisions,
                                const std::vector<std::string>& notes) {
  std::vector<OpOutcome> out;
  for (size_t i = 0; i < decisions.size(); ++i) {
    const Op& op = graph.ops[i];
    std::string reason = decisions[i].reason;
    if (!notes[i].empty()) reason += "; " + notes[i];
    out.push_back({op_name(graph, op), op.type, decisions[i].quantized || decisions[i].untouched, std::move(reason)});
  }
  return out;
}

Result<QuantizedModel> quantize_integer(const Model& model, const RangeOf& range_of, const QuantizeOptions& options) {
  std::vector<Decision> const decisions = decide(model, options);
  if (!options.allow_float) NARROW_CHECK(require_integer(model, decisions));
  NARROW_TRY(Grids const grids, choose_grids(model, decisions, range_of, options.recipe));
  std::vector<std::string> notes;
  NARROW_TRY(Model quantized, rewrite(model, decisions, grids, options.recipe, notes));
  NARROW_CHECK(set_io(quantized, model, range_of, options.io.value_or(options.scheme->io)));
  drop_unused_tensors(quantized, 0);
  return QuantizedModel{std::move(quantized), outcomes(model.main(), decisions, notes)};
}

}  // namespace

Result<QuantizedModel> quantize(const Model& model, const RangeOf& range_of, const QuantizeOptions& options) {
  if (options.scheme->kind == SchemeKind::integer) return quantize_integer(model, range_of, options);
  if (options.io && *options.io != DType::float32)
    return fail(ErrorKind::bad_option,
                std::string("--io ") + to_string(*options.io) + " does not go with --scheme " + options.scheme->name,
                "", "its inputs and outputs are float32");
  return options.scheme->kind == SchemeKind::float16 ? quantize_float16(model, options)
                                                     : quantize_dynamic(model, options);
}

}  // namespace narrow
