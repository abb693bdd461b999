// compile of the public interface: a project in C99, or headers.
#include "narrow/compile.h"

#include <algorithm>
#include <filesystem>

#include "api/data.h"
#include "api/given.h"
#include "api/left_out_note.h"
#include "api/measured_code.h"
#include "api/project_costs.h"
#include "api/sized_for_data.h"
#include "api/smallest_program.h"
#include "base/guarded.h"
#include "base/new_folder.h"
#include "emit/c/certificate.h"
#include "emit/c/project.h"
#include "emit/constants/names.h"
#include "graph/entry.h"
#include "ops/control/state.h"
#include "ops/def/op_def.h"
#include "ops/def/totals.h"
#include "simplify/constant_outputs.h"
#include "simplify/integer_borders.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

bool reads_float16(const Graph& graph, const Op& op) {
  int const x = op.inputs.empty() ? kNoTensor : op.inputs[0];
  return x != kNoTensor && graph.tensor(x).constant && graph.tensor(x).dtype == DType::float16;
}

/// Float data with integer weights, as Scheme::dynamic makes them.
bool is_hybrid(const Graph& graph, const Op& op) {
  bool const data = op.def && op.def->quant.versions.dynamic != 0 && op.inputs.size() > 1 && op.inputs[1] != kNoTensor;
  if (!data || op.outputs.empty()) return false;
  const Tensor& weights = graph.tensor(op.inputs[1]);
  return weights.constant && !weights.is_float() && graph.tensor(op.outputs[0]).dtype == DType::float32;
}

/// Models whose weights become floats when they run have no place in C without floats.
Status check_numbers(const Model& model) {
  for (const Graph& graph : model.graphs)
    for (size_t i = 0; i < graph.ops.size(); ++i) {
      bool const half = reads_float16(graph, graph.ops[i]);
      if (half || is_hybrid(graph, graph.ops[i]))
        return fail(ErrorKind::unsupported,
                    half ? "float16 weights have no integer C" : "float data with integer weights has no integer C",
                    op_label(graph, i) + ", " + model.source,
                    "quantize with `scheme=int8`; `export_constants(format=header)` writes the constants as they are");
    }
  return {};
}

/// What headers alone, or projects, have no use for.
Status check_fields(const CompileRequest& request) {
  if (!request.headers_only) {
    bool const layout =
        request.layout.conv != LayoutChoice::Conv::stored || request.layout.dense != LayoutChoice::Dense::stored;
    if (!layout && request.style == HeaderStyle::array && !request.packed) return {};
    std::string const field = layout ? "layout" : request.packed ? "packed" : "style";
    return refuse(field, "`" + field + "` is of headers: a project has the layout that its kernels read",
                  "add `headers_only`, or leave it out");
  }
  const std::pair<const char*, bool> kOfProjects[] = {
      {"certificate", !request.certificate.empty()},  {"golden", request.golden.given()},
      {"packages", !request.packages.empty()},        {"cc", !request.cc.empty()},
      {"target", request.target != Target::portable}, {"optimize", request.optimize != Optimize::speed},
      {"flash", request.flash.has_value()},           {"ram", request.ram.has_value()}};
  for (auto const& [field, given] : kOfProjects)
    if (given)
      return refuse(field, "`" + std::string(field) +
                               "` does not go with `headers_only`, which leaves out the code that it is of");
  return {};
}

Result<CompileResult> write_headers(const Model& model, const CompileRequest& request) {
  ExportRequest constants;
  constants.folder = request.folder;
  constants.format = ExportFormat::header;
  constants.layout = request.layout;
  constants.style = request.style;
  constants.packed = request.packed;
  constants.name = request.name;
  constants.cancel = request.cancel;
  NARROW_TRY(ExportResult written, export_constants(model, constants));
  CompileResult out;
  out.files = std::move(written.files);
  out.name = std::move(written.name);
  out.constants = written.constants;
  out.weight_bytes = written.bytes;
  out.macs = totals(model).macs;
  return out;
}

