// compile of the public interface: a project in C99, or headers.
#include "narrow/compile.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "api/data.h"
#include "api/given.h"
#include "api/left_out_note.h"
#include "api/sized_for_data.h"
#include "base/guarded.h"
#include "base/new_folder.h"
#include "emit/c/cost_model.h"
#include "emit/c/project.h"
#include "emit/constants/names.h"
#include "graph/entry.h"
#include "graph/liveness.h"
#include "ops/control/state.h"
#include "ops/def/op_def.h"
#include "ops/def/totals.h"
#include "program/order_ops.h"
#include "program/patches.h"
#include "simplify/integer_borders.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

constexpr std::array kTargets{Target::portable,   Target::cortex_m0, Target::cortex_m3,
                              Target::cortex_m4,  Target::cortex_m7, Target::cortex_m33,
                              Target::cortex_m55, Target::riscv32,   Target::c28x};

}  // namespace

const char* to_string(Target value) {
  constexpr const char* kNames[] = {"portable",   "cortex-m0",  "cortex-m3", "cortex-m4", "cortex-m7",
                                    "cortex-m33", "cortex-m55", "riscv32",   "c28x"};
  return kNames[static_cast<size_t>(value)];
}

template <>
std::span<const Target> all<Target>() {
  return kTargets;
}

const char* to_string(Optimize value) {
  constexpr const char* kNames[] = {"speed", "size", "ram"};
  return kNames[static_cast<size_t>(value)];
}

template <>
std::span<const Optimize> all<Optimize>() {
  static constexpr std::array kAll{Optimize::speed, Optimize::size, Optimize::ram};
  return kAll;
}

}  // namespace narrow

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

Result<CompileResult> write_headers(const Model& model, const CompileRequest& request) {
  if (!request.packages.empty())
    return refuse("packages", "`packages` does not go with `headers_only`", "a package is of the whole project");
  ExportRequest constants;
  constants.folder = request.folder;
  constants.format = ExportFormat::header;
  constants.layout = request.layout;
  constants.style = request.style;
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
  return golden_of(program, *data, samples);
}

/// The core that costs are shown of.
const CoreCost& core_of(Target target) {
  for (const CoreCost& core : core_costs())
    if (std::string_view(core.name) == to_string(target)) return core;
  for (const CoreCost& core : core_costs())
    if (std::string_view(core.name) == to_string(Target::cortex_m4)) return core;
  return core_costs().front();
}

std::vector<CompiledStep> steps_of(const CProgram& program, const CoreCost& shown) {
  std::vector<CompiledStep> out;
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps) {
      CompiledStep step;
      step.name = s.name;
      step.op = program.graph_of(g).ops[s.op].type;
      step.reason = s.memory;
      for (const CoreCost& core : core_costs()) step.cycles.emplace_back(core.name, 0);
      for (const CCall& c : s.calls) {
        KernelCost const cost = c.kernel->cost(program.params[c.params].call.params.data());
        step.macs += cost.macs;
        step.instructions += modelled_instructions(cost, shown);
        for (size_t i = 0; i < step.cycles.size(); ++i)
          step.cycles[i].second +=
              std::llround(static_cast<double>(modelled_instructions(cost, core_costs()[i])) * core_costs()[i].cycles);
        if (step.kernel.find(c.kernel->name) == std::string::npos)
          step.kernel += (step.kernel.empty() ? "" : ", ") + std::string(c.kernel->name);
      }
      out.push_back(std::move(step));
    }
  return out;
}

std::vector<PlannedBuffer> plan_of(const CProgram& program) {
  std::vector<PlannedBuffer> out;
  for (const CGraph& g : program.graphs) {
    const Graph& graph = program.graph_of(g);
    Liveness const liveness(graph);
    for (size_t t = 0; t < graph.tensors.size(); ++t) {
      if (g.plan.offsets[t] < 0) continue;
      const Tensor& tensor = graph.tensors[t];
      Lifetime const life = liveness.of(static_cast<int>(t));
      out.push_back({tensor.name, g.base + g.plan.offsets[t],
                     storage_bytes(tensor.dtype, tensor.elements()).value_or(0), life.first, life.last, g.index});
    }
  }
  std::ranges::stable_sort(out, {}, &PlannedBuffer::offset);
  return out;
}

