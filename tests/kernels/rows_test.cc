// What holds of every row of kernels/rows/.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "kernels/row_checks.h"
#include "rows/activations.h"
#include "rows/arithmetic.h"
#include "rows/batch_matmul.h"
#include "rows/conversions.h"
#include "rows/indexing.h"
#include "rows/layers.h"
#include "rows/layout.h"
#include "rows/reductions.h"
#include "rows/roots.h"
#include "rows/windows.h"

namespace narrow {
namespace {

/// Fields, names and functions of the rows of a family.
void expect_rows(const std::vector<const Kernel*>& rows) {
  std::set<std::string> names;
  for (const Kernel* k : rows) {
    SCOPED_TRACE(k->name);
    EXPECT_TRUE(names.insert(k->name).second) << "a second row of that name";
    expect_whole(*k->params);
    EXPECT_FALSE(k->arguments.empty());
    EXPECT_TRUE(k->run || (k->host_only() && !k->variants.empty()));
    for (const KernelVariant& v : k->variants) EXPECT_TRUE(v.run) << v.name;
  }
}

TEST(Rows, Activations) {
  expect_rows({&kReluI8,
               &kReluI16,
               &kLeakyReluI8,
               &kLeakyReluI16,
               &kHardSwishI8,
               &kPreluI8,
               &kPreluI16,
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
               &kTableI16});
}

TEST(Rows, Conversions) {
  std::vector<const Kernel*> rows;
  for (auto list : {quantize_kernels, quantize_by_rule_kernels, quantize_optimized_kernels})
    for (const Kernel& k : list()) rows.push_back(&k);
  expect_rows(rows);
}

TEST(Rows, Roots) {
  expect_rows({&kRsqrtI8, &kRsqrtI16, &kSqrtI16});
}

TEST(Rows, Arithmetic) {
  expect_rows({&kAddI8,
               &kAddI16,
               &kAddJointI8,
               &kAddByRuleI8,
               &kAddByRuleI16,
               &kAddOptimizedI8,
               &kAddOptimizedI16,
               &kMulI8,
               &kMulI16,
               &kMulByRuleI8,
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
               &kLogicalAndBytes,
               &kLogicalOrBytes,
               &kLogicalNotBytes,
               &kCompareI8,
               &kCompareI16,
               &kSelectElements});
}

TEST(Rows, BatchMatmul) {
  expect_rows({&kBatchMatmulI8, &kBatchMatmulI16, &kBatchMatmulI16I8, &kBatchMatmulFloatI8});
}

TEST(Rows, Reductions) {
  expect_rows({&kSumI8, &kSumI16, &kSumFloatI8, &kSumFloatI16, &kReduceMaxI8, &kReduceMaxI16, &kReduceMinI8,
               &kReduceMinI16, &kReduceProdI8, &kReduceProdI16, &kArgMaxI8, &kArgMaxI16, &kArgMinI8, &kArgMinI16,
               &kCumsumI8, &kL2NormalizationI8});
}

TEST(Rows, Windows) {
  expect_rows({&kAveragePoolI8, &kAveragePoolI16, &kAveragePoolByRuleI8, &kAveragePoolByRuleI16, &kMaxPoolI8,
               &kMaxPoolI16, &kResizeBilinearI8, &kResizeBilinearI16, &kResizePartsI8, &kResizeNearest});
}

TEST(Rows, Indexing) {
  expect_rows({&kGatherKernel, &kGatherNdKernel, &kOneHotKernel, &kTopkI8Kernel, &kTopkI16Kernel});
}

TEST(Rows, Layout) {
  expect_rows({&kCopyBlocksKernel, &kCopyStridedKernel, &kPutStridedKernel, &kCopyWindowKernel, &kPutWindowKernel,
               &kPadKernel, &kMirrorPadKernel, &kReverseSequenceKernel, &kSpaceToBatchKernel, &kBatchToSpaceKernel});
}

TEST(Rows, Layers) {
  std::vector<const Kernel*> rows;
  for (auto list : {conv2d_kernels, depthwise_conv2d_kernels, fully_connected_kernels, transpose_conv_kernels})
    for (const LayerKernel& k : list()) rows.push_back(&k.kernel);
  expect_rows(rows);
}

}  // namespace
}  // namespace narrow
