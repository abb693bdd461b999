// What libFuzzer's own main function lacks: seeds. They are made before it begins, outside of the time that an input
// has; where NARROW_FUZZ_SEEDS names a folder they go there, which may be the one that it is told to read.
#include <cstdlib>

#include "seeds.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* folder = std::getenv("NARROW_FUZZ_SEEDS");
  return folder ? narrow::write_seeds(folder) : 0;
}
