#include "read/onnx/layout.h"

#include <algorithm>
#include <set>
#include <span>
#include <string_view>

namespace narrow::onnx {
namespace {

constexpr std::string_view kImageOps[] = {"AveragePool",   "BatchNormalization",
                                          "Conv",          "ConvTranspose",
                                          "DepthToSpace",  "GlobalAveragePool",
                                          "GlobalMaxPool", "InstanceNormalization",
                                          "LRN",           "MaxPool",
                                          "QLinearConv",   "Resize",
                                          "SpaceToDepth",  "Upsample"};

constexpr std::string_view kKeepDimensions[] = {"Add",      "Cast", "Clip", "DequantizeLinear", "Div",  "Dropout",
                                                "Identity", "Mul",  "Pad",  "QuantizeLinear",   "Relu", "Sub"};

bool in(std::span<const std::string_view> list, std::string_view type) {
  return std::find(list.begin(), list.end(), type) != list.end();
}

}  // namespace

bool has_channels_first(const onnx_format::GraphProto& graph, const std::string& input) {
  // Nodes are in an order of execution: what an earlier node has reached is known.
  std::set<std::string_view> reached{input};
  for (const auto& node : graph.node()) {
    if (node.input_size() == 0) continue;
    bool const reads =
        std::any_of(node.input().begin(), node.input().end(), [&](const auto& n) { return reached.contains(n); });
    if (!reads) continue;
    if (in(kImageOps, node.op_type()) && reached.contains(node.input(0))) return true;
    if (in(kKeepDimensions, node.op_type()) && node.output_size() > 0) reached.insert(node.output(0));
  }
  return false;
}

bool has_images(const onnx_format::GraphProto& graph) {
  return std::any_of(graph.node().begin(), graph.node().end(),
                     [](const auto& n) { return in(kImageOps, n.op_type()); });
}

}  // namespace narrow::onnx
