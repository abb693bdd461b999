// The table of one instruction set. Included only by isa_<name>.cc, which are compiled with different flags: what they
// share must be templates over V, or the linker may keep one file's copy for all. (std::vector's data() and size() stay
// calls in unoptimized builds; they move pointers and need no vector instruction.)
#ifndef NARROW_KERNELS_HOST_ISA_TABLE_H
#define NARROW_KERNELS_HOST_ISA_TABLE_H

#include "accumulate.h"
#include "requantize_lanes.h"

namespace narrow::host {

template <class V, class T>
constexpr Kernels<T> kernels_of() {
  return {
      .widen = widen<V, T>,
      .accumulate = accumulate<V, false, T>,
      .accumulate_depthwise = accumulate<V, true, T>,
      .join_planes = join_planes<V, T>,
      .finish =  // by Rounding
      {
          finish<V, DoubleRounding<V, false>, T>,
          finish<V, DoubleRounding<V, true>, T>,
          finish<V, SingleRounding<V, false>, T>,
          finish<V, SingleRounding<V, true>, T>,
          finish<V, Float32Rounding<V>, T>,
          finish<V, Float64Rounding<V>, T>,
          finish<V, RuleRounding<V>, T>,
      },
  };
}

template <class V>
constexpr Isa isa_of(const char* name) {
  return {name, V::kLanes, kernels_of<V, std::int8_t>(), kernels_of<V, std::int16_t>()};
}

}  // namespace narrow::host

#endif
