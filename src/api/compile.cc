// compile of the public interface: a project in C99, or headers.
#include "narrow/compile.h"

#include <algorithm>

#include "api/data.h"
#include "api/given.h"
#include "api/sized_for_data.h"
#include "base/guarded.h"
#include "base/new_folder.h"
#include "emit/c/project.h"
#include "emit/constants/names.h"
#include "graph/entry.h"
#include "graph/liveness.h"
#include "ops/control/state.h"
#include "ops/def/op_def.h"
#include "ops/def/totals.h"
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

Result<CompileResult> write_headers(const Model& model, const CompileRequest& request) {
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

std::vector<CompiledStep> steps_of(const CProgram& program) {
  std::vector<CompiledStep> out;
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps) {
      CompiledStep step{s.name, program.graph_of(g).ops[s.op].type, {}, 0, s.memory};
      for (const CCall& c : s.calls) {
        step.macs += c.kernel->cost(program.params[c.params].call.params.data()).macs;
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
  for (int t : graph.inputs)
    if (graph.tensor(t).is_float())
      return fail(ErrorKind::unsupported, "the model computes with floats, and programs in C with integers alone",
                  tensor_label(graph, t) + ", " + model.source,
                  "`scheme=int8` with `data` quantizes it on the way; or compile what `narrow quantize` gives");
  return {};
}

Result<CompileResult> write_project(const ModelPtr& given, const CompileRequest& request) {
  NARROW_TRY(int const entry, entry_graph(*given, request.signature));
  ModelPtr sized = given;
  if (request.golden.given()) {
    NARROW_TRY(sized, sized_for(given, request.golden, entry));
  }
  NARROW_TRY(Model simple, simplify(*sized));
  int const borders = make_borders_integer(simple, entry);
  NARROW_CHECK(check_integer_inputs(simple, entry));
  NARROW_TRY(Model folded, fold_constants(simple));
  LowerContext const context{*find_profile("narrow")};
  NARROW_TRY(Program const program, lower(std::make_shared<const Model>(std::move(folded)), context, entry));
  std::string const name = request.name.empty() ? default_identifier(given->source) : request.name;
  if (!is_identifier(name))
    return refuse("name", "`name` does not take '" + name + "'",
                  "it takes a C identifier of at most 32 characters that begins with a letter");
  NARROW_TRY(CProgram const c_program, make_c_program(program.model, entry, name));
  NARROW_TRY(Golden const golden, golden_for(program, request, entry));
  NARROW_TRY(NewFolder folder, NewFolder::create(request.folder, request.cancel));
  CompileResult out;
  for (const ProjectFile& f : project_files(c_program, golden)) {
    NARROW_TRY(NewFile file, folder.file(f.name));
    NARROW_CHECK(file.append(std::as_bytes(std::span(f.text))));
    NARROW_CHECK(file.finish());
  }
  out.files = folder.names();
  out.name = name;
  out.constants = static_cast<int64_t>(c_program.arrays.size());
  out.weight_bytes = c_program.array_bytes();
  out.arena_bytes = c_program.arena_bytes;
  out.steps = steps_of(c_program);
  for (const CompiledStep& s : out.steps) out.macs += s.macs;
  out.plan = plan_of(c_program);
  out.golden_samples = golden.samples;
  if (borders > 0)
    out.warnings.push_back("float inputs and outputs are integers in C; " + name + "_float.h converts them");
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
