// Which inputs of an ONNX graph are images with channels before height and width.
#pragma once

#include <string>

#include "onnx.pb.h"

namespace narrow::onnx {

/// Whether an input reaches a layer that slides over images, or normalizes them, by ops that keep its dimensions.
bool has_channels_first(const onnx_format::GraphProto& graph, const std::string& input);

/// Whether the graph has such a layer.
bool has_images(const onnx_format::GraphProto& graph);

}  // namespace narrow::onnx
