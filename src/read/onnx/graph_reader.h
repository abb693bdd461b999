// One reading of an ONNX graph, with a size for every dimension.
#pragma once

#include <string>
#include <vector>

#include "graph/model.h"
#include "narrow/model.h"
#include "onnx.pb.h"
#include "read/onnx/weights.h"

namespace narrow::onnx {

/// Sizes for the dimensions that a file leaves free.
struct FreeSizes {
  int32_t batch = 1;  // the first of each input
  int32_t other = 1;
};

/// Whether inputs of the file have free dimensions that the options do not fix: the first, and others.
struct FreeDimensions {
  bool batch = false;
  bool other = false;
};

struct Reading {
  Model model;
  FreeDimensions free;
};

/// The main graph of the model with these sizes. What the options say of inputs goes first.
/// `weights` are those of the model.
Result<Reading> read_graph(const onnx_format::ModelProto& proto, Weights& weights, const LoadOptions& options,
                           const FreeSizes& sizes);

/// The version of a domain's operator set; 0 where the file does not import it.
int opset_of(const onnx_format::ModelProto& proto, std::string_view domain);

}  // namespace narrow::onnx
