#include "api/report_project.h"

#include <algorithm>

#include "api/prepared_program.h"
#include "api/project_costs.h"

namespace narrow {
namespace {

ReportProject project_of(const CompileResult& said, const std::string& core, int plan_graph) {
  ReportProject out;
  out.flash = said.flash_bytes.value_or(0);
  out.constants = said.weight_bytes;
  out.code = said.code_bytes.value_or(0);
  out.arena = said.arena_bytes.value_or(0);
  out.state = said.state_bytes;
  out.stack = said.stack_bytes.value_or(0);
  out.macs = said.macs;
  out.measured_by = said.measured_by;
  out.core = core;
  out.plan = said.plan;
  out.plan_graph = plan_graph;
  for (const CompiledStep& s : said.steps) {
    ReportStep row{s.tensor, s.op, s.kernel, s.constant_bytes, s.ram_bytes, s.macs, s.instructions};
    for (auto const& [name, cycles] : s.cycles)
      if (name == core) row.cycles = cycles;
    out.cycles += row.cycles;
    out.steps.push_back(std::move(row));
  }
  return out;
}

/// The op that an error is about, without the file, which the report names.
std::string reason_of(const Error& error) {
  bool const of_op = error.where.starts_with("op ");
  return of_op ? error.what + ": " + error.where.substr(0, error.where.find(',')) : error.what;
}

/// The core that cycles are told of: the target, or a Cortex-M4.
std::string core_for(Target target) {
  bool const has_none = target == Target::portable || target == Target::c28x;
  return to_string(has_none ? Target::cortex_m4 : target);
}

}  // namespace

ProjectOrReason report_project(const ModelPtr& model, const ReportRequest& request) {
  CompileRequest compile;
  compile.signature = request.signature;
  Status const numbers = check_numbers(*model);
  if (!numbers) return {{}, reason_of(numbers.error())};
  auto const prepared = prepare_program(model, compile, "network");
  if (!prepared) return {{}, reason_of(prepared.error())};
  ProjectOrReason out{project_of(prepared->described, core_for(compile.target), prepared->program.entry().index)};
  compile.flash = request.flash;
  compile.ram = request.ram;
  out.over_budget = over_budget(compile, prepared->described);
  return out;
}

ProjectOrReason report_project(const CompileResult& compiled, const ReportRequest& request, int entry) {
  CompileRequest budgets;
  budgets.flash = request.flash;
  budgets.ram = request.ram;
  return {project_of(compiled, core_for(request.target), entry), {}, over_budget(budgets, compiled)};
}

}  // namespace narrow
