// The steps that choose quantization parameters, one at a time: widths, what is fixed, and which tensors share.
#include "quantize/plan/params_groups.h"

#include "ops/activations/activations.h"
#include "quantize/draft.h"
#include "quantize/plan/activation_params.h"

namespace narrow {
namespace {

QuantizeOptions int8_options() {
  QuantizeOptions options;
  options.scheme = find_scheme("int8");
  options.recipe = recipe_of(*options.scheme);
  return options;
}

/// x -> RELU -> r; CONCATENATION of LOGISTIC(r) and r.
struct Net {
  Net() {
    x = draft.input("x", {-1, 4});
    r = draft.op(kRelu, {x}, "r", {0, 4});
    s = draft.op(kLogistic, {r}, "s", {0, 1});
    y = draft.join({s, r}, "y", {0, 4});
    draft.outputs({y});
  }
  GraphDraft draft;
  int x = 0, r = 0, s = 0, y = 0;
};

TEST(FindWidths, TensorsOfIntegerOpsAreUsedAtTheirWidth) {
  Net net;
  QuantizeOptions const options = int8_options();
  Decisions const decisions = decide(net.draft.model(), options);
  TensorWidths const widths = find_widths({net.draft.model(), decisions});
  for (int t : {net.x, net.r, net.s, net.y}) {
    EXPECT_EQ(widths.canonical_bits({0, t}), 8) << t;
    EXPECT_TRUE(widths.used(widths.node({0, t}, 8))) << t;
    EXPECT_FALSE(widths.used(widths.node({0, t}, 16))) << t;
  }
  EXPECT_EQ(widths.nodes(), 8U);
}

TEST(FindWidths, AnInputThatOnlyFloatOpsReadStaysFloat) {
  GraphDraft d;
  int const x = d.input("x");
  d.outputs({d.float_only(x, "y")});
  QuantizeOptions options = int8_options();
  options.allow_float = true;
  Decisions const decisions = decide(d.model(), options);
  EXPECT_EQ(find_widths({d.model(), decisions}).canonical_bits({0, x}), 0);
}

TEST(GroupParams, FixedOperandsStayOutOfAConcatenation) {
  Net net;
  QuantizeOptions const options = int8_options();
  const Model& model = net.draft.model();
  Decisions const decisions = decide(model, options);
  PlacedModel const placed{model, decisions};
  TensorWidths const widths = find_widths(placed);
  auto node = [&](int t) { return widths.node({0, t}, 8); };

  RangeOf const range_of = [&](TensorRef t, const std::string&, int) -> Result<Range> {
    return t.tensor == net.x ? Range{-1, 4} : t.tensor == net.s ? Range{0, 1} : Range{0, 4};
  };
  std::vector<TensorRange> const ranges = tensor_ranges(placed, widths, range_of, options.recipe);
  EXPECT_EQ(ranges[node(net.x)].range, (Range{0, 4}));  // the RELU lets nothing below 0 through
  EXPECT_TRUE(ranges[node(net.x)].cut);

  FixedByNode const fixed = fixed_params(placed, widths);
  ASSERT_TRUE(fixed[node(net.s)]);
  EXPECT_EQ(fixed[node(net.s)]->params, (QuantParams{DType::int8, 1.0F / 256, -128}));
  EXPECT_EQ(fixed[node(net.s)]->by, "fixed for LOGISTIC");
  EXPECT_FALSE(fixed[node(net.r)]);

  ParamsGroups groups = group_params(placed, widths, ranges, fixed);
  EXPECT_TRUE(groups.same(node(net.r), node(net.y)));
  EXPECT_FALSE(groups.same(node(net.s), node(net.y)));
  EXPECT_EQ(groups.span(node(net.y)), (Range{0, 4}));

  auto const rules = params_rules(placed, widths, groups);
  auto const params = assign_params(placed, widths, ranges, groups, rules);
  ASSERT_TRUE(params) << params.error().what;
  EXPECT_EQ(params->canonical({0, net.r}), params->canonical({0, net.y}));
  EXPECT_EQ(params->at({0, net.y}, 8)->together->size(), 2U);
}

TEST(AssignParams, SayWhyThereIsNoRange) {
  Net net;
  QuantizeOptions const options = int8_options();
  Decisions const decisions = decide(net.draft.model(), options);
  RangeOf const none = [](TensorRef, const std::string&, int) -> Result<Range> {
    return fail(ErrorKind::bad_data, "there are no statistics of it");
  };
  auto const params = choose_activation_params({net.draft.model(), decisions}, none, options.recipe, nullptr);
  ASSERT_FALSE(params);
  EXPECT_EQ(params.error().what, "there are no statistics of it");
  EXPECT_NE(params.error().where.find("'x'"), std::string::npos) << params.error().where;
}

}  // namespace
}  // namespace narrow
