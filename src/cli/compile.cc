#include "narrow/compile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "cli/byte_count.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/file_arguments.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/progress_bar.h"
#include "cli/quality_report.h"
#include "cli/quantization_arguments.h"
#include "cli/report_arguments.h"
#include "cli/shell_word.h"
#include "cli/table.h"
#include "cli/talk.h"
#include "cli/weights_arguments.h"

namespace narrow {
namespace {

struct CompileArguments {
  std::string model, layout = "stored", flash, ram, report;
  std::vector<std::string> place;
  CompileRequest request;
  QuantizationArguments quantization;
  ModelArguments dimensions;
  bool json = false;
};

void declare(Options& options, CompileArguments& a) {
  options.positional("MODEL", &a.model, "a .tflite file; a float one is quantized on the way");
  options.required_text("-o", "DIR", &a.request.folder, "the folder; what else is in it stays");
  options.text("--golden", "X.npy", &a.request.golden.path,
               "samples that the self-test stores, with the outputs that the simulator computes of them",
               "one from a fixed seed");
  options.choice("--target", &a.request.target, "the chip: whose costs are shown, and whose units sizes have");
  options.choice("--optimize", &a.request.optimize,
                 "what the project has to be good at; ram computes the first layers in patches where that takes less");
  options.text("--flash", "N", &a.flash,
               "bytes that code and constants may take: 65536 or 64k; else nothing is written", "no limit");
  options.text("--ram", "N", &a.ram, "bytes that arena, state and stack may take", "no limit");
  options.texts(
      "--place", "POOL=N[:OPS]", &a.place,
      "put constants that are used most for each byte into memory of N bytes, an attribute NAME_IN_POOL in C; "
      "those of ops whose names match OPS; again for each");
  options.text("--cc", "COMPILER", &a.request.cc,
               "a C compiler, with flags: it measures code and stack, as \"arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb\"",
               "these are modelled");
  options.choices("--package", &a.request.packages,
                  "adds the files that it wants; again for each; those of cmake and make are always there");
  options.text("--certificate", "F.json", &a.request.certificate,
               "bounds of every accumulator, from the weights, which tools/check_certificate computes again", "none");
  options.flag("--headers-only", &a.request.headers_only,
               "constants, sizes and factors, without the code that runs them");
  declare_weights(options, a.layout, a.request.style, a.request.packed, a.request.name);
  declare_quantization(options, a.quantization);
  options.threads(&a.quantization.request.threads);
  declare_dimensions(options, a.dimensions);
  options.text("--report", "F", &a.report,
               "also write here what --json prints, or a page that shows memory, costs and error by layer");
  options.flag("--json", &a.json, "one JSON object instead of text");
}

/// "dtcm=16k" or "dtcm=16k:conv_.*".
Result<std::vector<ConstantPool>> pools_of(const std::vector<std::string>& texts) {
  std::vector<ConstantPool> out;
  for (const std::string& text : texts) {
    size_t const equals = text.find('='), colon = text.find(':', equals);
    if (equals == std::string::npos)
      return refuse("place", "--place does not take '" + text + "'", "write POOL=N or POOL=N:OPS, as dtcm=16k:conv_.*",
                    "command line");
    ConstantPool pool{text.substr(0, equals)};
    NARROW_TRY(auto const bytes, byte_count("--place", text.substr(equals + 1, colon - equals - 1)));
    pool.bytes = bytes.value_or(0);
    if (colon != std::string::npos) pool.ops = text.substr(colon + 1);
    out.push_back(std::move(pool));
  }
  return out;
}

/// What quantizing the model gives, or the model itself where nothing asks for that.
Result<QuantizeResult> quantized(const ModelPtr& model, CompileArguments& a) {
  if (!asks_anything(a.quantization)) {
    QuantizeResult as_given;
    as_given.model = model;
    return as_given;
  }
  Progress progress;
  a.quantization.request.progress = &progress;
  ProgressBar const bar("calibrating", progress);
  return quantize(model, a.quantization.request);
}

void write_steps(JsonWriter& out, const CompileResult& result) {
  out.begin_array();
  for (const CompiledStep& s : result.steps) {
    out.begin_object()
        .member("name", s.name)
        .member("op", s.op)
        .member("kernel", s.kernel)
        .member("macs", s.macs)
        .member("instructions", s.instructions)
        .key("cycles")
        .begin_object();
    for (const auto& [core, cycles] : s.cycles) out.member(core, cycles);
    out.end_object().member("reason", s.reason).end_object();
  }
  out.end_array();
}

JsonWriter result_json(const CompileResult& result, const QuantizeResult& integers,
                       const std::vector<std::string>& warnings) {
  JsonWriter out;
  out.begin_object()
      .member("name", result.name)
      .member("flash_bytes", result.flash_bytes)
      .member("code_bytes", result.code_bytes)
      .member("weight_bytes", result.weight_bytes)
      .member("arena_bytes", result.arena_bytes)
      .member("state_bytes", result.state_bytes)
      .member("stack_bytes", result.stack_bytes)
      .member("measured_by", result.measured_by)
      .member("macs", result.macs)
      .key("steps");
  write_steps(out, result);
  out.key("code").begin_array();
  for (const MeasuredSource& m : result.code)
    out.begin_object().member("source", m.source).member("bytes", m.bytes).end_object();
  out.end_array();
  out.key("plan").begin_array();
  for (const PlannedBuffer& b : result.plan)
    out.begin_object()
        .member("tensor", b.tensor)
        .member("graph", b.graph)
        .member("offset", b.offset)
        .member("bytes", b.bytes)
        .member("first", b.first)
        .member("last", b.last)
        .end_object();
  out.end_array().key("pools").begin_array();
  for (const PlacedPool& p : result.pools)
    out.begin_object()
        .member("name", p.name)
        .member("bytes", p.bytes)
        .member("limit", p.limit)
        .member("constants", p.constants)
        .end_object();
  out.end_array()
      .member("warnings", warnings_in_options(warnings))
      .member("notes", result.notes)
      .member("over_budget", warnings_in_options(result.over_budget))
      .member("files", result.files);
  if (const auto& c = result.certified)
    out.key("certified")
        .begin_object()
        .member("calls", c->calls)
        .member("channels", c->channels)
        .member("spare_bits", c->spare_bits)
        .end_object();
  if (integers.quality) write_quality(out, *integers.quality);
  write_scaled(out, integers.scaled);
  out.end_object();
  return out;
}

/// "F.json: nothing overflows, ..."; empty without a certificate.
std::string certified_text(const CompileResult& result, const std::string& file) {
  if (!result.certified) return {};
  const CertifiedBounds& c = *result.certified;
  return fmt::format("{}: no sum of products in {} layers with {} channels overflows; {} bits to spare\n", file,
                     c.calls, c.channels, c.spare_bits);
}

/// "arm-none-eabi-gcc (15:12.2.rel1-1) 12.2.1 20221205" without what is in parentheses, and behind the version.
std::string compiler_name(const std::string& version_line) {
  std::string out, word;
  std::istringstream words(version_line);
  int depth = 0;
  while (words >> word) {
    bool const inside = depth > 0 || word.starts_with('(');
    for (char c : word) depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (inside) continue;
    out += (out.empty() ? "" : " ") + word;
    if (word.find_first_not_of("0123456789.") == std::string::npos) break;
  }
  return out;
}

/// "cycles (modelled): cortex-m4 1,234", of the target; "m0 1,234, m3 ...", of all cores, for portable; empty for chips
/// without a model.
std::string cycles_text(const CompileResult& result, Target target) {
  std::vector<std::pair<std::string, int64_t>> sums;
  for (const CompiledStep& s : result.steps) {
    sums.resize(s.cycles.size());
    for (size_t i = 0; i < sums.size(); ++i) sums[i] = {s.cycles[i].first, sums[i].second + s.cycles[i].second};
  }
  std::vector<std::string> parts;
  constexpr std::string_view kFamily = "cortex-";
  for (const auto& [core, cycles] : sums) {
    if (core == to_string(target)) parts.push_back(core + " " + grouped(cycles));
    if (target == Target::portable)
      parts.push_back(core.substr(core.starts_with(kFamily) ? kFamily.size() : 0) + " " + grouped(cycles));
  }
  return parts.empty() ? "" : fmt::format("cycles (modelled): {}\n", fmt::join(parts, ", "));
}

std::string result_text(const CompileResult& result, const CompileRequest& request) {
  if (!result.arena_bytes)
    return fmt::format("{}: {} constants, {} bytes\n", fmt::join(result.files, ", "), result.constants,
                       result.weight_bytes);
  Table table({"step", "op", "kernel", ">macs", ">instructions", "memory"});
  int64_t instructions = 0;
  for (const CompiledStep& s : result.steps) {
    table.row({s.name, s.op, s.kernel.empty() ? "-" : s.kernel, s.macs ? grouped(s.macs) : "", grouped(s.instructions),
               s.reason});
    instructions += s.instructions;
  }
  std::string const state = result.state_bytes ? fmt::format(", state {}", grouped(result.state_bytes)) : "";
  const char* const core = request.target == Target::portable || request.target == Target::c28x
                               ? to_string(Target::cortex_m4)
                               : to_string(request.target);
  std::string const words = request.target == Target::c28x
                                ? fmt::format("in words of 16 bits: constants {}, arena {}\n",
                                              grouped(result.weight_bytes / 2), grouped(*result.arena_bytes / 2))
                                : "";
  std::string pools;
  for (const PlacedPool& p : result.pools)
    pools += fmt::format("{}: {} of {} bytes: {}\n", p.name, grouped(p.bytes), grouped(p.limit),
                         fmt::join(p.constants, ", "));
  std::string const code = result.measured_by.empty() ? "about " + grouped(*result.code_bytes)
                                                      : fmt::format("{} ({}, measured)", grouped(*result.code_bytes),
                                                                    compiler_name(result.measured_by));
  return fmt::format(
      "{}flash {} bytes: constants {}, code {}\n"
      "RAM: arena {} bytes with inputs and outputs{}, stack about {}\n{}{}"
      "an inference: {} multiply-accumulates, about {} instructions on a {} (modelled)\n"
      "{}{}{}: {} files; next: make -C {} test\n",
      table.text(), grouped(*result.flash_bytes), grouped(result.weight_bytes), code, grouped(*result.arena_bytes),
      state, grouped(*result.stack_bytes), words, pools, grouped(result.macs), grouped(instructions), core,
      cycles_text(result, request.target), certified_text(result, request.certificate), request.folder,
      result.files.size(), shell_word(request.folder));
}

/// The project, and the model beside the float one where it was quantized on the way.
Status write_report(const CompileArguments& a, const ModelPtr& given, const CompileResult& result,
                    const QuantizeResult& integers, const std::vector<std::string>& warnings) {
  if (a.report.empty()) return {};
  const QuantizeRequest& options = a.quantization.request;
  ReportRequest request;
  std::filesystem::path const folder(a.request.folder);
  std::string const name = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
  request.models.push_back({.name = name, .model = integers.model});
  if (asks_anything(a.quantization)) request.models.front().made = integers;
  request.reference = integers.prepared;
  request.given = given;
  request.signature = options.signature;
  request.threads = options.threads;
  take_samples(options, request);
  request.compiled = result;
  request.target = a.request.target;
  request.flash = a.request.flash;
  request.ram = a.request.ram;
  NARROW_TRY(Report report, report_of(request, options));
  report.warnings = warnings;
  report.notes.insert(report.notes.end(), result.notes.begin(), result.notes.end());
  ReportArguments where;
  where.path = a.report;
  return write_report(where, std::move(report), result_json(result, integers, warnings));
}

Result<int> compile_command(Options& options) {
  CompileArguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  NARROW_CHECK(complete(a.quantization));
  NARROW_TRY(a.request.layout, layout_argument(a.layout));
  NARROW_CHECK(check_report(a.report));
  if (!a.report.empty() && a.request.headers_only)
    return fail(ErrorKind::bad_option, "--report does not go with --headers-only", "command line");
  if (a.request.folder == "-")
    return fail(ErrorKind::bad_option, "-o takes a folder, which standard output is not", "command line",
                "give a folder's name");
  NARROW_TRY(a.request.flash, byte_count("--flash", a.flash));
  NARROW_TRY(a.request.ram, byte_count("--ram", a.ram));
  NARROW_TRY(a.request.place, pools_of(a.place));

  NARROW_TRY(ModelPtr const model, load_model(a.model, a.dimensions));
  NARROW_TRY(QuantizeResult const integers, quantized(model, a));
  std::vector<std::string> warnings = integers.warnings;
  print_warnings(warnings);
  const DataSource& data = a.quantization.request.data;
  a.request.golden.sequence = data.sequence;
  a.request.golden.scale = data.scale;
  a.request.golden.offset = data.offset;
  a.request.golden.is_quantized = data.is_quantized;
  a.request.signature = a.quantization.request.signature;
  a.request.cancel = defer_interrupts();
  NARROW_TRY(CompileResult const result, compile(integers.model, a.request));
  print_warnings(result.warnings);
  for (const std::string& note : integers.notes) print_note(note);
  if (integers.quality) print_advice(*integers.quality);
  for (const std::string& note : result.notes) print_note(note);
  warnings.insert(warnings.end(), result.warnings.begin(), result.warnings.end());
  if (a.json) print_json(result_json(result, integers, warnings));
  for (const std::string& what : warnings_in_options(result.over_budget))
    fmt::print(stderr, "narrow: error: {} ({})\n", what, a.model);
  if (!result.over_budget.empty()) return kCheckFailed;
  NARROW_CHECK(write_report(a, model, result, integers, warnings));
  if (!a.json) fmt::print("{}", result_text(result, a.request));
  return kDone;
}

}  // namespace

constexpr Command kCompileCommand{
    .name = "compile",
    .summary = "Turns a model into a C99 project that runs it in integers, or into headers",
    .examples = {"narrow compile model.tflite --scheme int8 --data train.npy -o kws/ --name kws",
                 "narrow compile model_int8.tflite -o src/ --headers-only --name kws"},
    .run = compile_command,
};

}  // namespace narrow
