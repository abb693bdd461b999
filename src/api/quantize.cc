// quantize of the public interface: simplify, know ranges, rewrite, remove dead channels.
#include "quantize/quantize.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "api/data_warnings.h"
#include "api/given.h"
#include "api/left_out_note.h"
#include "api/quality.h"
#include "api/searched_model.h"
#include "api/sized_for_data.h"
#include "base/cancel.h"
#include "base/guarded.h"
#include "graph/entry.h"
#include "narrow/quantize.h"
#include "ops/build/inside_values.h"
#include "quantize/ranges/range_method.h"
#include "quantize/recipe/layer_widths.h"
#include "quantize/schemes/as_float.h"
#include "quantize/schemes/integer_model.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

/// "percentile:99.9", as recipes have it.
std::string range_text(const RangeSpec& range) {
  std::string out = to_string(range.method);
  if (range.always) out += ":always";
  if (!range.parameter) return out;
  std::array<char, 32> digits{};
  auto const end = std::to_chars(digits.begin(), digits.end(), *range.parameter).ptr;
  return out + ":" + std::string(digits.data(), end);
}

/// A field with its value, as messages have it.
std::string said(const std::string& field, const std::string& value) {
  return "`" + field + "=" + value + "`";
}

std::string bits_text(int bits, const char* zero) {
  return bits == 0 ? zero : std::to_string(bits);
}

/// Refuses widths that a field cannot have; `zero` is what 0 stands for.
Status check_bits(const char* field, std::optional<int> bits, std::initializer_list<int> allowed,
                  const char* zero = "0") {
  if (!bits || std::find(allowed.begin(), allowed.end(), *bits) != allowed.end()) return {};
  std::string choices;
  for (int const n : allowed) choices += (choices.empty() ? "" : ", ") + bits_text(n, zero);
  return refuse(field, "`" + std::string(field) + "` does not take '" + std::to_string(*bits) + "'",
                "choose " + choices);
}

Status check_values(const QuantizeRequest& r) {
  NARROW_CHECK(check_bits("weights", r.weights, {4, 6, 8, 16}));
  NARROW_CHECK(check_bits("activations", r.activations, {8, 16, kFloatActivations}, "float"));
  NARROW_CHECK(check_bits("bias", r.bias, {8, 16, 32, 64, kAutoBias}, "auto"));
  NARROW_CHECK(check_bits("accumulator", r.accumulator, {32, 64}));
  if (r.headroom && !(*r.headroom >= 1 && *r.headroom <= kMostHeadroom))
    return refuse("headroom", fmt::format("`headroom` does not take '{:g}'", *r.headroom),
                  "choose a factor from 1 to 16");
  constexpr std::array kIo{DType::float32, DType::int8, DType::uint8, DType::int16};
  if (r.io && std::find(kIo.begin(), kIo.end(), *r.io) == kIo.end())
    return refuse("io", std::string("`io` does not take '") + to_string(*r.io) + "'",
                  "choose float32, int8, uint8 or int16");
  return {};
}

/// The fields of a request that set how layers compute, as far as they are given: name and value.
std::vector<std::pair<std::string, std::string>> given_widths(const QuantizeRequest& r) {
  std::vector<std::pair<std::string, std::string>> out;
  if (r.weights) out.emplace_back("weights", std::to_string(*r.weights));
  if (r.activations) out.emplace_back("activations", bits_text(*r.activations, "float"));
  if (r.bias) out.emplace_back("bias", bits_text(*r.bias, "auto"));
  if (r.accumulator) out.emplace_back("accumulator", std::to_string(*r.accumulator));
  if (r.rounding) out.emplace_back("rounding", to_string(*r.rounding));
  if (r.scales) out.emplace_back("scales", to_string(*r.scales));
  if (r.headroom) out.emplace_back("headroom", fmt::format("{:g}", *r.headroom));
  return out;
}

/// The scheme that is asked for: float activations beside 8-bit weights are the dynamic one.
Result<Scheme> scheme_of(const QuantizeRequest& r) {
  Scheme const given = r.scheme.value_or(Scheme::int8);
  const SchemeDef& scheme = *find_scheme(to_string(given));
  if (r.activations != kFloatActivations || scheme.kind != SchemeKind::integer) return given;
  auto clash = [](const std::string& field, const std::string& value, const char* remedy) {
    return refuse(field, said(field, value) + " does not go with `activations=float`", remedy);
  };
  constexpr const char* kRemedy = "choose 8-bit weights (`scheme=int8`), or float16 ones (`scheme=float16`)";
  if (r.weights == 16) return clash("weights", "16", kRemedy);
  if (scheme.power_of_two || (!r.weights && scheme.weight_bits == 16))
    return clash("scheme", to_string(given), kRemedy);
  for (auto const& [field, value] : given_widths(r))
    if (field != "weights" && field != "activations")
      return clash(field, value, "leave it out: sums and biases are float");
  return Scheme::dynamic;
}

