// Far values (masks, pads) set no range where readers cannot tell, and values too small for their step are told of.
#include <cmath>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "quantize/draft.h"

namespace narrow {
namespace {

double lowest(const Tensor& t) {
  return (-128.0 - static_cast<double>(t.quantization.zero_point())) * static_cast<double>(t.quantization.scale());
}

/// x + mask, where x has values in [-4, 4].
Result<QuantizedModel> masked(float mask, bool softmax, bool output) {
  GraphDraft d;
  int const x = d.input("x", {-4, 4}), far = d.constant(Shape::of({1, 4}), mask);
  int const sum = d.op(kAdd, {x, far}, "sum", {mask - 4, 4}, AddAttributes{});
  std::vector<int> outputs;
  outputs.push_back(softmax ? d.op(kSoftmax, {sum}, "y", {0, 1}, SoftmaxAttributes{})
                            : d.op(kRelu, {sum}, "y", {0, 4}));
  if (output) outputs.push_back(sum);
  d.outputs(outputs);
  return d.quantize();
}

TEST(FarValues, EndWhereSoftmaxMakesZeroOfThem) {
  double const reach = std::log(512.0 * 4);  // rows of four values
  for (float const mask : {-1e30F, -1e9F, -100.0F}) {
    auto const q = masked(mask, true, false);
    ASSERT_TRUE(q) << q.error().what;
    EXPECT_NEAR(lowest(named(q->model.main(), "sum")), -4 - reach, 0.1) << mask;
    EXPECT_TRUE(q->warnings.empty());
  }
  auto const mild = masked(-20, true, false);
  ASSERT_TRUE(mild) << mild.error().what;
  EXPECT_NEAR(lowest(named(mild->model.main(), "sum")), -24, 0.2);
}

TEST(FarValues, CountWhereSomethingElseReadsThem) {
  auto const q = masked(-1e9F, true, true);
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_LT(lowest(named(q->model.main(), "sum")), -9e8);
  ASSERT_FALSE(q->warnings.empty());  // x is less than a step
  EXPECT_NE(q->warnings[0].find("operand 0 'x' spans -4 to 4"), std::string::npos) << q->warnings[0];
}

TEST(FarValues, BeyondWhatRuntimesMultiplyAreRefused) {
  auto const q = masked(-3e38F, true, true);
  ASSERT_FALSE(q);
  EXPECT_NE(q.error().what.find("overflows"), std::string::npos) << q.error().what;
}

TEST(CoarseSteps, OfSmallOperandsAreToldOf) {
  GraphDraft d;
  int const boxes = d.input("boxes", {0, 640}), scores = d.input("scores", {0, 1});
  d.outputs({d.join({boxes, scores}, "both", {0, 640})});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  ASSERT_EQ(q->warnings.size(), 1U);
  EXPECT_NE(q->warnings[0].find("op 0 (CONCATENATION): operand 1 'scores' spans 0 to 1, a step is 2.51"),
            std::string::npos)
      << q->warnings[0];
  auto const wide = d.quantize(false, "int16x8");
  ASSERT_TRUE(wide) << wide.error().what;
  EXPECT_TRUE(wide->warnings.empty());
}

TEST(CoarseSteps, NearZeroOfSteepFunctionsAreToldOf) {
  for (float const largest : {3.0F, 30.0F}) {
    GraphDraft d;
    int const x = d.input("variance", {0, 10});
    d.outputs({d.op(kRsqrt, {x}, "root", {0, largest})});
    auto const q = d.quantize();
    ASSERT_TRUE(q) << q.error().what;
    EXPECT_EQ(q->warnings.size(), largest > 3 ? 1U : 0U);
  }
}

}  // namespace
}  // namespace narrow
