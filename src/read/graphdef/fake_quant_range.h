// The grids of FakeQuant nodes in narrow's terms.
#pragma once

#include "ops/conversions/conversions.h"
#include "read/graphdef/constant.h"

namespace narrow::graphdef {

/// The range at `index`, which moves to hold zero where it does not, as TensorFlow moves it: its width stays.
inline FakeQuantAttributes attributes_of(const FakeQuantRange& range, size_t index) {
  float lo = range.min[index], hi = range.max[index];
  if (lo > 0) {
    hi -= lo;
    lo = 0;
  } else if (hi < 0) {
    lo -= hi;
    hi = 0;
  }
  return {.min = lo, .max = hi, .num_bits = range.num_bits, .narrow_range = range.narrow_range};
}

}  // namespace narrow::graphdef