Result<Golden> golden_for(const Program& program, const CompileRequest& request, int entry) {
  if (!request.golden.given()) {
    auto golden = golden_of_seeded(program);
    if (!golden)
      return pass(std::move(golden), "the sample from a fixed seed that the self-test would store; give `golden`");
    return golden;
  }
  NARROW_TRY(auto const data, open_data(*program.model, request.golden, entry));
  NARROW_TRY(int64_t const samples, sample_count(request.golden, *data));
  NARROW_TRY(int64_t const sequence, sequence_samples(request.golden, keeps_state(*program.model, entry)));
  return golden_of(program, *data, samples, sequence);
}

/// A float input means that nobody has quantized the model, or not its inputs.
Status check_integer_inputs(const Model& model, int entry) {
  const Graph& graph = model.graphs[static_cast<size_t>(entry)];
  for (int t : graph.outputs)
    if (graph.tensor(t).constant && graph.tensor(t).is_float())
      return fail(ErrorKind::unsupported, "an output that is a constant of floats has no place in integer C",
                  tensor_label(graph, t) + ", " + model.source,
                  "quantize the model with integer inputs and outputs, or leave the output out of it");
  for (int t : graph.inputs)
    if (graph.tensor(t).is_float())
      return fail(ErrorKind::unsupported, "the model computes with floats, and programs in C with integers alone",
                  tensor_label(graph, t) + ", " + model.source,
                  "`scheme=int8` with `data` quantizes it on the way; or compile what `narrow quantize` gives");
  return {};
}

/// The integer model to compile.
Result<Model> prepared(const ModelPtr& given, const CompileRequest& request, int entry, CompileResult& notes) {
  ModelPtr sized = given;
  if (request.golden.given()) {
    NARROW_TRY(sized, sized_for(given, request.golden, entry));
  }
  NARROW_TRY(Model simple, simplify(*sized));
  int const borders = make_borders_integer(simple, entry);
  NARROW_CHECK(check_integer_inputs(simple, entry));
  if (borders > 0)
    notes.warnings.emplace_back("float inputs and outputs are integers in C; the header NAME_float.h converts them");
  NARROW_TRY(Model folded, fold_constants(simple));
  Totals const before = totals(folded);
  NARROW_TRY(Model out, remove_dead_channels(std::move(folded)));
  NARROW_CHECK(compute_constant_outputs(out, entry));
  if (std::string note = left_out_note(before, totals(out)); !note.empty()) notes.notes.push_back(std::move(note));
  return out;
}

CertifiedBounds bounds_of(const Certificate& certificate) {
  CertifiedBounds out{static_cast<int64_t>(certificate.calls.size()), 0, spare_bits(certificate, "accumulator")};
  for (const CertifiedCall& c : certificate.calls) out.channels += static_cast<int64_t>(c.bias.size());
  return out;
}

/// The name in `folder` that `path` stands for; empty where it is a place elsewhere.
std::string name_inside(const std::string& folder, const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  fs::path const whole = fs::weakly_canonical(path, ignored), name = whole.filename();
  return whole == fs::weakly_canonical(folder, ignored) / name ? name.string() : "";
}

/// No file of the project takes the place of one that was read.
Status check_inputs_stay(const std::vector<ProjectFile>& files, const Model& model, const CompileRequest& request) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  for (const ProjectFile& f : files)
    for (const std::string& read : {model.source, request.golden.path})
      if (!read.empty() && fs::equivalent(fs::path(request.folder) / f.name, read, ignored))
        return refuse("folder", "`folder` has a file of the project's names that is read: " + read,
                      "give another folder");
  return {};
}

Status write(NewFile& file, const std::string& text) {
  return file.append(std::as_bytes(std::span(text)));
}

/// The certificate in the folder, or beside it: then the file that is still to be finished.
Result<std::optional<NewFile>> write_certificate(const std::string& text, const CompileRequest& request,
                                                 NewFolder& folder) {
  std::string const name = name_inside(request.folder, request.certificate);
  if (std::ranges::find(folder.names(), name) != folder.names().end())
    return refuse("certificate", "`certificate` names a file of the project: '" + name + "'", "give it another name");
  NARROW_TRY(NewFile file, name.empty() ? NewFile::create(request.certificate) : folder.file(name));
  NARROW_CHECK(write(file, text));
  if (name.empty()) return std::optional(std::move(file));
  NARROW_CHECK(file.finish());
  return std::nullopt;
}

