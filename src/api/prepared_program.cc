#include "api/prepared_program.h"

#include <algorithm>
#include <iterator>

#include "api/left_out_note.h"
#include "api/measured_code.h"
#include "api/place_constants.h"
#include "api/project_costs.h"
#include "api/sized_for_data.h"
#include "api/smallest_program.h"
#include "graph/entry.h"
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

/// What the source may depend on: kernels of one kind of processor take more code and memory than portable ones.
TargetChip chip_of(const CompileRequest& request) {
  constexpr int kCharBitsC28x = 16;
  constexpr Target kWithDsp[] = {Target::cortex_m4, Target::cortex_m7, Target::cortex_m33, Target::cortex_m55};
  constexpr Target kWithout[] = {Target::cortex_m0, Target::cortex_m3, Target::riscv32};
  TargetChip chip;
  if (request.target == Target::c28x) chip.char_bits = kCharBitsC28x;
  bool const may = request.optimize == Optimize::speed && request.certificate.empty();
  chip.tables = may;
  chip.dsp = may && std::ranges::find(kWithDsp, request.target) != std::end(kWithDsp);
  chip.helium = may && request.target == Target::cortex_m55;
  chip.blocked = may && std::ranges::find(kWithout, request.target) != std::end(kWithout);
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

}  // namespace

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

Result<PreparedProgram> prepare_program(const ModelPtr& given, const CompileRequest& request, const std::string& name) {
  PreparedProgram out;
  NARROW_TRY(out.entry, entry_graph(*given, request.signature));
  CompileResult notes;
  NARROW_TRY(Model model, prepared(given, request, out.entry, notes));
  out.folded = std::make_shared<const Model>(model);
  pack_weights(model);
  TargetChip chip = chip_of(request);
  NARROW_TRY(DescribedProgram made, described_program(model, out.entry, name, chip, request));
  if (chip.tables && request.flash && !made.result.over_budget.empty()) {
    chip.tables = false;  // for less flash
    NARROW_TRY(made, described_program(model, out.entry, name, chip, request));
  }
  if ((chip.dsp || chip.helium || chip.blocked) && request.flash && !made.result.over_budget.empty()) {
    chip = {.char_bits = chip.char_bits};
    NARROW_TRY(made, described_program(model, out.entry, name, chip, request));
    if (made.result.over_budget.empty())
      made.result.notes.emplace_back("portable kernels alone: `flash` leaves no room for those of the processor");
  }
  if (chip.dsp && request.flash && made.result.over_budget.empty()) {
    // Weights in 16 bits, of all layers or of those that use each weight most, as long as they fit.
    constexpr int64_t kMostProducts = 1 << 16;
    for (chip.wide_from = 1; chip.wide_from <= kMostProducts; chip.wide_from *= 2) {
      NARROW_TRY(DescribedProgram wide, described_program(model, out.entry, name, chip, request));
      if (!wide.result.over_budget.empty()) continue;
      made = std::move(wide);
      break;
    }
  }
  out.program = std::move(made.program);
  out.described = std::move(made.result);
  NARROW_TRY(out.described.pools, place_constants(out.program, request.place));
  out.described.warnings = std::move(notes.warnings);
  out.described.notes.insert(out.described.notes.begin(), notes.notes.begin(), notes.notes.end());
  return out;
}

}  // namespace narrow
