// What holds of every row of kernels/rows/.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "rows/indexing.h"
#include "rows/layout.h"

namespace narrow {
namespace {

size_t aligned(size_t at, size_t alignment) {
  return (at + alignment - 1) / alignment * alignment;
}

/// The fields cover the struct without gaps other than those that alignment asks for.
void expect_whole(const ParamTable& table) {
  std::vector<ParamField> fields(table.fields.begin(), table.fields.end());
  std::sort(fields.begin(), fields.end(), [](const ParamField& a, const ParamField& b) { return a.offset < b.offset; });
  size_t end = 0, most = 1;
  for (const ParamField& f : fields) {
    size_t const size = f.pointer ? sizeof(void*) : element_size(f.type);
    EXPECT_EQ(f.offset, aligned(end, size)) << table.name << "." << f.name;
    end = f.offset + f.count * size;
    most = std::max(most, size);
  }
  EXPECT_EQ(table.size, aligned(end, most)) << table.name;
}

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

TEST(Rows, Indexing) {
  expect_rows({&kGatherKernel, &kGatherNdKernel, &kOneHotKernel, &kTopkI8Kernel, &kTopkI16Kernel});
}

TEST(Rows, Layout) {
  expect_rows({&kCopyBlocksKernel, &kCopyStridedKernel, &kPutStridedKernel, &kCopyWindowKernel, &kPutWindowKernel,
               &kPadKernel, &kMirrorPadKernel, &kReverseSequenceKernel, &kSpaceToBatchKernel, &kBatchToSpaceKernel});
}

}  // namespace
}  // namespace narrow
