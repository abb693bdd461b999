// FileOp: an op as a model file has it, for reports of what of a file can be read.
#pragma once

#include <string>

namespace narrow {

/// An op, a node or a layer of a file, known or not.
struct FileOp {
  std::string name;
  std::string type;    // as its format spells it: "CONV_2D", "Conv2DBackpropInput", "LSTM"
  std::string reason;  // why it cannot be read; empty where it can
};

}  // namespace narrow
