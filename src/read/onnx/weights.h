// The weights of an ONNX file, which are held once however often its graph is read.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "graph/model.h"
#include "onnx.pb.h"

namespace narrow::onnx {

class Weights {
 public:
  /// Takes the raw values of all constants out of the message, so that constants of models share them.
  explicit Weights(onnx_format::ModelProto& proto);

  /// The raw values of a constant of the message; empty where it has none, or only a few.
  SharedBytes raw(const onnx_format::TensorProto& proto) const;
  /// The values of a constant with its dimensions in another order. Those of raw values are made once.
  SharedBytes permuted(const Tensor& constant, const std::vector<int>& order);

 private:
  void take(onnx_format::GraphProto& graph, int depth);
  void take(onnx_format::TensorProto& tensor);

  std::map<const onnx_format::TensorProto*, SharedBytes> raw_;
  std::set<const std::byte*> starts_;                                              // of raw values
  std::map<std::pair<const std::byte*, std::vector<int>>, SharedBytes> permuted_;  // by the first of the raw values
};

}  // namespace narrow::onnx