/// A float input means that nobody has quantized the model, or not its inputs.
Status check_integer_inputs(const Model& model, int entry) {
  const Graph& graph = model.graphs[static_cast<size_t>(entry)];
  for (int t : graph.outputs)
    if (graph.tensor(t).constant)
      return fail(ErrorKind::unsupported, "an output that is a constant has no place in a program in C",
                  tensor_label(graph, t) + ", " + model.source, "leave the output out of the model");
  for (int t : graph.inputs)
    if (graph.tensor(t).is_float())
      return fail(ErrorKind::unsupported, "the model computes with floats, and programs in C with integers alone",
                  tensor_label(graph, t) + ", " + model.source,
                  "`scheme=int8` with `data` quantizes it on the way; or compile what `narrow quantize` gives");
  return {};
}

/// The program with its ops as they are, or in an order that takes less memory.
Result<CProgram> smallest_program(Model model, int entry, const std::string& name, int char_bits) {
  auto const given = std::make_shared<const Model>(model);
  NARROW_TRY(CProgram out, make_c_program(given, entry, name, char_bits));
  Graph& graph = model.graphs[static_cast<size_t>(entry)];
  graph = ordered_for_memory(std::move(graph));
  auto other = make_c_program(std::make_shared<const Model>(std::move(model)), entry, name, char_bits);
  if (other && other->arena_bytes < out.arena_bytes) return std::move(*other);
  return out;
}

int64_t macs_of(const CProgram& program) {
  int64_t sum = 0;
  for (const CParams& p : program.params) sum += p.call.kernel->cost(p.call.params.data()).macs;
  return sum;
}

/// `whole`, or a program whose first layers are computed in patches where that takes less memory; then a note says so.
Result<CProgram> patched_program(CProgram whole, int entry, std::vector<std::string>& notes) {
  constexpr size_t kFewTrials = 30;
  if (whole.graphs.size() > 1) return whole;
  LowerContext context{*find_profile(to_string(Profile::narrow))};
  context.reference = true;  // nothing is run: weights need not be packed
  NARROW_TRY(Program const program, lower(whole.model, context, entry));
  int64_t least = whole.arena_bytes;
  std::optional<PatchChoice> best;
  for (const PatchChoice& choice : patch_choices(program)) {
    auto const cut = in_patches(program, choice);
    int64_t const bytes = cut ? plan_arena(*cut, whole.char_bits, kFewTrials).bytes : least;
    if (bytes >= least) continue;
    least = bytes;
    best = choice;
  }
  if (!best) {
    notes.emplace_back("computing the first layers in patches would not take less memory");
    return whole;
  }
  std::map<int, Program> programs;
  programs.emplace(entry, *in_patches(program, *best));
  NARROW_TRY(CProgram out, c_program_of(programs, entry, whole.name, whole.char_bits));
  notes.push_back("the first " + std::to_string(best->steps) + " ops are computed in patches of " +
                  std::to_string(best->rows) + " rows: " + std::to_string(macs_of(out)) +
                  " multiply-accumulates instead of " + std::to_string(macs_of(whole)) + ", and an arena of " +
                  std::to_string(out.arena_bytes) + " bytes instead of " + std::to_string(whole.arena_bytes));
  return out;
}

