// The catalogue: one line per op.
#include <algorithm>
#include <string_view>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/control/control.h"
#include "ops/conversions/conversions.h"
#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "ops/windows/windows.h"

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
    &kDensify,
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
