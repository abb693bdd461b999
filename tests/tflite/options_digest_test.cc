#include "tflite/options_digest.h"

#include <gtest/gtest.h>

#include "graph/fingerprint.h"
#include "ops/windows/windows.h"
#include "read/read.h"
#include "small_file.h"

namespace narrow {
namespace {

TEST(OptionsDigest, TellsModelsOfOtherAttributesApart) {
  auto const model = read_model(SharedBytes(SmallFile().bytes()), "small");
  ASSERT_TRUE(model);
  Model other = *model;
  EXPECT_EQ(options_digest(other), options_digest(*model));
  other.main().ops[kPool].attributes.edit<Pool2dAttributes>()->padding = Padding::same;
  EXPECT_NE(options_digest(other), options_digest(*model));
  EXPECT_NE(fingerprint(other, options_digest(other)), fingerprint(*model, options_digest(*model)));
}

TEST(Fingerprint, CoversAllGraphs) {
  auto const model = read_model(SharedBytes(SmallFile().bytes()), "small");
  ASSERT_TRUE(model);
  Model other = *model;
  other.graphs[2].ops[0].inputs = {0, kNoTensor};
  EXPECT_NE(fingerprint(other, 1), fingerprint(*model, 1));
}

}  // namespace
}  // namespace narrow
