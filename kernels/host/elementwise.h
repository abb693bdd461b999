// ADD, SUB and MUL. Long runs go through vector code that the compiler makes for several instruction sets; the fitting
// one is chosen when the program is loaded.
#ifndef NARROW_KERNELS_HOST_ELEMENTWISE_H
#define NARROW_KERNELS_HOST_ELEMENTWISE_H

extern "C" {
#include "portable/arithmetic/add.h"
#include "portable/arithmetic/mul.h"
}

#include "scaled.h"

namespace narrow::host {

// out may not overlap an operand. These equal the portable kernels of the same name bit for bit.
void add_i8(const nw_add_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out);
void add_i16(const nw_add_params* p, const nw_i16* a, const nw_i16* b, nw_i16* out);
void add_by_rule_i8(const nw_add_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out);
void add_by_rule_i16(const nw_add_params* p, const nw_i16* a, const nw_i16* b, nw_i16* out);
void add_joint_i8(const nw_add_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out);
void mul_i8(const nw_mul_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out);
void mul_i16(const nw_mul_params* p, const nw_i16* a, const nw_i16* b, nw_i16* out);

// What only LiteRT's default interpreter computes.

// Its builtin optimized ADD for operands of one shape. The first floor(n / 16) * 16 elements are shifted, cut where
// that is to the right, and multiplied with one rounding; 8-bit sums go through 16 bits, wrapping, before they are
// clamped. The rest is added as add_* does.
void add_optimized_i8(const nw_add_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out);
void add_optimized_i16(const nw_add_params* p, const nw_i16* a, const nw_i16* b, nw_i16* out);

// XNNPACK's MUL: float32(product * scale), ties to even.
void mul_float_i8(const MulFloatParams* p, const nw_i8* a, const nw_i8* b, nw_i8* out);

}  // namespace narrow::host

#endif
