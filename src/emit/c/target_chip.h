// TargetChip: what of a processor the C source of a network depends on.
#pragma once

#include <cstdint>

namespace narrow {

struct TargetChip {
  int char_bits = 8;              // of the smallest addressable unit, which sizes and offsets count
  bool dsp = false;               // it has the DSP extension of Armv7E-M and Armv8-M, and kernels may use it
  bool helium = false;            // likewise Helium, the M-profile vector extension for integers
  bool blocked = false;           // it has neither, and kernels may keep several rows and channels in registers
  bool tables = false;            // what kernels compute of single elements may be tables, for speed
  int64_t wide_from = INT64_MAX;  // products that each weight of a layer is in, from which on kernels may have weights
                                  // of 8 bits stored in 16, for speed
};

}  // namespace narrow
