// Layers between tiles.
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "simplify/draft.h"

namespace narrow {
namespace {

TEST(Simplify, ALayerBetweenTilesIsDilated) {
  auto model_of = [](int32_t top, int32_t bottom, int32_t cropped) {
    Draft d;
    int const x = d.input(Shape::of({1, 6, 4, 2}));
    int const block = d.indices({2, 1});
    int const pads = d.constant<int32_t>(Shape::of({2, 2}), {top, bottom, 0, 0}, DType::int32);
    int const crops = d.constant<int32_t>(Shape::of({2, 2}), {0, cropped, 0, 0}, DType::int32);
    int const w = d.floats(Shape::of({1, 3, 1, 2}), {1, 2, 3, 4, 5, 6});
    int const tiles = d.op(kSpaceToBatchNd, {}, {x, block, pads});
    int const made = d.op(kDepthwiseConv2d, DepthwiseConv2dAttributes{.padding = Padding::valid}, {tiles, w});
    int const whole = d.op(kBatchToSpaceNd, {}, {made, block, crops});
    d.graph().outputs = {d.op(kRelu, {}, {d.op(kAdd, AddAttributes{}, {whole, d.floats(Shape::of({2}), {1, 2})})})};
    return d.model();
  };
  for (auto [top, bottom, cropped, padding] : {std::tuple{2, 2, 0, Padding::same}, {0, 0, 0, Padding::valid}}) {
    Model const before = model_of(top, bottom, cropped), after = *simplify(before);
    EXPECT_EQ(op_types(after), std::vector<std::string>{"DEPTHWISE_CONV_2D"});
    auto const& a = after.main().ops[0].attributes.get<DepthwiseConv2dAttributes>();
    EXPECT_EQ(std::tuple(a.dilation_h, a.dilation_w, a.padding), std::tuple(2, 1, padding));
    EXPECT_GE(after.main().ops[0].version, 2);
    expect_same(before, after, false, "dilated");
  }
  EXPECT_EQ(op_types(*simplify(model_of(4, 0, 0))).size(), 4u) << "all of the padding comes first";
}

}  // namespace
}  // namespace narrow