/// What a budget leaves no room for, with what would help; empty where all fits.
std::vector<std::string> over_budget(const CompileRequest& request, const CompileResult& result) {
  std::vector<std::string> out;
  if (request.flash && *result.flash_bytes > *request.flash)
    out.push_back("code and constants take " + std::to_string(*result.flash_bytes) + " bytes of flash (" +
                  std::to_string(result.weight_bytes) + " of constants), and `flash` allows " +
                  std::to_string(*request.flash) +
                  ": weights of 8 bits (`scheme=int8`, `scheme=q7`) take least; else a smaller network is needed");
  int64_t const ram = *result.arena_bytes + result.state_bytes + *result.stack_bytes;
  if (request.ram && ram > *request.ram)
    out.push_back("arena, state and stack take " + std::to_string(*result.arena_bytes) + " + " +
                  std::to_string(result.state_bytes) + " + " + std::to_string(*result.stack_bytes) +
                  " bytes, and `ram` allows " + std::to_string(*request.ram) +
                  ": activations of 8 bits (`scheme=int8`, `scheme=q7`) take least; `optimize=ram` may need less; else "
                  "smaller images are needed");
  return out;
}

/// What is known of a program before it is written.
CompileResult described(const CProgram& program, Target target) {
  CompileResult out;
  out.name = program.name;
  out.constants = static_cast<int64_t>(program.arrays.size());
  out.weight_bytes = program.array_bytes();
  out.arena_bytes = program.arena_bytes;
  out.state_bytes = program.state_bytes();
  out.code_bytes = modelled_code_bytes(program);
  out.flash_bytes = out.weight_bytes + params_bytes(program) + *out.code_bytes;
  out.stack_bytes = modelled_stack_bytes(program);
  out.steps = steps_of(program, core_of(target));
  for (const CompiledStep& s : out.steps) out.macs += s.macs;
  out.plan = plan_of(program);
  return out;
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
  if (std::string note = left_out_note(before, totals(out)); !note.empty()) notes.notes.push_back(std::move(note));
  return out;
}

Result<CompileResult> write_project(const ModelPtr& given, const CompileRequest& request) {
  std::string const name = request.name.empty() ? default_identifier(given->source) : request.name;
  if (!is_identifier(name))
    return refuse("name", "`name` does not take '" + name + "'",
                  "it takes a C identifier of at most 32 characters that begins with a letter");
  NARROW_TRY(int const entry, entry_graph(*given, request.signature));
  CompileResult notes;
  NARROW_TRY(Model model, prepared(given, request, entry, notes));
  constexpr int kCharBits = 8, kCharBitsC28x = 16;
  auto const folded = std::make_shared<const Model>(model);
  int const char_bits = request.target == Target::c28x ? kCharBitsC28x : kCharBits;
  NARROW_TRY(CProgram c_program, smallest_program(std::move(model), entry, name, char_bits));
  if (request.optimize == Optimize::ram) {
    NARROW_TRY(c_program, patched_program(std::move(c_program), entry, notes.notes));
  }
  CompileResult out = described(c_program, request.target);
  out.warnings = std::move(notes.warnings);
  out.notes = std::move(notes.notes);
  out.over_budget = over_budget(request, out);
  if (!out.over_budget.empty()) return out;

  LowerContext const context{*find_profile(to_string(Profile::narrow))};
  NARROW_TRY(Program const program, lower(folded, context, entry));
  NARROW_TRY(Golden const golden, golden_for(program, request, entry));
  NARROW_TRY(NewFolder folder, NewFolder::create(request.folder, request.cancel));
  for (const ProjectFile& f : project_files(c_program, golden, request.packages)) {
    NARROW_TRY(NewFile file, folder.file(f.name));
    NARROW_CHECK(file.append(std::as_bytes(std::span(f.text))));
    NARROW_CHECK(file.finish());
  }
  out.files = folder.names();
  out.golden_samples = golden.samples;
  NARROW_CHECK(folder.finish());
  return out;
}

}  // namespace

Result<CompileResult> compile(const ModelPtr& model, const CompileRequest& request) {
  return guarded([&]() -> Result<CompileResult> {
    NARROW_CHECK(check_given(model));
    NARROW_CHECK(check_numbers(*model));
    return request.headers_only ? write_headers(*model, request) : write_project(model, request);
  });
}

}  // namespace narrow
