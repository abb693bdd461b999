// The choices of compile.h, each with its names.
#include <array>

#include "narrow/compile.h"

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
