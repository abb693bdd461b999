// Compiled with -mavx2.
#if defined(__x86_64__)
#include "isa_table.h"
#include "lanes_avx2.h"

namespace narrow::host {

constexpr Isa kIsaAvx2 = isa_of<Avx2>("avx2");

}  // namespace narrow::host
#endif
