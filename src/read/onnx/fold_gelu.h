// GELU where a file has it written out.
#pragma once

#include "read/onnx/net.h"

namespace narrow::onnx {

/// x / 2 * (1 + erf(x / sqrt(2))), in whichever order its products are taken, becomes one GELU; ops whose results
/// nothing reads any more stay.
void fold_gelu(Net& net);

}  // namespace narrow::onnx
