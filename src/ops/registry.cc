// The catalogue: one line per op.
#include <algorithm>
#include <string_view>

#include "ops/activations/hard_swish.h"
#include "ops/activations/leaky_relu.h"
#include "ops/activations/log_softmax.h"
#include "ops/activations/logistic.h"
#include "ops/activations/prelu.h"
#include "ops/activations/relu.h"
#include "ops/activations/relu6.h"
#include "ops/activations/softmax.h"
#include "ops/activations/tabulated.h"
#include "ops/activations/tanh.h"
#include "ops/arithmetic/abs.h"
#include "ops/arithmetic/add.h"
#include "ops/arithmetic/add_n.h"
#include "ops/arithmetic/bits.h"
#include "ops/arithmetic/choose.h"
#include "ops/arithmetic/compare.h"
#include "ops/arithmetic/div.h"
#include "ops/arithmetic/float_functions.h"
#include "ops/arithmetic/floor_div.h"
#include "ops/arithmetic/logic.h"
#include "ops/arithmetic/mul.h"
#include "ops/arithmetic/pow.h"
#include "ops/arithmetic/roots.h"
#include "ops/arithmetic/select.h"
#include "ops/arithmetic/squared_difference.h"
#include "ops/arithmetic/sub.h"
#include "ops/control/call.h"
#include "ops/control/call_once.h"
#include "ops/control/if.h"
#include "ops/control/variable.h"
#include "ops/control/while.h"
#include "ops/conversions/cast.h"
#include "ops/conversions/dequantize.h"
#include "ops/conversions/fake_quant.h"
#include "ops/conversions/quantize.h"
#include "ops/indexing/bucketize.h"
#include "ops/indexing/gather.h"
#include "ops/indexing/gather_nd.h"
#include "ops/indexing/one_hot.h"
#include "ops/indexing/segment_sum.h"
#include "ops/indexing/topk_v2.h"
#include "ops/indexing/unique.h"
#include "ops/indexing/where.h"
#include "ops/layers/batch_matmul.h"
#include "ops/layers/conv_2d.h"
#include "ops/layers/depthwise_conv_2d.h"
#include "ops/layers/fully_connected.h"
#include "ops/layers/transpose_conv.h"
#include "ops/layout/broadcast_to.h"
#include "ops/layout/concatenation.h"
#include "ops/layout/dynamic_update_slice.h"
#include "ops/layout/expand_dims.h"
#include "ops/layout/fill.h"
#include "ops/layout/matrix_diag.h"
#include "ops/layout/mirror_pad.h"
#include "ops/layout/pack.h"
#include "ops/layout/pad.h"
#include "ops/layout/range.h"
#include "ops/layout/reshape.h"
#include "ops/layout/reverse_sequence.h"
#include "ops/layout/reverse_v2.h"
#include "ops/layout/shape.h"
#include "ops/layout/slice.h"
#include "ops/layout/space_to_batch_nd.h"
#include "ops/layout/space_to_depth.h"
#include "ops/layout/split.h"
#include "ops/layout/squeeze.h"
#include "ops/layout/strided_slice.h"
#include "ops/layout/tile.h"
#include "ops/layout/transpose.h"
#include "ops/layout/unpack.h"
#include "ops/layout/zeros_like.h"
#include "ops/reductions/arg_extreme.h"
#include "ops/reductions/cumsum.h"
#include "ops/reductions/normalization.h"
#include "ops/reductions/reduce.h"
#include "ops/reductions/reduce_fold.h"
#include "ops/windows/pool_2d.h"
#include "ops/windows/resize_bilinear.h"
#include "ops/windows/resize_nearest_neighbor.h"

namespace narrow {
namespace {

// In alphabetical order of the ops' names.
constexpr const OpDef* kOps[] = {
    &kAbs,
    &kAdd,
    &kAddN,
    &kArgMax,
    &kArgMin,
    &kAssignVariable,
    &kAtan2,
    &kAveragePool2d,
    &kBatchMatmul,
    &kBatchToSpaceNd,
    &kBitwiseXor,
    &kBroadcastArgs,
    &kBroadcastTo,
    &kBucketize,
    &kCall,
    &kCallOnce,
    &kCast,
    &kCeil,
    &kConcatenation,
    &kConv2d,
    &kCos,
    &kCumsum,
    &kDepthwiseConv2d,
    &kDepthToSpace,
    &kDequantize,
    &kDiv,
    &kDynamicUpdateSlice,
    &kElu,
    &kEmbeddingLookup,
    &kEqual,
    &kExp,
    &kExpandDims,
    &kFakeQuant,
    &kFill,
    &kFloor,
    &kFloorDiv,
    &kFloorMod,
    &kFullyConnected,
    &kGather,
    &kGatherNd,
    &kGelu,
    &kGreater,
    &kGreaterEqual,
    &kHardSwish,
    &kIf,
    &kL2Normalization,
    &kL2Pool2d,
    &kLeakyRelu,
    &kLess,
    &kLessEqual,
    &kLocalResponseNormalization,
    &kLog,
    &kLogicalAnd,
    &kLogicalNot,
    &kLogicalOr,
    &kLogistic,
    &kLogSoftmax,
    &kMatrixDiag,
    &kMatrixSetDiag,
    &kMaximum,
    &kMaxPool2d,
    &kMean,
    &kMinimum,
    &kMirrorPad,
    &kMul,
    &kNeg,
    &kNotEqual,
    &kOneHot,
    &kPack,
    &kPad,
    &kPadV2,
    &kPow,
    &kPrelu,
    &kQuantize,
    &kRange,
    &kRank,
    &kReadVariable,
    &kReduceAll,
    &kReduceAny,
    &kReduceMax,
    &kReduceMin,
    &kReduceProd,
    &kRelu,
    &kRelu6,
    &kRelu0To1,
    &kReluN1To1,
    &kReshape,
    &kResizeBilinear,
    &kResizeNearestNeighbor,
    &kReverseSequence,
    &kReverseV2,
    &kRightShift,
    &kRound,
    &kRsqrt,
    &kScatterNd,
    &kSegmentSum,
    &kSelect,
    &kSelectV2,
    &kShape,
    &kSign,
    &kSin,
    &kSlice,
    &kSoftmax,
    &kSpaceToBatchNd,
    &kSpaceToDepth,
    &kSplit,
    &kSplitV,
    &kSqrt,
    &kSquare,
    &kSquaredDifference,
    &kSqueeze,
    &kStridedSlice,
    &kSub,
    &kSum,
    &kTanh,
    &kTile,
    &kTopkV2,
    &kTranspose,
    &kTransposeConv,
    &kUnique,
    &kUnpack,
    &kVarHandle,
    &kWhere,
    &kWhile,
    &kZerosLike,
};

}  // namespace

std::vector<int> operand_slots(const Op& op) {
  std::vector<int> slots = op.inputs;
  auto const most = static_cast<size_t>(std::clamp(op.def->arity.max_inputs, 0, 8));
  if (slots.size() < most) slots.resize(most, kNoTensor);
  return slots;
}

int least_version(const OpView& op) {
  const QuantRule& rule = op.op.def->quant;
  size_t data = 0;
  while (data + 1 < op.input_count() && (rule.role(data) != Role::activation || !op.has_input(data))) ++data;
  DType const dtype = op.has_input(data) ? op.input(data).dtype : DType::float32;
  int const by_type = dtype == DType::int8    ? rule.versions.int8
                      : dtype == DType::int16 ? rule.versions.int16
                                              : rule.versions.float32;
  return op.op.def->version ? std::max(by_type, op.op.def->version(op)) : by_type;
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
