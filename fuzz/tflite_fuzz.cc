// Any bytes as a model: an error that is not our own, or a valid model that survives being written and read again.
#include "../tests/small_file.h"
#include "check_model.h"
#include "fuzz.h"
#include "read/read.h"
#include "tflite/write.h"

namespace narrow {

std::vector<std::string> fuzz_seeds() {
  std::vector<std::string> seeds;
  auto add = [&](const Bytes& bytes) { seeds.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size()); };
  SmallFile small;
  add(small.bytes());
  small.add_passthrough_parts();
  add(small.bytes());
  auto const model = read_model(SharedBytes(small.bytes()), "seed");
  if (model) add(*write_tflite(*model));  // shares its parts
  return seeds;
}

}  // namespace narrow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace narrow;
  check_reading(SharedBytes::copy_of(std::span<const uint8_t>(data, size)));
  return 0;
}