/// The widths that a request asks for over those of the scheme.
void set_widths(Settings& s, const QuantizeRequest& r) {
  s.weights = r.weights.value_or(s.weights);
  if (r.activations != kFloatActivations) s.activations = r.activations.value_or(s.activations);
  s.bias = r.bias;
  s.accumulator = r.accumulator;
  s.rounding = r.rounding;
  s.headroom = r.headroom.value_or(s.headroom);
  if (r.scales) s.power_of_two = *r.scales == Scales::pow2;
  if (r.granularity) s.granularity = *r.granularity;
}

/// Fields that do not go with the scheme, or with each other.
Status check_widths(const SchemeDef& scheme, const Settings& s, const QuantizeRequest& r) {
  std::string const named = " does not go with " + said("scheme", scheme.name);
  auto clash = [&](const std::string& field, const std::string& value, const std::string& remedy) {
    return refuse(field, said(field, value) + named, remedy);
  };
  if (scheme.kind != SchemeKind::integer) {
    auto says_what_is_so = [&](const std::string& field, const std::string& value) {
      return (field == "activations" && value == "float") ||
             (field == "weights" && value == "8" && scheme.kind == SchemeKind::dynamic);
    };
    for (auto const& [field, value] : given_widths(r))
      if (!says_what_is_so(field, value))
        return refuse(field, "`" + field + "`" + named, "its activations are float; choose an integer scheme");
    return {};
  }
  if (scheme.power_of_two && !s.power_of_two) return clash("scales", "any", "choose `scheme=int8` or `scheme=int16`");
  if (scheme.power_of_two && s.bias == 64) return clash("bias", "64", "choose 8, 16 or 32");
  if (scheme.power_of_two && s.activations != scheme.activation_bits)
    return clash("activations", std::to_string(s.activations), s.activations == 8 ? "choose q7" : "choose q15");
  if (r.headroom && s.activations != 16 && r.recipe.empty())
    return refuse("headroom", "`headroom` widens 16-bit activations, and these have 8 bits", "leave it out");
  if (std::string const why = conflict(layer_widths(s, s.activations)); !why.empty()) return refuse("", why);
  return {};
}

/// Refuses headroom of a recipe where no rule leads to 16-bit activations.
Status check_headroom(const Recipe& recipe) {
  constexpr int kWide = 16;
  auto const wide = [](const Rule& r) { return r.set.activations.value_or(0) == kWide; };
  if (recipe.base.activations == kWide || std::ranges::any_of(recipe.rules, wide)) return {};
  auto const refused = [](const std::string& source) {
    return fail(ErrorKind::bad_option, "'headroom' widens 16-bit activations, and there are none", source,
                "leave it out");
  };
  if (recipe.steps && recipe.steps->headroom && !recipe.steps->wide_outputs) return refused(recipe.steps->source);
  for (const Rule& r : recipe.rules)
    if (r.set.headroom) return refused(r.source);
  return {};
}

/// The type of inputs and outputs that goes with activations of a width.
DType io_of(const SchemeDef& scheme, const Settings& s) {
  return s.activations == scheme.activation_bits || scheme.kind != SchemeKind::integer ? scheme.io
                                                                                       : activation_type(s.activations);
}

Result<QuantizeOptions> options_of(const QuantizeRequest& request) {
  QuantizeOptions out;
  NARROW_CHECK(check_values(request));
  NARROW_TRY(Scheme const scheme, scheme_of(request));
  out.scheme = find_scheme(to_string(scheme));
  out.recipe = recipe_of(*out.scheme);
  out.recipe.base.range = range_text(request.range.value_or(RangeSpec{}));
  set_widths(out.recipe.base, request);
  NARROW_CHECK(check_widths(*out.scheme, out.recipe.base, request));
  for (const std::string& pattern : request.keep_float) {
    NARROW_TRY(Rule rule, keep_float_rule(pattern));
    out.recipe.rules.push_back(std::move(rule));
  }
  if (!request.recipe.empty()) NARROW_CHECK(read_rules(request.recipe, out.recipe));
  NARROW_CHECK(check_headroom(out.recipe));
  out.io = request.io.value_or(io_of(*out.scheme, out.recipe.base));
  out.io_given = request.io.has_value();
  out.allow_float = request.allow_float;
  out.explain = request.explain;
  return out;
}

