#include "cli/quantization_arguments.h"

#include <fmt/format.h>

#include "cli/data_arguments.h"
#include "cli/range_arguments.h"

namespace narrow {
namespace {

std::string range_help() {
  std::string out = "how ranges come from statistics:";
  for (RangeMethod const m : all<RangeMethod>())
    out += fmt::format("{} {}{}", m == all<RangeMethod>().front() ? "" : ",", to_string(m),
                       default_parameter(m) ? "[:P]" : "");
  return out;
}

}  // namespace

bool asks_anything(const QuantizationArguments& a) {
  const QuantizeRequest& r = a.request;
  bool const widths = r.granularity || r.weights || r.activations || r.bias || r.accumulator || r.rounding ||
                      r.scales || r.headroom || r.quality || r.weight_rounding;
  bool const ranges = !a.range.empty() || !a.act_max.empty() || r.labels.given() || r.on_nan != OnNan::stop;
  bool const samples = r.data.given() || !a.statistics.empty();
  return r.scheme || r.io || widths || ranges || samples || !a.keep_float.empty() || !r.recipe.empty() || r.allow_float;
}

void declare_quantization(Options& options, QuantizationArguments& a) {
  constexpr const char* kScheme = "the scheme's";
  QuantizeRequest& r = a.request;
  options.choice("--scheme", &r.scheme, "what becomes integer, and how wide", to_string(Scheme::int8));
  declare_data(options, r.data, false);
  declare_signature(options, r.signature, "--data is for the graph of this signature");
  options.texts("--statistics", "S.nstat", &a.statistics,
                "what `narrow calibrate` wrote, instead of --data; again for each signature");
  options.text("--range", "METHOD", &a.range, range_help().c_str(), "minmax, or what --quality best finds");
  options.choice("--on-nan", &r.on_nan, "what to do about values that are not finite, in samples and activations");
  options.text("--labels", "Y", &r.labels.path,
               "right answers, by which --range search chooses, and that a report counts", "output error");
  options.text("--act-max", "NAME=V,...", &a.act_max, "ranges by hand: values of NAME beyond +-V are clipped");
  options.choice("--granularity", &r.granularity, "a weight scale for each of these", kScheme);
  options.bits("--weights", {4, 6, 8, 16}, "", &r.weights, "bits of weights; 4: two in a byte, 6: in int8", kScheme);
  options.bits("--activations", {8, 16, kFloatActivations}, "float", &r.activations,
               "bits of activations, or float: as --scheme dynamic", kScheme);
  options.bits("--bias", {8, 16, 32, 64, kAutoBias}, "auto", &r.bias, "bits of biases; auto: as few as cost nothing",
               kScheme);
  options.bits("--accumulator", {32, 64}, "", &r.accumulator, "bits of sums; 32 is proved to fit", kScheme);
  options.choice("--rounding", &r.rounding, "how sums become results", kScheme);
  options.choice("--scales", &r.scales, "any, or powers of two with zero points 0", kScheme);
  options.number("--headroom", "F", &r.headroom, "16-bit activations reach F times what the samples do, 1 to 16",
                 "2 for int16 (or what --quality best finds), else 1");
  options.choice("--quality", &r.quality, "best: tries chains of ranges, scaling and rounding on samples held back",
                 "best with samples");
  options.count("--candidates", "N", &r.candidates, "the most chains that --quality best tries",
                std::to_string(kQualityCandidates));
  options.choice("--weight-rounding", &r.weight_rounding, "how weights become integers, instead of --quality best",
                 "by --quality");
  options.choice_among("--io", {DType::float32, DType::int8, DType::uint8, DType::int16}, &r.io,
                       "type of inputs and outputs", "the scheme's activation type");
  options.flag("--allow-float", &r.allow_float, "ops without an integer form stay float, each named");
  options.text("--keep-float", "REGEX", &a.keep_float, "ops whose name this (RE2 syntax) is found in stay float");
  options.text("--recipe", "R.toml", &r.recipe, "rules by name, op and role; the last match wins");
}

Status complete(QuantizationArguments& a) {
  for (const std::string& path : a.statistics) a.request.statistics.push_back({.path = path});
  if (!a.act_max.empty()) {
    NARROW_TRY(a.request.act_max, parse_act_max(a.act_max));
  }
  if (!a.keep_float.empty()) a.request.keep_float.push_back(a.keep_float);
  if (!a.range.empty()) {
    NARROW_TRY(a.request.range, parse_range_spec(a.range));
  }
  return {};
}

}  // namespace narrow
