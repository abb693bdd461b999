// FAKE_QUANT: rounds floats to a grid of unsigned integers and stays float; what training with quantization leaves.
#pragma once

#include "ops/conversions/conversions.h"

namespace narrow {

/// The grid: real = (q - zero_point) * scale, q in [lo, hi].
struct FakeQuantGrid {
  float scale = 1;
  int32_t lo = 0;
  int32_t hi = 255;
  int32_t zero_point = 0;
};

/// Zero is on the grid, as TensorFlow nudges it. bad_file where the range or the width makes no grid.
Result<FakeQuantGrid> fake_quant_grid(const FakeQuantAttributes& attributes);

}  // namespace narrow
