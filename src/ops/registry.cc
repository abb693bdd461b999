// The catalogue: one line per op.
#include <algorithm>
#include <string_view>

#include "ops/add.h"
#include "ops/concatenation.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/dequantize.h"
#include "ops/expand_dims.h"
#include "ops/fully_connected.h"
#include "ops/hard_swish.h"
#include "ops/leaky_relu.h"
#include "ops/logistic.h"
#include "ops/mul.h"
#include "ops/pack.h"
#include "ops/pad.h"
#include "ops/pool_2d.h"
#include "ops/prelu.h"
#include "ops/quantize.h"
#include "ops/reduce.h"
#include "ops/relu.h"
#include "ops/relu6.h"
#include "ops/reshape.h"
#include "ops/resize_bilinear.h"
#include "ops/resize_nearest_neighbor.h"
#include "ops/shape.h"
#include "ops/softmax.h"
#include "ops/squeeze.h"
#include "ops/strided_slice.h"
#include "ops/sub.h"
#include "ops/tanh.h"
#include "ops/transpose.h"
#include "ops/transpose_conv.h"

namespace narrow {
namespace {

// In alphabetical order of the ops' names.
constexpr const OpDef* kOps[] = {
    &kAdd,
    &kAveragePool2d,
    &kConcatenation,
    &kConv2d,
    &kDepthwiseConv2d,
    &kDequantize,
    &kExpandDims,
    &kFullyConnected,
    &kHardSwish,
    &kLeakyRelu,
    &kLogistic,
    &kMaxPool2d,
    &kMean,
    &kMul,
    &kPack,
    &kPad,
    &kPrelu,
    &kQuantize,
    &kRelu,
    &kRelu6,
    &kReshape,
    &kResizeBilinear,
    &kResizeNearestNeighbor,
    &kShape,
    &kSoftmax,
    &kSqueeze,
    &kStridedSlice,
    &kSub,
    &kSum,
    &kTanh,
    &kTranspose,
    &kTransposeConv,
};

}  // namespace

std::vector<int> operand_slots(const Op& op) {
  std::vector<int> slots = op.inputs;
  auto const most = static_cast<size_t>(std::clamp(op.def->arity.max_inputs, 0, 8));
  if (slots.size() < most) slots.resize(most, kNoTensor);
  return slots;
}

std::span<const OpDef* const> all_ops() {
  return kOps;
}

const OpDef* find_op(std::string_view name) {
  auto const* at = std::lower_bound(std::begin(kOps), std::end(kOps), name,
                                    [](const OpDef* def, std::string_view n) { return n.compare(def->name) > 0; });
  return at != std::end(kOps) && name == (*at)->name ? *at : nullptr;
}

}  // namespace narrow