OpReport report_of(OpOutcome&& op) {
  return {std::move(op.name), std::move(op.op), op.quantized, std::move(op.reason), op.graph, std::move(op.form)};
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
                tensor_label(model->graphs[static_cast<size_t>(t.graph)], t.tensor), "give `data`");
  };
}

/// The model with free dimensions as large as in the samples, where there are some.
Result<ModelPtr> sized_for_request(const ModelPtr& model, const QuantizeRequest& request) {
  if (!request.data.given()) return model;
  auto const entry = entry_graph(*model, request.signature);
  return entry ? sized_for(model, request.data, *entry) : model;  // what is wrong with it, `know_ranges` says
}

/// What a request says of the result; `scheme` counts where it was given.
Asked asked_of(const QuantizeRequest& r, const QuantizeOptions& options) {
  const Settings& s = options.recipe.base;
  bool const integer = options.scheme->kind == SchemeKind::integer;
  Asked out;
  if (!integer)
    out.activations = 0;
  else if (r.scheme || r.activations)
    out.activations = s.activations;
  if (integer && (r.scheme || r.scales)) out.power_of_two = s.power_of_two;
  if (r.scheme || r.weights) out.weights = s.weights;
  out.granularity = r.granularity;
  out.accumulator = r.accumulator;
  out.rounding = r.rounding;
  return out;
}

bool has_samples(const QuantizeRequest& r) {
  return r.data.given() || !r.statistics.empty();
}

/// Refuses fields that set ranges of samples where there are none.
Status check_without_samples(const QuantizeRequest& r) {
  auto no_use = [](const std::string& field) {
    return refuse(field, "`" + field + "` has nothing to set: the model is integer already, and there are no samples",
                  "give `data`, or leave it out");
  };
  if (r.range && r.range->method != RangeMethod::minmax) return no_use("range");
  if (r.labels.given()) return no_use("labels");
  if (!r.act_max.empty()) return no_use("act_max");
  if (!r.signature.empty()) return no_use("signature");
  return {};
}

/// A model to quantize: the given one, or the float one that its integers stand for.
struct Source {
  std::shared_ptr<const Model> model;
  RangeOf ranges;  // where the integers of a model that was made float say all that is known
  std::vector<std::string> warnings;
  bool keeps_integers = false;  // the model is integer already, and its layers stay as they are
};

Result<Source> remade(std::shared_ptr<const Model> model, const IntegerModel& form, const std::string& field,
                      const QuantizeRequest& request) {
  auto made = as_float(*model);
  if (!made) return pass(std::move(made), "`" + field + "` asks for other integers than the model's, " + model->source);
  Source out{std::make_shared<const Model>(std::move(made->model)), {}, {}, false};
  if (!has_samples(request)) {
    NARROW_CHECK(check_without_samples(request));
    out.ranges = ranges_of(std::move(made->ranges), out.model);
  }
  out.warnings.push_back("the model was integer already: what its " + std::string(form.words ? "16" : "8") +
                         " bits have lost stays lost; quantize the float model if there is one");
  return out;
}

/// The model to quantize, of one that may be integer already.
Result<Source> source_of(const Model& given, const QuantizeRequest& request, const QuantizeOptions& options) {
  NARROW_TRY(Model simplified, simplify(given));
  forget_four_bits(simplified);
  auto const model = std::make_shared<const Model>(with_inside_values(std::move(simplified)));
  auto const form = integer_model(*model);
  if (!form) return Source{model, {}, {}, false};
  std::string field = unmet(*model, *form, asked_of(request, options));
  bool const by_scheme = (field == "activations" && !request.activations) || (field == "scales" && !request.scales) ||
                         (field == "weights" && !request.weights);
  if (by_scheme) field = "scheme";
  if (!field.empty()) return remade(model, *form, field, request);
  if (!request.keep_float.empty())
    return refuse("keep_float", "`keep_float` has nothing to keep: the model is integer already",
                  "quantize the float model");
  Source out{model, {}, {}, true};
  if (!has_samples(request)) {
    NARROW_CHECK(check_without_samples(request));
    out.ranges = ranges_of({}, model);
  } else if (!form->float_borders) {
    out.warnings.emplace_back(
        "the samples are not used: the model is integer already, and nothing asked for needs them");
  }
  return out;
}

