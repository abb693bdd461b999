// Every row of kernels/rows/, for tests of what holds of all of them.
#pragma once

#include <vector>

#include "rows/activations.h"
#include "rows/arithmetic.h"
#include "rows/batch_matmul.h"
#include "rows/conversions.h"
#include "rows/indexing.h"
#include "rows/layers.h"
#include "rows/layout.h"
#include "rows/recurrent.h"
#include "rows/reductions.h"
#include "rows/roots.h"
#include "rows/windows.h"

namespace narrow {

inline std::vector<const Kernel*> all_rows() {
  std::vector<const Kernel*> rows{
      &kReluI8,
      &kReluI16,
      &kLeakyReluI8,
      &kLeakyReluI16,
      &kHardSwishI8,
      &kPreluI8,
      &kPreluI16,
      &kLstmI8,
      &kLstmI16,
      &kSvdfI8,
      &kLstmA8W4,
      &kLstmA16W4,
      &kLstmA16W16,
      &kGruI8,
      &kGruI16,
      &kRnnI8,
      &kRnnI16,
      &kLstmSequenceI8,
      &kLstmSequenceI16,
      &kLogisticFixedI8,
      &kLogisticI16,
      &kLogisticFixedI16,
      &kTanhFixedI8,
      &kTanhI16,
      &kTanhFixedI16,
      &kSoftmaxI8,
      &kSoftmaxQ7,
      &kSoftmaxI8I16,
      &kSoftmaxI16,
      &kSoftmaxFloatI8,
      &kSoftmaxFloatI8I16,
      &kLogSoftmaxI8,
      &kLogSoftmaxFloatI8,
      &kTableI8,
      &kTableU8,
      &kTableI8U8,
      &kTableU8I8,
      &kTableI8I16,
      &kTableU8I16,
      &kTableI16,
      &kRsqrtI8,
      &kRsqrtI16,
      &kSqrtI16,
      &kAddI8,
      &kAddI16,
      &kAddJointI8,
      &kAddByRuleI8,
      &kAddByRuleI16,
      &kAddOptimizedI8,
      &kAddOptimizedI16,
      &kMulI8,
      &kMulI16,
      &kMulByRuleI8,
      &kMulOnceI8,
      &kMulByRuleI16,
      &kMulFloatI8,
      &kAddNI8,
      &kDivI8,
      &kDivI16,
      &kSquaredDifferenceI8,
      &kSquaredDifferenceI16,
      &kMaximumI8,
      &kMaximumI16,
      &kMinimumI8,
      &kMinimumI16,
      &kLogicalAndU8,
      &kLogicalOrU8,
      &kLogicalNotU8,
      &kCompareI8,
      &kCompareI16,
      &kSelectAny,
      &kBatchMatmulI8,
      &kBatchMatmulI16,
      &kBatchMatmulI16I8,
      &kBatchMatmulFloatI8,
      &kSumI8,
      &kSumOnceI8,
      &kSumI16,
      &kSumFloatI8,
      &kSumFloatI16,
      &kReduceMaxI8,
      &kReduceMaxI16,
      &kReduceMinI8,
      &kReduceMinI16,
      &kReduceProdI8,
      &kReduceProdI16,
      &kArgMaxI8,
      &kArgMaxI16,
      &kArgMinI8,
      &kArgMinI16,
      &kCumsumI8,
      &kL2NormalizationI8,
      &kAveragePoolI8,
      &kAveragePoolI16,
      &kAveragePoolByRuleI8,
      &kAveragePoolByRuleI16,
      &kMaxPoolI8,
      &kMaxPoolI16,
      &kResizeBilinearI8,
      &kResizeBilinearI16,
      &kResizePartsI8,
      &kResizeNearestAny,
      &kGatherAny,
      &kGatherNdAny,
      &kOneHotAny,
      &kTopkI8,
      &kTopkI16,
      &kCopyBlocksAny,
      &kCopyStridedAny,
      &kPutStridedAny,
      &kCopyWindowAny,
      &kPutWindowAny,
      &kPadAny,
      &kMirrorPadAny,
      &kReverseSequenceAny,
      &kSpaceToBatchAny,
      &kBatchToSpaceAny,
  };
  for (auto list : {quantize_kernels, quantize_by_rule_kernels, quantize_optimized_kernels})
    for (const Kernel& k : list()) rows.push_back(&k);
  for (auto list : {conv2d_kernels, depthwise_conv2d_kernels, fully_connected_kernels, transpose_conv_kernels})
    for (const LayerKernel& k : list()) rows.push_back(&k.kernel);
  return rows;
}

}  // namespace narrow
