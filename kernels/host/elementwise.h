// ADD, SUB and MUL, equal to the portable kernels of the same name bit for bit. Long runs go through vector code that
// the compiler makes for several instruction sets; the fitting one is chosen when the program is loaded.
#ifndef NARROW_KERNELS_HOST_ELEMENTWISE_H
#define NARROW_KERNELS_HOST_ELEMENTWISE_H

extern "C" {
#include "portable/add.h"
#include "portable/mul.h"
}

namespace narrow::host {

// out may not overlap an operand.
void add_i8(const nw_add_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out);
void add_i16(const nw_add_params* p, const nw_i16* a, const nw_i16* b, nw_i16* out);
void add_joint_i8(const nw_add_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out);
void mul_i8(const nw_mul_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out);
void mul_i16(const nw_mul_params* p, const nw_i16* a, const nw_i16* b, nw_i16* out);

}  // namespace narrow::host

#endif
