#include "emit/c/cost_model.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace narrow {
namespace {

// Instructions of a product, of one whose data lie apart, of a result, and of an element of what is no layer. Those of
// kernels for particular processors are fitted to the networks of docs/kernels.md.
struct LoopCost {
  double mac, scattered_mac, result, element;
};
constexpr LoopCost kDual{1.15, 2.4, 16, 36}, kWide{0.95, 2.4, 16, 36}, kVectors{0.18, 1.0, 4.5, 6};
constexpr double kNibbles = 1.65;  // instructions of a product with two weights in a byte, to those of others

/// Instructions of one call.
struct Instructions {
  double products, others;
};

Instructions counted(const KernelCost& cost, const CoreCost& core) {
  LoopCost each{core.mac, core.scattered_mac, core.result, core.element};
  if (cost.vectors)
    each = kVectors;
  else if (cost.dual)
    each = cost.wide ? kWide : kDual;
  else if (cost.nibbles)
    each = {each.mac * kNibbles, each.scattered_mac * kNibbles, each.result, each.element};
  return {static_cast<double>(cost.macs) * (cost.scattered ? each.scattered_mac : each.mac),
          static_cast<double>(cost.elements) * (cost.macs > 0 ? each.result : each.element)};
}

const LoopMix& mix_of(const KernelCost& cost, const CoreCost& core) {
  if (cost.vectors) return kLoopMixes.vectors;
  if (cost.dual) return cost.wide ? kLoopMixes.wide : kLoopMixes.dual;
  return core.small ? kLoopMixes.small : kLoopMixes.plain;
}

/// Cycles of an instruction, on average.
double cycles_of(const ByClass& of_100, const ByClass& each) {
  return (of_100.alu * each.alu + of_100.multiply * each.multiply + of_100.long_multiply * each.long_multiply +
          of_100.load * each.load + of_100.next_load * each.next_load + of_100.store * each.store +
          of_100.jump * each.jump + of_100.vector * each.vector + of_100.vector_load * each.vector_load) /
         100;
}

bool has_nibbles(const CProgram& program) {
  return std::ranges::any_of(program.arrays, [](const CArray& a) { return a.holds == Holds::nibbles; });
}

bool has_wide_sums(const CProgram& program) {
  for (const CParams& p : program.params)
    if (std::string_view(p.call.kernel->name).find("s64") != std::string_view::npos ||
        std::string_view(p.call.kernel->name).find("b64") != std::string_view::npos)
      return true;
  return false;
}

}  // namespace

std::span<const CoreCost> core_costs() {
  return kCoreCosts;
}

int64_t modelled_instructions(const KernelCost& cost, const CoreCost& core) {
  Instructions const n = counted(cost, core);
  return std::llround(n.products + n.others);
}

int64_t modelled_cycles(const KernelCost& cost, const CoreCost& core) {
  Instructions const n = counted(cost, core);
  const LoopMix& mix = mix_of(cost, core);
  return std::llround(n.products * cycles_of(cost.scattered ? mix.scattered : mix.product, core.cycles) +
                      n.others * cycles_of(cost.macs > 0 ? mix.result : mix.element, core.cycles));
}

bool runs_on(const KernelCost& cost, const CoreCost& core) {
  return (core.dual || !cost.dual) && (core.vectors || !cost.vectors);
}

int64_t modelled_code_bytes(const CProgram& program) {
  constexpr int64_t kKernel = 950, kCall = 40;
  std::set<const Kernel*> kernels;
  int64_t calls = 0;
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps)
      for (const CCall& c : s.calls) {
        kernels.insert(c.kernel);
        ++calls;
      }
  return kKernel * static_cast<int64_t>(kernels.size()) + kCall * calls;
}

int64_t params_bytes(const CProgram& program) {
  int64_t sum = 0;
  for (const CParams& p : program.params)
    for (const ParamField& f : p.call.kernel->params->fields)
      sum += f.pointer ? 4 : static_cast<int64_t>(f.count * element_size(f.type));
  return sum;
}

int64_t modelled_stack_bytes(const CProgram& program) {
  constexpr int64_t kNarrow = 304, kWide = 536;  // with 32-bit and 64-bit sums
  constexpr int64_t kNibbleStack = 132;
  return (has_wide_sums(program) ? kWide : kNarrow) + (has_nibbles(program) ? kNibbleStack : 0);
}

}  // namespace narrow
