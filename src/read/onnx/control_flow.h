// If, Loop and Scan: ops whose attributes are graphs.
#pragma once

#include <vector>

#include "onnx.pb.h"
#include "read/onnx/node.h"

namespace narrow::onnx {

/// Reads graphs that are attributes of nodes.
class BodyReader {
 public:
  BodyReader() = default;
  BodyReader(const BodyReader&) = delete;
  BodyReader& operator=(const BodyReader&) = delete;
  virtual ~BodyReader() = default;
  /// Adds the body's ops with these values for its inputs; the values of its outputs. `part` is what the names of its
  /// tensors end in.
  virtual Result<std::vector<Value>> read_body(const onnx_format::GraphProto& body, const std::vector<Value>& given,
                                               const std::string& part) = 0;
};

/// Loops are written out step by step: how many there are must follow from shapes and constants. Of an If whose
/// condition is computed both branches are.
Status read_control_flow(Node& n, BodyReader& bodies);

}  // namespace narrow::onnx
