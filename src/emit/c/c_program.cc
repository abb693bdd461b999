#include "emit/c/c_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "emit/c/c_program_maker.h"
#include "emit/c/chip_kernels.h"
#include "emit/constants/op_names.h"

namespace narrow {
namespace {

/// The graphs that `index` runs, those before each that it runs itself; `index` last.
void add_in_order(const std::map<int, Program>& programs, int index, std::vector<int>& order) {
  for (const ProgramStep& s : programs.at(index).steps)
    for (int g : s.prepared.step().control.graphs())
      if (std::ranges::find(order, g) == order.end()) add_in_order(programs, g, order);
  if (std::ranges::find(order, index) == order.end()) order.push_back(index);
}

/// All graphs that `entry` runs, and itself.
Result<std::map<int, Program>> programs_of(const std::shared_ptr<const Model>& model, int entry) {
  LowerContext context{*find_profile("narrow")};
  context.reference = true;  // nothing is run here, so that no weights have to be packed
  std::map<int, Program> programs;
  std::vector<int> waiting{entry};
  while (!waiting.empty()) {
    int const index = waiting.back();
    waiting.pop_back();
    if (programs.contains(index)) continue;
    NARROW_TRY(Program program, lower(model, context, index));
    for (const ProgramStep& s : program.steps)
      for (int g : s.prepared.step().control.graphs()) waiting.push_back(g);
    programs.emplace(index, std::move(program));
  }
  return programs;
}

}  // namespace

bool CProgram::paired(const CArray& array) const {
  bool const weights = array.holds == Holds::weights || array.holds == Holds::nibbles;
  return weights && element_bytes(array.dtype) == 1 && char_bits > 8;
}

int64_t CProgram::array_bytes(const CArray& array) const {
  auto const elements = static_cast<int64_t>(array.bytes.size() / element_bytes(array.dtype));
  int64_t const units = paired(array) ? (elements + 1) / 2 : sizeof_elements(array.dtype, elements, char_bits);
  return units * (char_bits / 8);
}

int64_t CProgram::array_bytes() const {
  int64_t sum = 0;
  for (const CArray& a : arrays) sum += array_bytes(a);
  return sum;
}

int64_t CProgram::macs(const CStep& step) const {
  int64_t sum = 0;
  for (const CCall& c : step.calls) sum += cost(c).macs;
  return sum;
}

int64_t CProgram::macs() const {
  int64_t sum = 0;
  for (const CGraph& g : graphs)
    for (const CStep& s : g.steps) sum += macs(s);
  return sum;
}

bool CProgram::moves_memory() const {
  return !state.empty() || std::ranges::any_of(graphs, [](const CGraph& g) {
    return std::ranges::any_of(g.steps, [](const CStep& s) { return s.control.kind != ControlFlow::Kind::none; });
  });
}

std::string kernel_names(const CStep& step) {
  std::string out;
  std::set<const Kernel*> named;
  for (const CCall& c : step.calls)
    if (named.insert(c.kernel).second) out += (out.empty() ? "" : ", ") + std::string(c.kernel->name);
  return out;
}

int64_t CProgram::state_bytes() const {
  int64_t sum = 0;
  for (const CField& f : state) sum += sizeof_elements(f.dtype, std::max<int64_t>(f.elements, 1), char_bits);
  return sum;
}

const char* c_element(DType dtype) {
  return c_type(element_type(dtype));
}

Result<CProgram> make_c_program(const std::shared_ptr<const Model>& model, int entry, const std::string& name,
                                const TargetChip& chip) {
  NARROW_TRY(auto const programs, programs_of(model, entry));
  return c_program_of(programs, entry, name, chip);
}

Result<CProgram> c_program_of(const std::map<int, Program>& portable, int entry, const std::string& name,
                              const TargetChip& chip) {
  constexpr size_t kMostName = 24;
  constexpr int64_t kAlignment = 8;
  std::map<int, Program> programs;
  for (const auto& [g, program] : portable) {
    NARROW_TRY(Program suited, with_chip_kernels(program, chip));
    programs.emplace(g, std::move(suited));
  }
  auto const model = programs.at(entry).model;
  std::vector<int> order;
  add_in_order(programs, entry, order);

  CProgram out;
  out.name = name;
  out.model = model;
  out.char_bits = chip.char_bits;
  std::map<int, ArenaPlan> plans;
  std::map<int, int64_t> bases;
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    const Program& program = programs.at(*at);
    plans[*at] = plan_arena(program, chip.char_bits);
    int64_t const end = bases[*at] + plans[*at].bytes;
    out.arena_bytes = std::max(out.arena_bytes, end);
    for (const ProgramStep& s : program.steps)
      for (int g : s.prepared.step().control.graphs())
        bases[g] = std::max(bases[g], (end + kAlignment - 1) / kAlignment * kAlignment);
  }
  CProgramMaker maker(programs, bases, out);
  auto const names = short_op_names(*model, kMostName);
  for (int g : order)
    NARROW_CHECK(maker.add_graph(g, g == entry ? name + "_run" : fmt::format("graph_{}", g), std::move(plans[g]),
                                 names[static_cast<size_t>(g)]));
  return out;
}

}  // namespace narrow
