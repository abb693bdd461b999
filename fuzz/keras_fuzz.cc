// Any text as the description of a Keras model: an error that is not our own, or a network whose calls refer to layers
// that there are.
#include "fuzz.h"
#include "read/keras/config.h"

namespace narrow {

std::vector<std::string> fuzz_seeds() {
  return {
      R"({"class_name":"Sequential","config":[{"class_name":"Dense","config":{"name":"d","batch_input_shape":[null,3]}}]})",
      R"({"class_name":"Functional","config":{"name":"m","layers":[{"class_name":"InputLayer","name":"x","config":)"
      R"({"name":"x"},"inbound_nodes":[]},{"class_name":"Sequential","name":"s","config":{"name":"s","layers":[)"
      R"({"class_name":"Bidirectional","config":{"name":"b","layer":{"class_name":"LSTM","config":{"name":"l"}}}}]},)"
      R"("inbound_nodes":[[["x",0,0,{}]]]},{"class_name":"Add","name":"a","config":{"name":"a"},"inbound_nodes":)"
      R"([{"args":[[{"class_name":"__keras_tensor__","config":{"keras_history":["s",0,0]}}]],"kwargs":{"mask":null}}]}],)"
      R"("input_layers":["x",0,0],"output_layers":[["a",0,0]]}})",
  };
}

namespace {

void check(const KerasNetwork& network) {
  auto known = [&](const KerasTensor& t) {
    for (const KerasLayer& layer : network.layers)
      if (layer.name == t.layer) return t.node >= 0 && static_cast<size_t>(t.node) < layer.calls.size();
    return false;
  };
  for (const KerasLayer& layer : network.layers) {
    for (const KerasCall& call : layer.calls)
      for (const KerasTensor& t : call.inputs)
        if (!known(t)) __builtin_trap();
    for (const KerasNetwork& inner : layer.network) check(inner);
  }
  for (const KerasTensor& t : network.outputs)
    if (!known(t)) __builtin_trap();
}

}  // namespace
}  // namespace narrow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace narrow;
  auto const network = keras::parse_config({reinterpret_cast<const char*>(data), size}, kLimits);
  if (network)
    check(*network);
  else if (network.error().kind == ErrorKind::internal)
    __builtin_trap();
  return 0;
}
