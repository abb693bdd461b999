#include "narrow/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/file.h"
#include "cli/byte_count.h"
#include "cli/chart_svg.h"
#include "cli/command.h"
#include "cli/cost.h"
#include "cli/data_arguments.h"
#include "cli/decibels.h"
#include "cli/drop_argument.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/option_names.h"
#include "cli/progress_bar.h"
#include "cli/shell_word.h"
#include "cli/table.h"
#include "cli/talk.h"

namespace narrow {
namespace {

struct FitArguments {
  std::string model, output, flash, ram, max_drop, chart;
  FitRequest request;
  ModelArguments dimensions;
  bool json = false;
};

void declare(Options& options, FitArguments& a) {
  options.positional("MODEL", &a.model, "a float model");
  options.required_text("-o", "R.toml", &a.output, "where the recipe goes");
  declare_data(options, a.request.data, true);
  options.text("--test", "T", &a.request.test.path, "other samples, on which drops are measured",
               "one in two of --data, held back");
  options.text("--labels", "Y", &a.request.labels.path, "right answers, of --test where that is given, else of --data");
  options.text("--max-drop", "D", &a.max_drop,
               "how much may be lost: points of top-1 below the float model, as 1%, with --labels; or dB below 8 bits "
               "everywhere, as 3dB; a number alone is points with --labels, else dB",
               "1% with --labels, else 6dB");
  options.text("--flash", "N", &a.flash, "bytes that code and constants may take: 65536 or 64k", "no limit");
  options.text("--ram", "N", &a.ram, "bytes that arena, state and stack may take", "no limit");
  options.count("--macs", "N", &a.request.macs, "multiply-accumulates that an inference may take", "no limit");
  options.choice_among("--io", {DType::float32, DType::int8, DType::uint8, DType::int16}, &a.request.io,
                       "type of inputs and outputs", "int8");
  declare_signature(options, a.request.signature, "--data is for the graph of this signature");
  options.text("--chart", "F.svg", &a.chart, "draw what is lost against bytes of weights here");
  options.threads(&a.request.threads);
  declare_dimensions(options, a.dimensions);
  options.wide();
  options.flag("--json", &a.json, "one JSON object instead of text");
}

Status complete(FitArguments& a) {
  NARROW_TRY(a.request.max_drop, drop_argument(a.max_drop, a.request.labels.given()));
  NARROW_TRY(a.request.flash, byte_count("--flash", a.flash));
  NARROW_TRY(a.request.ram, byte_count("--ram", a.ram));
  a.request.test.scale = a.request.data.scale;
  a.request.test.offset = a.request.data.offset;
  a.request.test.is_quantized = a.request.data.is_quantized;
  if (a.chart.empty() || a.chart.ends_with(".svg")) return {};
  return fail(ErrorKind::bad_option, fmt::format("--chart does not write '{}'", a.chart), "command line",
              "give a name that ends in .svg");
}

const char* unit_of(const FitResult& result) {
  return result.max_drop.unit == MostDrop::Unit::points ? "points" : "dB";
}

void write_trial(JsonWriter& out, const FitTrial& t) {
  out.begin_object()
      .member("weight_bytes", t.weight_bytes)
      .member("flash_bytes", t.flash_bytes)
      .member("ram_bytes", t.ram_bytes)
      .member("weight_bits", t.weight_bits)
      .member("wide_ops", static_cast<int64_t>(t.wide_ops))
      .member("predicted_db", t.predicted_db)
      .member("sqnr_db", t.sqnr_db)
      .member("top1", t.top1)
      .member("expected_top1", t.expected_top1)
      .member("drop", t.drop)
      .end_object();
}

JsonWriter fit_json(const FitArguments& a, const FitResult& r, const Cost& cost) {
  JsonWriter out;
  auto const index = [](std::optional<size_t> k) { return k ? std::optional(static_cast<int64_t>(*k)) : std::nullopt; };
  out.begin_object()
      .member("output", r.recipe.empty() ? std::nullopt : std::optional(a.output))
      .member("max_drop", r.max_drop.value)
      .member("unit", unit_of(r))
      .member("steps", r.steps)
      .member("calibrated", r.calibrated)
      .member("held_back", r.held_back)
      .member("float_top1", r.float_top1)
      .member("macs", r.macs)
      .member("int8_weight_bytes", r.int8_weight_bytes)
      .member("weight_bytes", r.made ? std::optional(r.made->weight_bytes) : std::nullopt)
      .member("flash_bytes", r.made ? r.made->flash_bytes : std::nullopt)
      .member("ram_bytes", r.made ? r.made->ram_bytes : std::nullopt)
      .member("drop", r.made ? std::optional(r.made->drop) : std::nullopt)
      .key("layers")
      .begin_array();
  for (const FittedLayer& l : r.layers)
    out.begin_object()
        .member("name", l.name)
        .member("op", l.op)
        .member("weights", l.weights)
        .member("alone_db", l.alone_db)
        .member("weight_bits", l.weight_bits)
        .member("activation_bits", l.activation_bits)
        .end_object();
  out.end_array().key("trials").begin_array();
  for (const FitTrial& t : r.trials) write_trial(out, t);
  out.end_array()
      .member("chosen", index(r.chosen))
      .member("nearest", index(r.nearest))
      .member("missed", warnings_in_options(r.missed))
      .member("warnings", warnings_in_options(r.warnings))
      .member("seconds", cost.seconds())
      .member("peak_rss_bytes", peak_resident_bytes())
      .end_object();
  return out;
}

std::string bytes_text(std::optional<int64_t> bytes) {
  return bytes ? grouped(*bytes) : "-";
}

std::string share_text(std::optional<double> share) {
  return share ? fmt::format("{:.2f} %", *share * 100) : "-";
}

/// "4: 7, 8: 2": how many layers have how many bits.
std::string widths_text(const FitTrial& t) {
  std::string out;
  for (int const bits : {4, 8, 16})
    if (auto const n = std::ranges::count(t.weight_bits, bits); n > 0)
      out += fmt::format("{}{} x {}", out.empty() ? "" : ", ", n, bits);
  return out + (t.wide_ops ? fmt::format("; {} ops in 16", t.wide_ops) : "");
}

std::string fit_text(const FitArguments& a, const FitResult& r, const Cost& cost) {
  Table layers({"op", ">weights", ">alone dB", ">bits", ">activations", "~name"});
  for (const FittedLayer& l : r.layers)
    layers.row({l.op, grouped(l.weights), l.alone_db ? decibels(*l.alone_db) : Cell("-"), std::to_string(l.weight_bits),
                std::to_string(l.activation_bits), first_name(l.name)});
  Table trials({">weight bytes", ">flash", ">RAM", ">dB", ">predicted", ">top-1", ">expected",
                fmt::format(">drop, {}", unit_of(r)), "", "layers x bits"});
  std::optional<size_t> const shown = r.chosen ? r.chosen : r.nearest;
  for (size_t k = 0; k < r.trials.size(); ++k) {
    const FitTrial& t = r.trials[k];
    trials.row({grouped(t.weight_bytes), bytes_text(t.flash_bytes), bytes_text(t.ram_bytes), decibels(t.sqnr_db),
                t.predicted_db ? decibels(*t.predicted_db) : Cell(""), share_text(t.top1), share_text(t.expected_top1),
                std::isnan(t.drop) ? "-" : fmt::format("{:.2f}", t.drop),
                k != shown ? ""
                : r.chosen ? "*"
                           : "nearest",
                widths_text(t)});
  }
  std::string const accuracy = r.float_top1 ? "; float top-1 " + share_text(r.float_top1) : "";
  std::string out = fmt::format("{}\nmade from {} samples and measured on {}{}; steps: {}\n{}", layers.text(),
                                r.calibrated, r.held_back, accuracy, r.steps, trials.text());
  if (!r.made) return out;
  out += fmt::format(
      "{}: weights {} of {} bytes ({:.2f} x 8 bits), flash {}, RAM {}, {:.1f} s\n", a.output,
      grouped(r.made->weight_bytes), grouped(r.int8_weight_bytes),
      static_cast<double>(r.made->weight_bytes) / static_cast<double>(std::max<int64_t>(r.int8_weight_bytes, 1)),
      bytes_text(r.made->flash_bytes), bytes_text(r.made->ram_bytes), cost.seconds());
  std::string data = data_words(a.request.data);
  if (a.request.data.samples) data += fmt::format(" --samples {}", *a.request.data.samples);
  if (!a.request.signature.empty()) data += " --signature " + shell_word(a.request.signature);
  if (a.dimensions.batch) data += fmt::format(" --batch {}", *a.dimensions.batch);
  if (a.dimensions.keep_layout) data += " --keep-layout";
  if (a.dimensions.keep_loops) data += " --keep-loops";
  for (const std::string& shape : a.dimensions.shapes) data += " --shape " + shell_word(shape);
  for (const std::string& name : a.dimensions.inputs) data += " --inputs " + shell_word(name);
  for (const std::string& name : a.dimensions.outputs) data += " --outputs " + shell_word(name);
  if (a.request.io) data += fmt::format(" --io {}", to_string(*a.request.io));
  return out + fmt::format("next: narrow quantize {} --data {} --recipe {} -o OUT.tflite\n", shell_word(a.model), data,
                           shell_word(a.output));
}

/// The trials as points; those without an error are left out.
std::string fit_chart(const FitResult& r) {
  std::vector<ChartPoint> points;
  for (const FitTrial& t : r.trials) {
    double const y = t.top1 ? *t.top1 : t.sqnr_db;
    if (std::isfinite(y)) points.push_back({widths_text(t), static_cast<double>(t.weight_bytes), y});
  }
  if (points.empty()) return {};
  return chart_svg(points, {"bytes of weights"},
                   r.float_top1 ? ChartAxis{"top-1 accuracy, %", 100} : ChartAxis{"SQNR, dB"});
}

Result<int> fit_command(Options& options) {
  Cost const cost;
  FitArguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  NARROW_CHECK(complete(a));
  NARROW_TRY(ModelPtr const model, load_model(a.model, a.dimensions));
  Progress progress;
  a.request.progress = &progress;
  Result<FitResult> result = [&] {
    ProgressBar const bar("fitting", progress);
    return fit(model, a.request);
  }();
  if (!result) return pass_for(a.model, std::move(result));
  print_warnings(result->warnings);
  if (!result->recipe.empty()) NARROW_CHECK(write_file_atomically(a.output, std::as_bytes(std::span(result->recipe))));
  if (std::string const image = a.chart.empty() ? "" : fit_chart(*result); !image.empty())
    NARROW_CHECK(write_file_atomically(a.chart, std::as_bytes(std::span(image))));
  if (a.json)
    print_json(fit_json(a, *result, cost));
  else
    fmt::print("{}", fit_text(a, *result, cost));
  if (result->missed.empty()) return kDone;
  const FitTrial& nearest = result->trials[*result->nearest];
  for (const std::string& what : warnings_in_options(result->missed))
    fmt::print(stderr,
               "narrow: error: no widths keep within all limits; of the nearest, with {} bytes of weights: {} ({})\n",
               nearest.weight_bytes, what, a.model);
  return kCheckFailed;
}

}  // namespace

constexpr Command kFitCommand{
    .name = "fit",
    .summary = "Finds widths layer by layer that keep accuracy within a budget",
    .examples = {"narrow fit model.tflite --data train.npy --labels y.npy --max-drop 0.5% -o recipe.toml",
                 "narrow fit model.tflite --data train.npy --flash 64k --ram 20k -o recipe.toml"},
    .run = fit_command,
};

}  // namespace narrow
