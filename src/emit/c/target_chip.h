// TargetChip: what of a processor the C source of a network depends on.
#pragma once

namespace narrow {

struct TargetChip {
  int char_bits = 8;          // of the smallest addressable unit, which sizes and offsets count
  bool dsp = false;           // it has the DSP extension of Armv7E-M and Armv8-M, and kernels may use it
  bool helium = false;        // likewise Helium, the M-profile vector extension for integers
  bool tables = false;        // what kernels compute of single elements may be tables, for speed
  bool wide_weights = false;  // kernels may have weights of 8 bits stored in 16, for speed
};

}  // namespace narrow
