#include "emit/c/cost_model.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace narrow {
namespace {

// Kernels that make two products in one instruction, with weights of 8 and of 16 bits; fully connected ones of them,
// which use each weight once; and those with vectors. Fitted to the networks of docs/kernels.md, as is
// CoreCost::blocked.
constexpr LoopCost kDual{0.82, 1.9, 10, 22}, kWide{0.75, 1.9, 10, 22}, kDualDense{1.1, 0, 16, 0},
    kWideDense{0.85, 0, 14, 0}, kVectors{0.18, 1.0, 4.5, 6};
constexpr double kNibbles = 1.65;  // instructions of a product with two weights in a byte, to those of others

/// Instructions of one call.
struct Instructions {
  double products, others;
};

LoopCost loops_of(const KernelCost& cost, const CoreCost& core) {
  if (cost.vectors) return kVectors;
  if (cost.dual && cost.dense) return cost.wide ? kWideDense : kDualDense;
  if (cost.dual) return cost.wide ? kWide : kDual;
  LoopCost each = cost.blocked ? core.blocked : core.plain;
  if (cost.nibbles) {
    each.mac *= kNibbles;
    each.scattered_mac *= kNibbles;
  }
  return each;
}

Instructions counted(const KernelCost& cost, const CoreCost& core) {
  LoopCost const each = loops_of(cost, core);
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
