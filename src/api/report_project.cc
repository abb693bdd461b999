#include "api/report_project.h"

#include <algorithm>
#include <map>
#include <set>

#include "api/prepared_program.h"
#include "api/project_costs.h"
#include "emit/c/cost_model.h"

namespace narrow {
namespace {

constexpr const char* kReportCore = "cortex-m4";

/// The constants that a pointer leads to.
void add_arrays(const CPointer& p, std::set<size_t>& out) {
  if (p.source == CPointer::Source::array) out.insert(p.index);
  for (const CPointer& q : p.list) add_arrays(q, out);
}

/// Bytes that hold values while op `op` of a graph runs: of the plan's buffers, where some lie over each other.
int64_t bytes_in_use(const std::vector<PlannedBuffer>& plan, int graph, int op) {
  int64_t bytes = 0, end = 0;  // the plan rises by offset
  for (const PlannedBuffer& b : plan) {
    if (b.graph != graph || b.first > op || b.last < op) continue;
    int64_t const from = std::max(b.offset, end);
    end = std::max(end, b.offset + b.bytes);
    bytes += std::max<int64_t>(end - from, 0);
  }
  return bytes;
}

ReportProject project_of(const PreparedProgram& prepared) {
  const CProgram& program = prepared.program;
  const CompileResult& said = prepared.described;
  ReportProject out;
  out.flash = said.flash_bytes.value_or(0);
  out.constants = said.weight_bytes;
  out.code = said.code_bytes.value_or(0);
  out.arena = said.arena_bytes.value_or(0);
  out.state = said.state_bytes;
  out.stack = said.stack_bytes.value_or(0);
  out.macs = said.macs;
  out.core = kReportCore;
  out.plan = said.plan;
  out.plan_graph = program.entry().index;
  std::set<size_t> counted;
  size_t k = 0;
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps) {
      const CompiledStep& step = said.steps[k++];
      const Graph& graph = program.graph_of(g);
      ReportStep row;
      row.name = op_name(graph, graph.ops[s.op]);
      row.op = step.op;
      row.kernel = step.kernel;
      row.macs = step.macs;
      for (auto const& [core, cycles] : step.cycles)
        if (core == kReportCore) row.cycles = cycles;
      if (step.cycles.empty()) row.cycles = step.instructions;
      std::set<size_t> arrays;
      for (const CCall& c : s.calls) {
        for (const CPointer& p : c.pointers) add_arrays(p, arrays);
        for (auto const& [field, array] : program.params[c.params].pointed) arrays.insert(array);
      }
      for (size_t const a : arrays)
        if (counted.insert(a).second) row.flash += program.array_bytes(program.arrays[a]);
      row.ram = bytes_in_use(said.plan, g.index, static_cast<int>(s.op));
      out.cycles += row.cycles;
      out.steps.push_back(std::move(row));
    }
  return out;
}

}  // namespace

ProjectOrReason report_project(const ModelPtr& model, const ReportRequest& request) {
  CompileRequest compile;
  compile.signature = request.signature;
  Status const numbers = check_numbers(*model);
  if (!numbers) return {{}, numbers.error().what};
  auto const prepared = prepare_program(model, compile, "network");
  if (!prepared) return {{}, prepared.error().what};
  ProjectOrReason out{project_of(*prepared)};
  compile.flash = request.flash;
  compile.ram = request.ram;
  out.over_budget = over_budget(compile, prepared->described);
  return out;
}

}  // namespace narrow
