#include "calibrate/calibrate.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "calibrate/nstat.h"
#include "cli/command.h"
#include "cli/cost.h"
#include "cli/data_arguments.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/progress_bar.h"
#include "cli/range_arguments.h"
#include "cli/signature_argument.h"
#include "quantize/recipe/scheme.h"
#include "read/read.h"
#include "simplify/simplify.h"
#include "tflite/options_digest.h"

namespace narrow {
namespace {

constexpr int64_t kCheckpointEvery = 10000;  // samples

struct Arguments {
  std::string model, output, shard, on_nan = "stop", scheme = "q7", labels;
  DataArguments data;
  SignatureArgument signature;
  int threads = 1;
  bool resume = false, minmax_only = false, per_sample = false, search = false, json = false;
};

void declare(Options& options, Arguments& a) {
  static constexpr const char* kOnNan[] = {"stop", "skip"};
  std::vector<const char*> schemes;
  for (const Scheme& s : all_schemes())
    if (s.kind == SchemeKind::integer) schemes.push_back(s.name);
  options.positional("MODEL", &a.model, "a float .tflite file");
  a.data.declare(options, true);
  options.required_text("-o", "S.nstat", &a.output, "where the statistics go");
  a.signature.declare(options);
  options.text("--shard", "I/N", &a.shard, "only every N-th sample, from the I-th on; `narrow merge` joins the parts");
  options.flag("--resume", &a.resume, "keep what is done in S.nstat when interrupted, and go on from there");
  options.choice("--on-nan", kOnNan, &a.on_nan, "what to do about values that are not finite (stop)");
  options.flag("--minmax-only", &a.minmax_only, "no histograms: faster, but serves --range minmax only");
  options.flag("--per-sample", &a.per_sample, "keep each sample's range too, which --range moving-average needs");
  options.flag("--search", &a.search, "also try ranges layer by layer, and print them as --act-max takes them");
  options.choice("--scheme", schemes, &a.scheme, "the integers that --search is for (q7)");
  options.text("--labels", "Y.npy", &a.labels, "right answers, by which --search chooses (output error)");
  options.threads(&a.threads);
  options.flag("--json", &a.json, "one JSON object instead of text");
}

/// "I/N" with 0 <= I <= N; counting from 0 or from 1 gives the same N parts.
Status parse_shard(const std::string& text, CalibrateOptions& options) {
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
    return fail(ErrorKind::bad_option, fmt::format("--shard does not take '{}'", text), "command line", "as in 1/4");
  options.shard = part % parts;
  options.shards = parts;
  return {};
}

/// The search for ranges, with what has been calibrated; nothing where it is not asked for.
Result<std::optional<SearchReport>> search(const Arguments& a) {
  if (!a.search) return std::optional<SearchReport>();
  QuantizeRequest request;
  request.scheme = a.scheme;
  request.range = "search";
  request.data = {a.data.path, a.data.meaning.scale, a.data.meaning.offset, a.data.samples};
  request.signature = a.signature.key;
  request.statistics = {a.output};
  request.labels = a.labels;
  request.allow_float = true;
  request.threads = a.threads;
  Progress progress;
  request.progress = &progress;
  NARROW_TRY(ModelPtr const model, load(a.model));
  ProgressBar const bar("searching", progress);
  auto done = quantize(model, request);
  if (!done) return pass(std::move(done), a.model);
  return std::move(done->search);
}

/// What --act-max takes to quantize with the ranges found. A symmetric grid would reach as far as a range by hand, even
/// where the values do not, so those that are as wide as the values are left out unless scales are powers of two.
std::string act_max(const Arguments& a, const SearchReport& found) {
  const Scheme& scheme = *find_scheme(a.scheme);
  return act_max_text(found, scheme.power_of_two || scheme.activation_bits == 8);
}

std::string how_to_use(const Arguments& a, const SearchReport& found) {
  std::string const ranges = act_max(a, found);
  return fmt::format("to quantize with these ranges:\nnarrow quantize {} --scheme {} --statistics {}{} -o OUT.tflite\n",
                     shell_word(a.model), a.scheme, shell_word(a.output),
                     ranges.empty() ? "" : " --act-max " + shell_word(ranges));
}

Result<int> calibrate_command(Options& options) {
  Cost const cost;
  Arguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;

  CalibrateOptions how;
  NARROW_CHECK(parse_shard(a.shard, how));
  if (a.search && !a.shard.empty())
    return fail(ErrorKind::bad_option, "--search and --shard do not go together", "command line",
                "search once the parts are merged: narrow quantize --range search --statistics");
  if (!a.search && !a.labels.empty())
    return fail(ErrorKind::bad_option, "--labels is for --search", "command line", "give both or none");
  NARROW_TRY(Model const read, read_model(a.model));
  NARROW_TRY(Model simplified, simplify(read));
  auto const model = std::make_shared<const Model>(std::move(simplified));
  NARROW_TRY(how.entry, a.signature.graph(*model));
  NARROW_TRY(auto data, a.data.open(*model, how.entry));
  NARROW_TRY(how.samples, a.data.count(*data));
  Progress progress;
  how.attributes = options_digest(*model);
  how.threads = a.threads;
  how.histograms = !a.minmax_only;
  how.per_sample = a.per_sample;
  how.skip_nonfinite = a.on_nan == "skip";
  how.progress = &progress;
  Statistics before;
  if (a.resume) {
    how.cancel = defer_interrupts();
    how.checkpoint_every = kCheckpointEvery;
    how.checkpoint = [&a](const Statistics& sofar) { return write_statistics(a.output, sofar); };
    if (std::filesystem::exists(a.output)) {
      NARROW_TRY(before, read_statistics(a.output));
      how.resume = &before;
    }
  }
  Result<Statistics> statistics = [&] {
    ProgressBar const bar("calibrating", progress);
    return calibrate(model, *data, how);
  }();
  if (!statistics) return pass(std::move(statistics), a.model);
  NARROW_CHECK(write_statistics(a.output, *statistics));
  NARROW_TRY(auto const found, search(a));

  int64_t const samples = statistics->samples.count();
  if (a.json) {
    nlohmann::ordered_json out = {{"output", a.output},
                                  {"samples", samples},
                                  {"tensors", statistics->tensors.size()},
                                  {"seconds", cost.seconds()},
                                  {"samples_per_second", static_cast<double>(samples) / cost.seconds()},
                                  {"peak_rss_bytes", peak_resident_bytes()}};
    if (found) {
      out["search"] = search_json(*found);
      out["search_summary"] = search_summary_json(*found);
      out["act_max"] = act_max(a, *found);
    }
    print_json(out);
  } else {
    fmt::print("{}: {} tensors over {} samples, {:.3f} s\n", a.output, statistics->tensors.size(), samples,
               cost.seconds());
    if (found) fmt::print("\n{}\n{}", search_text(*found), how_to_use(a, *found));
  }
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
