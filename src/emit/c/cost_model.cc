#include "emit/c/cost_model.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace narrow {
namespace {

constexpr CoreCost kCores[] = {
    {"cortex-m0", {7, 17, 120, 24}, 1.4, {5.5, 9.5, 57, 100}},
    {"cortex-m3", {3.3, 8, 55, 14}, 1.35},
    {"cortex-m4", {3.3, 8, 55, 14}, 1.3},
    {"cortex-m7", {3.3, 8, 55, 14}, 0.75},
    {"cortex-m33", {3.3, 8, 55, 14}, 1.25},
    {"cortex-m55", {3.7, 8.5, 57, 14}, 1.2},
    {"riscv32", {4.8, 11, 80, 18}, 1.2, {3.05, 4.2, 18, 50}},
};

// Of kernels that make two products in one instruction, and of those with vectors. Fitted to the networks of
// docs/kernels.md, as is CoreCost::blocked.
constexpr LoopCost kDual{1.15, 2.4, 16, 36}, kVectors{0.18, 1.0, 4.5, 6};
constexpr double kNibbles = 1.65;  // instructions of a product with two weights in a byte, to those of others

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
  return kCores;
}

int64_t modelled_instructions(const KernelCost& cost, const CoreCost& core) {
  double const macs = static_cast<double>(cost.macs), elements = static_cast<double>(cost.elements);
  auto by = [&](const LoopCost& c) {
    return std::llround(macs * (cost.scattered ? c.scattered_mac : c.mac) +
                        elements * (cost.macs > 0 ? c.result : c.element));
  };
  if (cost.vectors) return by(kVectors);
  if (cost.dual) return by(kDual);
  LoopCost loops = cost.blocked ? core.blocked : core.portable;
  if (cost.nibbles) {
    loops.mac *= kNibbles;
    loops.scattered_mac *= kNibbles;
  }
  return by(loops);
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
