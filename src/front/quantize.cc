// quantize of the public interface: simplify, calibrate where samples are given, choose ranges, rewrite.
#include "quantize/quantize.h"

#include "calibrate/calibrate.h"
#include "calibrate/nstat.h"
#include "graph/fingerprint.h"
#include "narrow/narrow.h"
#include "quantize/ranges.h"
#include "read/data/dataset.h"
#include "simplify/simplify.h"
#include "tflite/options_digest.h"

namespace narrow {
namespace {

Result<std::optional<DType>> io_type(const std::string& name) {
  if (name.empty()) return std::optional<DType>();
  for (DType t : {DType::float32, DType::int8, DType::uint8, DType::int16})
    if (name == to_string(t)) return std::optional<DType>(t);
  return fail(ErrorKind::bad_option, "--io does not take '" + name + "'", {}, "choose float32, int8, uint8 or int16");
}

Result<Granularity> granularity(const std::string& name) {
  if (name == "channel") return Granularity::channel;
  if (name == "tensor") return Granularity::tensor;
  return fail(ErrorKind::bad_option, "--granularity does not take '" + name + "'", {}, "choose channel or tensor");
}

Result<QuantizeOptions> options_of(const QuantizeRequest& request) {
  QuantizeOptions out;
  out.scheme = find_scheme(request.scheme);
  if (!out.scheme) return fail(ErrorKind::bad_option, "--scheme does not take '" + request.scheme + "'");
  out.recipe = recipe_of(*out.scheme);
  out.recipe.base.range = request.range;
  NARROW_TRY(out.recipe.base.granularity, granularity(request.granularity));
  for (const std::string& pattern : request.keep_float) {
    NARROW_TRY(Rule rule, keep_float_rule(pattern));
    out.recipe.rules.push_back(std::move(rule));
  }
  if (!request.recipe.empty()) NARROW_CHECK(read_rules(request.recipe, out.recipe));
  NARROW_TRY(out.io, io_type(request.io));
  out.allow_float = request.allow_float;
  out.explain = request.explain;
  return out;
}

/// What the range methods of a recipe need statistics to hold.
struct Needs {
  bool histograms = false;
  bool per_sample = false;
};

Result<Needs> needs_of(const Recipe& recipe) {
  Needs needs;
  auto add = [&](const std::string& text) -> Status {
    NARROW_TRY(RangeChoice const choice, parse_range(text));
    needs.histograms |= choice.method->histograms;
    needs.per_sample |= choice.method->per_sample;
    return {};
  };
  NARROW_CHECK(add(recipe.base.range));
  for (const Rule& rule : recipe.rules)
    if (rule.set.range) NARROW_CHECK(add(*rule.set.range));
  return needs;
}

Result<Statistics> run_calibration(const ModelPtr& model, const QuantizeRequest& request, const Needs& needs) {
  const DataSource& source = request.data;
  DataOptions meaning;
  meaning.scale = source.scale;
  meaning.offset = source.offset;
  NARROW_TRY(auto data, open_dataset(source.path, input_specs(*model), meaning));
  CalibrateOptions how;
  how.attributes = options_digest(*model);
  how.samples = source.samples.value_or(-1);
  how.threads = request.threads;
  how.histograms = needs.histograms;
  how.per_sample = needs.per_sample;
  how.progress = request.progress;
  return calibrate(model, *data, how);
}

Result<Statistics> load_statistics(const Model& model, const std::string& path, const Needs& needs) {
  NARROW_TRY(Statistics s, read_statistics(path));
  if (s.kind.model != fingerprint(model, options_digest(model)))
    return fail(ErrorKind::bad_data, "the statistics are of another model", path, "calibrate this one");
  if ((needs.histograms && !s.kind.histograms) || (needs.per_sample && !s.kind.per_sample))
    return fail(ErrorKind::bad_data, "the statistics do not hold what this --range needs", path,
                needs.per_sample ? "calibrate with --per-sample" : "calibrate without --minmax-only");
  return s;
}

Result<Statistics> statistics_for(const ModelPtr& model, const QuantizeRequest& request, const Recipe& recipe) {
  bool const data = !request.data.path.empty(), file = !request.statistics.empty();
  if (data && file)
    return fail(ErrorKind::bad_option, "--data and --statistics do not go together", "command line",
                "give one of them");
  if (!data && !file)
    return fail(ErrorKind::bad_option, "--scheme " + request.scheme + " needs representative samples", "command line",
                "give --data or --statistics");
  NARROW_TRY(Needs const needs, needs_of(recipe));
  return data ? run_calibration(model, request, needs) : load_statistics(*model, request.statistics, needs);
}

RangeOf ranges_of(const Model& model, const Statistics& statistics) {
  return [&](TensorRef t, const std::string& method, int bits) -> Result<Range> {
    NARROW_TRY(RangeChoice const choice, parse_range(method));
    const TensorStatistics* const known = statistics.find(t);
    if (!known || known->empty())
      return fail(ErrorKind::bad_data, "calibration saw no values",
                  tensor_label(model.graphs[static_cast<size_t>(t.graph)], t.tensor));
    return choice.range(*known, {.bits = bits, .symmetric = bits > 8});
  };
}

OpReport report_of(OpOutcome&& op) {
  return {std::move(op.name), std::move(op.op), op.quantized, std::move(op.reason), op.graph};
}

Explanation explanation_of(OpExplanation&& e) {
  Explanation out{report_of(std::move(e.outcome)), e.index, {}, std::move(e.kernel)};
  for (OperandExplanation& o : e.operands) {
    OperandReport report{std::move(o.role),   std::move(o.name),  std::move(o.dtype), o.scales,
                         o.smallest_scale,    o.largest_scale,    o.zero_point,       std::nullopt,
                         std::move(o.method), std::move(o.origin)};
    if (o.range) report.range = {o.range->lo, o.range->hi};
    out.operands.push_back(std::move(report));
  }
  return out;
}

/// Whether any graph computes with floats; a model without them needs no ranges.
bool computes_floats(const Model& model) {
  for (const Graph& graph : model.graphs)
    for (const Tensor& t : graph.tensors)
      if (t.dtype == DType::float32 && !t.constant) return true;
  return false;
}

}  // namespace

Result<QuantizeResult> quantize(const ModelPtr& model, const QuantizeRequest& request) {
  NARROW_TRY(QuantizeOptions const options, options_of(request));
  NARROW_TRY(Model simplified, simplify(*model));
  auto const source = std::make_shared<const Model>(std::move(simplified));
  Statistics statistics;
  if (options.scheme->kind == SchemeKind::integer && computes_floats(*source)) {
    NARROW_TRY(statistics, statistics_for(source, request, options.recipe));
  }
  NARROW_TRY(QuantizedModel done, quantize(*source, ranges_of(*source, statistics), options));
  QuantizeResult out;
  out.model = std::make_shared<const Model>(std::move(done.model));
  for (OpOutcome& op : done.ops) out.ops.push_back(report_of(std::move(op)));
  for (OpExplanation& e : done.explanations) out.explanations.push_back(explanation_of(std::move(e)));
  out.samples = statistics.samples.count();
  return out;
}

}  // namespace narrow
