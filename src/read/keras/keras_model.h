// KerasModel: what a Keras file says, whichever of its forms it has: layers, how they are connected, their weights.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/shape.h"

namespace narrow {

/// One array of weights: float32 whatever the file stores, in the order and shape that Keras gives it.
struct KerasArray {
  std::string name;  // within its layer: "kernel", "bias", "gamma"; "0", "1", ... where the file numbers them
  Shape shape;
  std::vector<float> values;
};

/// A result of a layer: the call `node` of the layer `layer`, its output `output`. A layer that is shared is called
/// more than once.
struct KerasTensor {
  std::string layer;
  int node = 0;
  int output = 0;
};

/// One call of a layer: the results of layers that it is called with, in order; and, where the file says it, all of its
/// arguments by position and by name, in which {kTensorKey: i} stands for inputs[i].
struct KerasCall {
  std::vector<KerasTensor> inputs;
  nlohmann::json args = nlohmann::json::array();
  nlohmann::json kwargs = nlohmann::json::object();
};
inline constexpr const char* kTensorKey = "tensor of the call";

struct KerasNetwork;

/// A layer: its class ("Conv2D"), its name, its settings as the file has them, its weights in the order in which Keras
/// lists them (kernel before bias; gamma, beta, mean, variance), and each of its calls.
struct KerasLayer {
  std::string class_name;
  std::string name;
  nlohmann::json config;
  std::vector<KerasArray> weights;
  std::vector<KerasCall> calls;
  std::vector<KerasLayer>
      inner;  // what a wrapper holds: one (TimeDistributed), or forward and backward (Bidirectional)
  std::vector<KerasNetwork> network;  // one, where the layer is a model itself: Sequential, Functional, Model
};

/// A model: its layers in the order of the file. A Sequential model has calls that lead from each layer to the next,
/// and an InputLayer first, which is made up where the file has none.
struct KerasNetwork {
  std::string name;
  int keras_major = 3;  // of the Keras that wrote the file: some functions differ between 2 and 3
  std::vector<KerasLayer> layers;
  std::vector<KerasTensor> inputs;
  std::vector<KerasTensor> outputs;
  bool sequential = false;  // a Sequential model; in .keras files its input is none of its numbered layers
};

}  // namespace narrow