Result<QuantizeResult> carry_out(const ModelPtr& model, const QuantizeRequest& request) {
  NARROW_TRY(QuantizeOptions options, options_of(request));
  NARROW_TRY(ModelPtr const sized, sized_for_request(model, request));
  NARROW_TRY(Source given, source_of(*sized, request, options));
  auto const source = given.model;
  const RangeOf& of_grids = given.ranges;
  QuantizeResult out;
  out.scheme = *parse<Scheme>(options.scheme->name);
  out.warnings = std::move(given.warnings);
  bool const sizes_only = sized != model;  // of free dimensions
  if (has_samples(request) && !sizes_only && options.scheme->kind != SchemeKind::integer)
    out.warnings.push_back("the samples are not used: " + said("scheme", options.scheme->name) + " needs none");
  KnownRanges ranges;
  QuantizedModel done;
  NARROW_TRY(auto const way, quality_way(*source, request, options, given.keeps_integers || of_grids));
  if (way) {
    NARROW_TRY(ByQuality made, quantize_by(*way, source, request, options));
    ranges = std::move(made.ranges);
    out.prepared = std::move(made.model);
    done = std::move(made.quantized);
    out.quality = std::move(made.report);
    out.notes = std::move(made.notes);
    out.scaled = std::move(made.scaled);
  } else {
    if (of_grids && options.scheme->kind == SchemeKind::integer) {
      ranges.entries = entry_graphs(*source);
    } else {
      NARROW_TRY(ranges, know_ranges(source, request, options));
    }
    options.entries = ranges.entries;
    options.moments = &ranges.moments;
    if (ranges.search) {
      NARROW_TRY(SearchedModel searched, quantize_searched(source, request, options, ranges));
      out.search = std::move(searched.report);
      done = std::move(searched.quantized);
    } else {
      NARROW_TRY(done, quantize(*source, of_grids ? of_grids : ranges.range_of(*source), options));
    }
  }
  if (!given.keeps_integers) {
    Totals const before = totals(done.model);
    Model all_channels = done.model;
    NARROW_TRY(done.model, remove_dead_channels(std::move(done.model)));
    if (std::string note = left_out_note(before, totals(done.model)); !note.empty()) {
      out.notes.push_back(std::move(note));
      out.with_all_channels = std::make_shared<const Model>(std::move(all_channels));
    }
  }
  pack_weights(done.model);
  if (!given.keeps_integers && !out.prepared) out.prepared = source;
  out.model = std::make_shared<const Model>(std::move(done.model));
  for (OpOutcome& op : done.ops) out.ops.push_back(report_of(std::move(op)));
  for (std::string& w : done.warnings) out.warnings.push_back(std::move(w));
  for (OpExplanation& e : done.explanations) out.explanations.push_back(explanation_of(std::move(e)));
  for (int g : entry_graphs(*source))
    if (std::find(ranges.entries.begin(), ranges.entries.end(), g) == ranges.entries.end())
      out.warnings.push_back(entry_label(*source, g) + " stays float: there are no samples of it");
  out.samples = ranges.samples;
  if (ranges.samples > 0 && request.data.given()) {
    NARROW_TRY(auto const odd, data_warnings(*source, ranges.entered, request.data));
    out.warnings.insert(out.warnings.end(), odd.begin(), odd.end());
  }
  return out;
}

}  // namespace

Result<QuantizeResult> quantize(const ModelPtr& model, const QuantizeRequest& request) {
  CancelScope const scope(request.cancel);
  return guarded([&]() -> Result<QuantizeResult> {
    NARROW_CHECK(check_given(model));
    return carry_out(model, request);
  });
}

Result<RangeSpec> parse_range_spec(const std::string& text) {
  return guarded([&]() -> Result<RangeSpec> {
    NARROW_TRY(RangeChoice const choice, parse_range(text));
    RangeSpec out{*parse<RangeMethod>(choice.method->name), std::nullopt};
    if (choice.parameter != choice.method->parameter) out.parameter = choice.parameter;
    out.always = choice.always;
    return out;
  });
}

std::optional<double> default_parameter(RangeMethod method) {
  for (const RangeMethodDef& m : all_range_methods())
    if (std::string_view(m.name) == to_string(method) && m.parameter > 0) return m.parameter;
  return std::nullopt;
}

}  // namespace narrow