/// What the source may depend on: kernels of one kind of processor take more code and memory than portable ones.
TargetChip chip_of(const CompileRequest& request) {
  constexpr int kCharBitsC28x = 16;
  constexpr Target kWithDsp[] = {Target::cortex_m4, Target::cortex_m7, Target::cortex_m33, Target::cortex_m55};
  TargetChip chip;
  if (request.target == Target::c28x) chip.char_bits = kCharBitsC28x;
  bool const may = request.optimize == Optimize::speed && request.certificate.empty();
  chip.dsp = may && std::ranges::find(kWithDsp, request.target) != std::end(kWithDsp);
  chip.helium = may && request.target == Target::cortex_m55;
  chip.wide_weights = chip.dsp && request.flash;  // as long as they fit
  return chip;
}

/// A program in C, and what there is to say of it.
struct DescribedProgram {
  CProgram program;
  CompileResult result;
};

Result<DescribedProgram> described_program(const Model& model, int entry, const std::string& name,
                                           const TargetChip& chip, const CompileRequest& request) {
  std::vector<std::string> notes;
  NARROW_TRY(CProgram program, smallest_program(model, entry, name, chip));
  if (request.optimize == Optimize::ram) {
    NARROW_TRY(program, patched_program(std::move(program), entry, chip, notes));
  }
  CompileResult result = described(program, request.target);
  result.notes = std::move(notes);
  if (!request.cc.empty()) NARROW_CHECK(measure_code(program, request, result));
  result.over_budget = over_budget(request, result);
  return DescribedProgram{std::move(program), std::move(result)};
}

Result<CompileResult> write_project(const ModelPtr& given, const CompileRequest& request) {
  std::string const name = request.name.empty() ? default_identifier(given->source) : request.name;
  if (!is_identifier(name))
    return refuse(
        "name", "`name` does not take '" + name + "'",
        "it takes a C identifier of at most 32 characters that begins with a letter, no keyword and no name that "
        "the project or the C library needs");
  NARROW_TRY(int const entry, entry_graph(*given, request.signature));
  CompileResult notes;
  NARROW_TRY(Model model, prepared(given, request, entry, notes));
  auto const folded = std::make_shared<const Model>(model);
  pack_weights(model);
  TargetChip chip = chip_of(request);
  NARROW_TRY(DescribedProgram made, described_program(model, entry, name, chip, request));
  if (chip.wide_weights && !made.result.over_budget.empty()) {
    chip.wide_weights = false;
    NARROW_TRY(made, described_program(model, entry, name, chip, request));
  }
  const CProgram& c_program = made.program;
  CompileResult& out = made.result;
  out.warnings = std::move(notes.warnings);
  out.notes.insert(out.notes.begin(), notes.notes.begin(), notes.notes.end());
  if (!out.over_budget.empty()) return std::move(out);

  LowerContext const context{*find_profile(to_string(Profile::narrow))};
  NARROW_TRY(Program const program, lower(folded, context, entry));
  NARROW_TRY(Golden const golden, golden_for(program, request, entry));
  NARROW_TRY(NewFolder folder, NewFolder::create(request.folder, request.cancel));
  std::vector<ProjectFile> const files = project_files(c_program, golden, request.packages, measured_lines(out));
  NARROW_CHECK(check_inputs_stay(files, *given, request));
  for (const ProjectFile& f : files) {
    NARROW_TRY(NewFile file, folder.file(f.name));
    NARROW_CHECK(write(file, f.text));
    NARROW_CHECK(file.finish());
  }
  std::optional<NewFile> apart;
  if (!request.certificate.empty()) {
    NARROW_TRY(Certificate const certified, certificate(c_program));
    NARROW_TRY(apart, write_certificate(to_json(certified), request, folder));
    out.certified = bounds_of(certified);
  }
  out.files = folder.names();
  out.golden_samples = golden.samples;
  NARROW_CHECK(folder.finish());
  if (apart) NARROW_CHECK(apart->finish());
  return out;
}

}  // namespace

Result<CompileResult> compile(const ModelPtr& model, const CompileRequest& request) {
  return guarded([&]() -> Result<CompileResult> {
    NARROW_CHECK(check_given(model));
    NARROW_CHECK(check_numbers(*model));
    NARROW_CHECK(check_fields(request));
    return request.headers_only ? write_headers(*model, request) : write_project(model, request);
  });
}

}  // namespace narrow
