// Any bytes as a model: what is valid is simplified, lowered or refused, and what is lowered runs inside its buffers.
#include "check_model.h"
#include "fuzz.h"
#include "seed_models.h"

namespace narrow {

std::vector<std::string> fuzz_seeds() {
  return seed_models();
}

}  // namespace narrow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace narrow;
  check_running(SharedBytes::copy_of(std::span<const uint8_t>(data, size)));
  return 0;
}
