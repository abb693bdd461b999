#include "api/project_costs.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "emit/c/cost_model.h"
#include "graph/liveness.h"

namespace narrow {
namespace {

/// The core that costs are shown of.
const CoreCost& core_of(Target target) {
  for (const CoreCost& core : core_costs())
    if (std::string_view(core.name) == to_string(target)) return core;
  for (const CoreCost& core : core_costs())
    if (std::string_view(core.name) == to_string(Target::cortex_m4)) return core;
  return core_costs().front();
}

/// The cores that can run the program.
std::vector<const CoreCost*> cores_for(const CProgram& program) {
  std::vector<const CoreCost*> out;
  for (const CoreCost& core : core_costs()) {
    bool runs = true;
    for (const CGraph& g : program.graphs)
      for (const CStep& s : g.steps)
        for (const CCall& c : s.calls) runs = runs && runs_on(program.cost(c), core);
    if (runs) out.push_back(&core);
  }
  return out;
}

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

/// The arrays that a step reads.
std::set<size_t> arrays_of(const CProgram& program, const CStep& step) {
  std::set<size_t> out;
  for (const CCall& c : step.calls) {
    for (const CPointer& p : c.pointers) add_arrays(p, out);
    for (auto const& [field, array] : program.params[c.params].pointed) out.insert(array);
  }
  return out;
}

std::vector<CompiledStep> steps_of(const CProgram& program, const CoreCost& shown,
                                   const std::vector<PlannedBuffer>& plan) {
  std::set<size_t> counted;
  std::vector<const CoreCost*> const cores = cores_for(program);
  std::vector<CompiledStep> out;
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps) {
      CompiledStep step;
      step.name = s.name;
      const Graph& graph = program.graph_of(g);
      step.op = graph.ops[s.op].type;
      step.tensor = op_name(graph, graph.ops[s.op]);
      for (size_t const a : arrays_of(program, s))
        if (counted.insert(a).second) step.constant_bytes += program.array_bytes(program.arrays[a]);
      step.ram_bytes = bytes_in_use(plan, g.index, static_cast<int>(s.op));
      step.kernel = kernel_names(s);
      step.macs = program.macs(s);
      step.reason = s.memory;
      for (const CoreCost* core : cores) step.cycles.emplace_back(core->name, 0);
      for (const CCall& c : s.calls) {
        KernelCost const cost = program.cost(c);
        step.instructions += modelled_instructions(cost, shown);
        for (size_t i = 0; i < cores.size(); ++i) step.cycles[i].second += modelled_cycles(cost, *cores[i]);
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
                     sizeof_elements(tensor.dtype, tensor.elements(), program.char_bits), life.first, life.last,
                     g.index});
    }
  }
  std::ranges::stable_sort(out, {}, &PlannedBuffer::offset);
  return out;
}

}  // namespace

std::vector<std::string> over_budget(const CompileRequest& request, const CompileResult& result) {
  std::vector<std::string> out;
  if (request.flash && *result.flash_bytes > *request.flash)
    out.push_back("code and constants take " + std::to_string(*result.flash_bytes) + " bytes of flash (" +
                  std::to_string(result.weight_bytes) + " of constants), and `flash` allows " +
                  std::to_string(*request.flash) +
                  ": weights of 4 bits (`weights=4`, or where they cost least by `fit`) take least, then those of 8 "
                  "(`scheme=int8`, `scheme=q7`); else a smaller network is needed");
  int64_t const ram = *result.arena_bytes + result.state_bytes + *result.stack_bytes;
  if (request.ram && ram > *request.ram)
    out.push_back("arena, state and stack take " + std::to_string(*result.arena_bytes) + " + " +
                  std::to_string(result.state_bytes) + " + " + std::to_string(*result.stack_bytes) +
                  " bytes, and `ram` allows " + std::to_string(*request.ram) +
                  ": activations of 8 bits (`scheme=int8`, `scheme=q7`) take least; `optimize=ram` may need less; else "
                  "smaller images are needed");
  return out;
}

CompileResult described(const CProgram& program, Target target) {
  CompileResult out;
  out.name = program.name;
  out.constants = static_cast<int64_t>(program.arrays.size());
  out.weight_bytes = program.array_bytes();
  out.arena_bytes = program.arena_bytes * (program.char_bits / 8);
  out.state_bytes = program.state_bytes() * (program.char_bits / 8);
  out.code_bytes = modelled_code_bytes(program);
  out.flash_bytes = out.weight_bytes + params_bytes(program) + *out.code_bytes;
  out.stack_bytes = modelled_stack_bytes(program);
  out.macs = program.macs();
  out.plan = plan_of(program);
  out.steps = steps_of(program, core_of(target), out.plan);
  return out;
}

}  // namespace narrow
