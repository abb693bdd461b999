#include "narrow/calibrate.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "cli/command.h"
#include "cli/cost.h"
#include "cli/data_arguments.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/progress_bar.h"
#include "cli/range_arguments.h"
#include "cli/shell_word.h"
#include "narrow/quantize.h"

namespace narrow {
namespace {

constexpr int64_t kCheckpointEvery = 10000;  // samples

struct CalibrateArguments {
  std::string model, output, shard;
  CalibrateRequest request;
  Scheme scheme = Scheme::q7;
  Labels labels;
  ModelArguments dimensions;
  bool resume = false, search = false, json = false;
};

void declare(Options& options, CalibrateArguments& a) {
  options.positional("MODEL", &a.model, "a float .tflite file");
  declare_data(options, a.request.data, true);
  options.required_text("-o", "S.nstat", &a.output, "where the statistics go");
  declare_signature(options, a.request.signature);
  options.text("--shard", "I/N", &a.shard,
               "only every N-th sample (or sequence), from the I-th on; `narrow merge` joins the parts");
  options.flag("--resume", &a.resume, "keep what is done in S.nstat when interrupted, and go on from there");
  options.choice("--on-nan", &a.request.on_nan, "what to do about values that are not finite");
  options.flag_off("--minmax-only", &a.request.histograms, "no histograms: faster, but serves --range minmax only");
  options.flag("--per-sample", &a.request.per_sample,
               "keep each sample's range too, which --range moving-average needs");
  options.flag("--search", &a.search, "also try ranges layer by layer, and print them as --act-max takes them");
  options.choice_among("--scheme", {Scheme::int8, Scheme::int16x8, Scheme::int16, Scheme::q7, Scheme::q15}, &a.scheme,
                       "the integers that --search is for");
  options.text("--labels", "Y", &a.labels.path, "right answers, by which --search chooses", "output error");
  options.threads(&a.request.threads);
  declare_dimensions(options, a.dimensions);
  options.wide();
  options.flag("--json", &a.json, "one JSON object instead of text");
}

/// "I/N" with 0 <= I <= N; counting from 0 or from 1 gives the same N parts.
Status parse_shard(const std::string& text, CalibrateRequest& request) {
  if (text.empty()) return {};
  const char* const end = text.data() + text.size();
  int64_t part = -1, parts = 0;
  auto const first = std::from_chars(text.data(), end, part);
  bool ok = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
  if (ok) {
    auto const second = std::from_chars(first.ptr + 1, end, parts);
    ok = second.ec == std::errc() && second.ptr == end && parts >= 1 && part >= 0 && part <= parts;
  }
  if (!ok)
    return fail(ErrorKind::bad_option, fmt::format("--shard does not take '{}'", text), "command line",
                "as in 1/4, the first of four parts");
  request.shard = part % parts;
  request.shards = parts;
  return {};
}

/// The search for ranges, with what has been calibrated; nothing where it is not asked for.
Result<std::optional<SearchReport>> search(const CalibrateArguments& a, const ModelPtr& model,
                                           StatisticsPtr statistics) {
  if (!a.search) return std::optional<SearchReport>();
  QuantizeRequest request;
  request.scheme = a.scheme;
  request.range = RangeSpec{.method = RangeMethod::search};
  request.data = a.request.data;
  request.signature = a.request.signature;
  request.statistics.push_back({.statistics = std::move(statistics)});
  request.labels = a.labels;
  request.allow_float = true;
  request.threads = a.request.threads;
  Progress progress;
  request.progress = &progress;
  ProgressBar const bar("searching", progress);
  auto done = quantize(model, request);
  if (!done) return pass_for(a.model, std::move(done));
  return std::move(done->search);
}

/// What --act-max takes to quantize with the ranges found. Symmetric parameters would reach as far as a range by hand,
/// even where the values do not, so those that are as wide as the values are left out unless scales are powers of two.
std::string act_max(const CalibrateArguments& a, const SearchReport& found) {
  return act_max_text(found, a.scheme == Scheme::int8 || a.scheme == Scheme::q7 || a.scheme == Scheme::q15,
                      &SearchedRange::chosen);
}

std::string how_to_use(const CalibrateArguments& a, const SearchReport& found) {
  std::string const ranges = act_max(a, found);
  return fmt::format("to quantize with these ranges:\nnarrow quantize {} --scheme {} --statistics {}{} -o OUT.tflite\n",
                     shell_word(a.model), to_string(a.scheme), shell_word(a.output),
                     ranges.empty() ? "" : " --act-max " + shell_word(ranges));
}

void print(const CalibrateArguments& a, StatisticsSize size, const std::optional<SearchReport>& found,
           const Cost& cost) {
  if (!a.json) {
    fmt::print("{}: {} tensors over {} samples, {:.3f} s\n", a.output, size.tensors, size.samples, cost.seconds());
    if (found) fmt::print("\n{}\n{}", search_text(*found), how_to_use(a, *found));
    return;
  }
  JsonWriter out;
  out.begin_object()
      .member("output", a.output)
      .member("samples", size.samples)
      .member("tensors", size.tensors)
      .member("seconds", cost.seconds())
      .member("samples_per_second", static_cast<double>(size.samples) / cost.seconds())
      .member("peak_rss_bytes", peak_resident_bytes());
  if (found) {
    write_search(out, *found);
    out.member("act_max", act_max(a, *found));
  }
  print_json(out.end_object());
}

Result<int> calibrate_command(Options& options) {
  Cost const cost;
  CalibrateArguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;

  NARROW_CHECK(parse_shard(a.shard, a.request));
  if (a.search && !a.shard.empty())
    return fail(ErrorKind::bad_option, "--search and --shard do not go together", "command line",
                "search once the parts are merged: narrow quantize --range search --statistics");
  if (!a.search && a.labels.given())
    return fail(ErrorKind::bad_option, "--labels is for --search", "command line", "give both or none");
  NARROW_TRY(ModelPtr const model, load_model(a.model, a.dimensions));
  Progress progress;
  a.request.progress = &progress;
  if (a.resume) {
    a.request.cancel = defer_interrupts();
    a.request.checkpoint_every = kCheckpointEvery;
    a.request.checkpoint = [&a](const Statistics& sofar) { return save_statistics(sofar, a.output); };
    if (std::filesystem::exists(a.output)) {
      NARROW_TRY(a.request.resume, load_statistics(a.output));
    }
  }
  Result<StatisticsPtr> statistics = [&] {
    ProgressBar const bar("calibrating", progress);
    return calibrate(model, a.request);
  }();
  if (!statistics) {
    if (statistics.error().kind == ErrorKind::cancelled)
      statistics.error().remedy = fmt::format("{} holds what is done; the same command goes on from there", a.output);
    return pass_for(a.model, std::move(statistics));
  }
  NARROW_CHECK(save_statistics(**statistics, a.output));
  NARROW_TRY(auto const found, search(a, model, *statistics));
  print(a, size_of(**statistics), found, cost);
  return kDone;
}

}  // namespace

constexpr Command kCalibrateCommand{
    .name = "calibrate",
    .summary = "Runs a float model over samples and keeps statistics of every tensor",
    .examples = {"narrow calibrate model.tflite --data train.npy -o model.nstat",
                 "narrow calibrate model.tflite --data train.npy --shard 1/4 -o part1.nstat"},
    .run = calibrate_command,
};

}  // namespace narrow
