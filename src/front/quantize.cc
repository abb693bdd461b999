// quantize of the public interface: simplify, know ranges, rewrite.
#include "quantize/quantize.h"

#include <algorithm>

#include "base/guarded.h"
#include "front/searched_model.h"
#include "graph/entry.h"
#include "narrow/narrow.h"
#include "quantize/recipe/layer_widths.h"
#include "quantize/schemes/as_float.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

Result<std::optional<DType>> io_type(const std::string& name) {
  if (name.empty()) return std::optional<DType>();
  for (DType t : {DType::float32, DType::int8, DType::uint8, DType::int16})
    if (name == to_string(t)) return std::optional<DType>(t);
  return fail(ErrorKind::bad_option, "--io does not take '" + name + "'", {}, "choose float32, int8, uint8 or int16");
}

tl::unexpected<Error> refused(const char* option, const std::string& value, const char* choices) {
  return fail(ErrorKind::bad_option, std::string(option) + " does not take '" + value + "'", {},
              std::string("choose ") + choices);
}

Result<std::optional<int>> width(const char* option, const std::string& text, std::initializer_list<int> allowed,
                                 const char* choices) {
  if (text.empty()) return std::optional<int>();
  for (int bits : allowed)
    if (text == (bits == kAutoBias ? "auto" : std::to_string(bits))) return std::optional<int>(bits);
  return refused(option, text, choices);
}

constexpr const char* kFloatActivations = "float";

/// The scheme that is asked for: float activations beside 8-bit weights are the dynamic one.
Result<const Scheme*> scheme_of(const QuantizeRequest& r) {
  const Scheme* const scheme = find_scheme(r.scheme);
  if (!scheme) return fail(ErrorKind::bad_option, "--scheme does not take '" + r.scheme + "'");
  if (r.activations != kFloatActivations || scheme->kind != SchemeKind::integer) return scheme;
  auto clash = [](const std::string& option, const char* remedy) {
    return fail(ErrorKind::bad_option, option + " does not go with --activations float", {}, remedy);
  };
  constexpr const char* kRemedy = "choose 8-bit weights (--scheme int8), or float16 ones (--scheme float16)";
  if (r.weights == "16") return clash("--weights 16", kRemedy);
  if (scheme->power_of_two || (r.weights.empty() && scheme->weight_bits == 16))
    return clash("--scheme " + r.scheme, kRemedy);
  for (auto const& [option, value] : {std::pair{"--bias", &r.bias},
                                      {"--accumulator", &r.accumulator},
                                      {"--rounding", &r.rounding},
                                      {"--scales", &r.scales}})
    if (!value->empty()) return clash(std::string(option) + " " + *value, "leave it out: sums and biases are float");
  return find_scheme("dynamic");
}

/// The widths a user asks for over those of the scheme.
Status set_widths(Settings& s, const QuantizeRequest& r) {
  NARROW_TRY(auto const weights, width("--weights", r.weights, {8, 16}, "8 or 16"));
  std::string const bits = r.activations == kFloatActivations ? "" : r.activations;
  NARROW_TRY(auto const activations, width("--activations", bits, {8, 16}, "8, 16 or float"));
  NARROW_TRY(s.bias, width("--bias", r.bias, {8, 16, 32, 64, kAutoBias}, "8, 16, 32, 64 or auto"));
  NARROW_TRY(s.accumulator, width("--accumulator", r.accumulator, {32, 64}, "32 or 64"));
  s.weights = weights.value_or(s.weights);
  s.activations = activations.value_or(s.activations);
  if (!r.rounding.empty()) {
    s.rounding = rounding_rule(r.rounding);
    if (!s.rounding) return refused("--rounding", r.rounding, "double, half-up, truncate, half-even or half-away");
  }
  if (!r.scales.empty() && r.scales != "any" && r.scales != "pow2") return refused("--scales", r.scales, "any or pow2");
  if (!r.scales.empty()) s.power_of_two = r.scales == "pow2";
  if (!r.granularity.empty() && r.granularity != "channel" && r.granularity != "tensor")
    return refused("--granularity", r.granularity, "channel or tensor");
  if (!r.granularity.empty()) s.granularity = r.granularity == "channel" ? Granularity::channel : Granularity::tensor;
  return {};
}

