#include "read/onnx/weights.h"

#include "ops/build/permuted.h"

namespace narrow::onnx {
namespace {

constexpr size_t kLeastTaken = 256;  // bytes: fewer may lie inside of their string and are copied
constexpr int kMostDepth = 64;       // of graphs inside of attributes; protobuf bounds it, too

}  // namespace

Weights::Weights(onnx_format::ModelProto& proto) {
  take(*proto.mutable_graph(), 0);
}

void Weights::take(onnx_format::GraphProto& graph, int depth) {
  for (auto& tensor : *graph.mutable_initializer()) take(tensor);
  for (auto& node : *graph.mutable_node())
    for (auto& attribute : *node.mutable_attribute()) {
      if (attribute.has_t()) take(*attribute.mutable_t());
      if (attribute.has_g() && depth < kMostDepth) take(*attribute.mutable_g(), depth + 1);
    }
}

void Weights::take(onnx_format::TensorProto& tensor) {
  if (tensor.raw_data().size() < kLeastTaken) return;
  std::shared_ptr<const std::string> const kept(tensor.release_raw_data());
  starts_.insert(reinterpret_cast<const std::byte*>(kept->data()));
  raw_[&tensor] = SharedBytes(kept, std::as_bytes(std::span(kept->data(), kept->size())));
}

SharedBytes Weights::raw(const onnx_format::TensorProto& proto) const {
  auto const at = raw_.find(&proto);
  return at == raw_.end() ? SharedBytes() : at->second;
}

SharedBytes Weights::permuted(const Tensor& constant, const std::vector<int>& order) {
  auto make = [&] {
    return narrow::permuted(constant.data.bytes(), element_bytes(constant.dtype), constant.shape, order);
  };
  if (!starts_.contains(constant.data.data())) return make();
  SharedBytes& kept = permuted_[{constant.data.data(), order}];
  if (kept.empty()) kept = make();
  return kept;
}

}  // namespace narrow::onnx
