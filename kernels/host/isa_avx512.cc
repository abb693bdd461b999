// Compiled with -mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx512vnni.
#if defined(__x86_64__)
// GCC 12 takes the deliberately undefined operand inside its own intrinsics for a mistake (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include "isa_table.h"
#include "lanes_avx512.h"

namespace narrow::host {

constexpr Isa kIsaAvx512 = isa_of<Avx512>("avx512vnni");

}  // namespace narrow::host
#endif