/// Options that do not go with the scheme, or with each other.
Status check_widths(const Scheme& scheme, const Settings& s, const QuantizeRequest& r) {
  std::string const named = std::string(" does not go with --scheme ") + scheme.name;
  auto clash = [&](const std::string& option, const char* remedy) {
    return fail(ErrorKind::bad_option, option + named, {}, remedy);
  };
  if (scheme.kind != SchemeKind::integer) {
    auto says_what_is_so = [&](const std::string& option, const std::string& value) {
      return (option == "--activations" && value == kFloatActivations) ||
             (option == "--weights" && value == "8" && scheme.kind == SchemeKind::dynamic);
    };
    for (auto const& [option, value] : {std::pair{"--weights", &r.weights},
                                        {"--activations", &r.activations},
                                        {"--bias", &r.bias},
                                        {"--accumulator", &r.accumulator},
                                        {"--rounding", &r.rounding},
                                        {"--scales", &r.scales}})
      if (!value->empty() && !says_what_is_so(option, *value))
        return clash(option, "its activations are float; choose an integer scheme");
    return {};
  }
  if (scheme.power_of_two && !s.power_of_two) return clash("--scales any", "choose --scheme int8 or int16");
  if (scheme.power_of_two && s.bias == 64) return clash("--bias 64", "choose 8, 16 or 32");
  if (scheme.power_of_two && s.activations != scheme.activation_bits)
    return clash("--activations " + std::to_string(s.activations), s.activations == 8 ? "choose q7" : "choose q15");
  if (std::string const why = conflict(layer_widths(s, s.activations)); !why.empty())
    return fail(ErrorKind::bad_option, why);
  return {};
}

/// The type of inputs and outputs that goes with activations of a width.
DType io_of(const Scheme& scheme, const Settings& s) {
  return s.activations == scheme.activation_bits || scheme.kind != SchemeKind::integer ? scheme.io
                                                                                       : activation_type(s.activations);
}

Result<QuantizeOptions> options_of(const QuantizeRequest& request) {
  QuantizeOptions out;
  NARROW_TRY(out.scheme, scheme_of(request));
  out.recipe = recipe_of(*out.scheme);
  out.recipe.base.range = request.range;
  NARROW_CHECK(set_widths(out.recipe.base, request));
  NARROW_CHECK(check_widths(*out.scheme, out.recipe.base, request));
  for (const std::string& pattern : request.keep_float) {
    NARROW_TRY(Rule rule, keep_float_rule(pattern));
    out.recipe.rules.push_back(std::move(rule));
  }
  if (!request.recipe.empty()) NARROW_CHECK(read_rules(request.recipe, out.recipe));
  NARROW_TRY(out.io, io_type(request.io));
  if (!out.io) out.io = io_of(*out.scheme, out.recipe.base);
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

/// The ranges that a model's tensors had as integers.
RangeOf ranges_of(std::map<TensorRef, Range> ranges, std::shared_ptr<const Model> model) {
  return [ranges = std::move(ranges), model](TensorRef t, const std::string&, int) -> Result<Range> {
    auto const at = ranges.find(t);
    if (at != ranges.end()) return at->second;
    return fail(ErrorKind::bad_data, "the model does not say what it reaches",
                tensor_label(model->graphs[static_cast<size_t>(t.graph)], t.tensor), "give --data");
  };
}

Result<QuantizeResult> carry_out(const ModelPtr& model, const QuantizeRequest& request) {
  NARROW_TRY(QuantizeOptions options, options_of(request));
  NARROW_TRY(Model simplified, simplify(*model));
  auto source = std::make_shared<const Model>(std::move(simplified));
  QuantizeResult out;
  out.scheme = options.scheme->name;
  RangeOf of_grids;  // where a model's own integers say all that there is to know
  if (options.scheme->kind == SchemeKind::integer && options.recipe.base.activations == 16 &&
      computes_in_8_bits(*source)) {
    NARROW_TRY(FloatModel widened, as_float(*source));
    source = std::make_shared<const Model>(std::move(widened.model));
    if (request.data.path.empty() && request.statistics.empty())
      of_grids = ranges_of(std::move(widened.ranges), source);
    out.warnings.emplace_back(
        "the model was integer already: what its 8 bits have lost stays lost; quantize the float model if there is "
        "one");
  }
  KnownRanges ranges;
  if (of_grids) {
    ranges.entries = entry_graphs(*source);
  } else {
    NARROW_TRY(ranges, know_ranges(source, request, options));
  }
  options.entries = ranges.entries;
  options.moments = &ranges.moments;
  QuantizedModel done;
  if (ranges.search) {
    NARROW_TRY(SearchedModel searched, quantize_searched(source, request, options, ranges));
    out.search = std::move(searched.report);
    done = std::move(searched.quantized);
  } else {
    NARROW_TRY(done, quantize(*source, of_grids ? of_grids : ranges.range_of(*source), options));
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

}  // namespace

Result<QuantizeResult> quantize(const ModelPtr& model, const QuantizeRequest& request) {
  return guarded([&] { return carry_out(model, request); });
}

}  // namespace narrow
