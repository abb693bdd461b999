// Any bytes as a GraphDef and as the index of saved variables: an error that is not our own, or a valid model.
#include "../tests/read/graphdef/graph_writer.h"
#include "check_model.h"
#include "fuzz.h"
#include "read/graphdef/bundle.h"

namespace narrow {

std::vector<std::string> fuzz_seeds() {
  GraphWriter conv;
  conv.placeholder("x", {-1, 4, 4, 1});
  conv.floats("filter", {1, 2, 1, 2}, {1, 2, 3, 4});
  conv.conv("conv", {"x", "filter"});
  conv.floats("b", {2}, {5, 6});
  conv.node("bias", "BiasAdd", {"conv", "b"});
  conv.node("shape", "Shape", {"bias"});
  conv.node("out", "Reshape", {"bias", "shape"});
  GraphWriter loop;
  loop.placeholder("x", {1, 4});
  loop.floats("step", {4}, {1, 2, 3, 4});
  loop.ints("limit", {}, {3});
  loop.loop("x", "step", "limit");
  return {conv.text(), loop.text()};
}

}  // namespace narrow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace narrow;
  SharedBytes const bytes = SharedBytes::copy_of(std::span<const uint8_t>(data, size));
  check_reading(bytes);
  static_cast<void>(graphdef::Bundle::read(bytes, "variables", kLimits));
  return 0;
}
