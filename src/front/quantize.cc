// quantize of the public interface: simplify, know ranges, rewrite.
#include "quantize/quantize.h"

#include <algorithm>

#include "front/searched_model.h"
#include "graph/entry.h"
#include "narrow/narrow.h"
#include "simplify/simplify.h"

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

}  // namespace

Result<QuantizeResult> quantize(const ModelPtr& model, const QuantizeRequest& request) {
  NARROW_TRY(QuantizeOptions options, options_of(request));
  NARROW_TRY(Model simplified, simplify(*model));
  auto const source = std::make_shared<const Model>(std::move(simplified));
  NARROW_TRY(KnownRanges const ranges, know_ranges(source, request, options));
  options.entries = ranges.entries;
  QuantizeResult out;
  QuantizedModel done;
  if (ranges.search) {
    NARROW_TRY(SearchedModel searched, quantize_searched(source, request, options, ranges));
    out.search = std::move(searched.report);
    done = std::move(searched.quantized);
  } else {
    NARROW_TRY(done, quantize(*source, ranges.range_of(*source), options));
  }
  out.model = std::make_shared<const Model>(std::move(done.model));
  for (OpOutcome& op : done.ops) out.ops.push_back(report_of(std::move(op)));
  for (OpExplanation& e : done.explanations) out.explanations.push_back(explanation_of(std::move(e)));
  for (int g : entry_graphs(*source))
    if (std::find(ranges.entries.begin(), ranges.entries.end(), g) == ranges.entries.end())
      out.warnings.push_back(entry_label(*source, g) + " stays float: there are no samples of it");
  out.samples = ranges.samples;
  return out;
}

}  // namespace narrow
