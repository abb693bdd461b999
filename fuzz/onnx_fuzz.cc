// Any bytes as an ONNX model: an error that is not our own, or a valid model that survives being written and read
// again.
#include "../tests/onnx_file.h"
#include "check_model.h"
#include "fuzz.h"

namespace narrow {

std::vector<std::string> fuzz_seeds() {
  OnnxFile shapes;
  shapes.input("x", {0, 2, 3}).integers("zero", {0}).integers("rest", {-1});
  shapes.node("Shape", {"x"}, "shape");
  shapes.node("Gather", {"shape", "zero"}, "batch");
  shapes.node("Concat", {"batch", "rest"}, "to").add_attribute()->set_name("axis");
  shapes.node("Reshape", {"x", "to"}, "y");
  return {OnnxFile::network().bytes(), OnnxFile::network(1).bytes(), shapes.output("y").bytes()};
}

}  // namespace narrow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace narrow;
  check_reading(SharedBytes::copy_of(std::span<const uint8_t>(data, size)));
  return 0;
}
