#include "emit/header/layer_facts.h"

#include <fmt/format.h>

#include <cmath>

#include "emit/header/c_text.h"
#include "ops/layers/convolution.h"
#include "ops/layers/layers.h"
#include "ops/layers/transpose_conv_float.h"
#include "ops/windows/windows.h"
#include "rows/layers.h"

namespace narrow {
namespace {

const ProfileDef& profile() {
  return all_profiles()[0];
}

void add_floats(Activation activation, OpFacts& facts) {
  auto const real = fused_interval(activation);
  if (!real) return;
  if (std::isfinite(real->lo)) facts.numbers.push_back({"OUT_MIN", literal(real->lo)});
  if (std::isfinite(real->hi)) facts.numbers.push_back({"OUT_MAX", literal(real->hi)});
}

void add_bounds(const IntegerInterval& bounds, OpFacts& facts) {
  facts.add("OUT_MIN", bounds.lo);
  facts.add("OUT_MAX", bounds.hi);
}

void add_arithmetic(const OpView& op, const LayerOperands& at, Activation activation, OpFacts& facts) {
  facts.weights = at.weights;
  if (op.has_input(at.bias)) facts.bias = at.bias;
  if (op.output().is_float()) {
    add_floats(activation, facts);
    if (!op.input(at.weights).is_float())
      facts.notes.emplace_back("Float data, integer weights: a weight's real value is q * scale.");
    return;
  }
  auto const step = op.op.def->lower(op, {.profile = profile()});
  if (!step) {
    facts.notes.push_back("narrow does not compute this layer: " + quoted(step.error().what) + ".");
    return;
  }
  const KernelCall& call = step->calls.front();
  const LayerKey& key = *layer_key(*call.kernel);
  facts.add("OUT_MIN", call.number("output.min"));
  facts.add("OUT_MAX", call.number("output.max"));
  bool const shifts = add_shifts(op, at, call.pointed_values<uint8_t>("bias.shift"), facts);
  auto const rule = static_cast<RoundingRule>(call.number("output.rounding"));
  if (shifts && rule != RoundingRule::twice) {
    facts.rounding = shift_text(rule);
    return;
  }
  auto const shift = call.pointed_values<int8_t>("output.shift");
  facts.lists.push_back({"MULTIPLIERS", DType::int32, call.pointed_values<int32_t>("output.multiplier")});
  facts.lists.push_back({"SHIFTS", DType::int8, {shift.begin(), shift.end()}});
  facts.rounding = rounding_text(key.rounding, rule, key.sum_bits == 64);
}

void add_window(const ConvGeometry& g, OpFacts& facts) {
  facts.add("IN_H", g.input_h);
  facts.add("IN_W", g.input_w);
  facts.add("IN_C", g.input_c);
  facts.add("FILTER_H", g.filter_h);
  facts.add("FILTER_W", g.filter_w);
  facts.add("STRIDE_H", g.stride_h);
  facts.add("STRIDE_W", g.stride_w);
  facts.add("DILATION_H", g.dilation_h);
  facts.add("DILATION_W", g.dilation_w);
  facts.add("PAD_TOP", g.pad_top);
  facts.add("PAD_LEFT", g.pad_left);
  facts.add("PAD_BOTTOM", g.pad_bottom);
  facts.add("PAD_RIGHT", g.pad_right);
  facts.add("OUT_H", g.output_h);
  facts.add("OUT_W", g.output_w);
  facts.add("OUT_C", g.output_c);
}

void add_conv(const OpView& op, OpFacts& facts) {
  auto const& a = op.attributes<Conv2dAttributes>();
  const Shape& w = op.input(1).shape;
  auto const g = conv_geometry(op.input(0).shape, w[1], w[2], w[0],
                               {a.padding, a.stride_h, a.stride_w, a.dilation_h, a.dilation_w});
  if (!g) return;
  add_window(*g, facts);
  facts.add("GROUPS", g->input_c / w[3]);
  add_arithmetic(op, {.channels = w[0]}, a.activation, facts);
}

void add_depthwise(const OpView& op, OpFacts& facts) {
  auto const& a = op.attributes<DepthwiseConv2dAttributes>();
  const Shape& w = op.input(1).shape;
  auto const g = conv_geometry(op.input(0).shape, w[1], w[2], w[3],
                               {a.padding, a.stride_h, a.stride_w, a.dilation_h, a.dilation_w});
  if (!g) return;
  add_window(*g, facts);
  facts.add("DEPTH_MULTIPLIER", g->output_c / g->input_c);
  add_arithmetic(op, {.channels = w[3]}, a.activation, facts);
}

void add_transpose_conv(const OpView& op, OpFacts& facts) {
  auto const& a = op.attributes<TransposeConvAttributes>();
  const Shape& w = op.input(kTransposeConvWeights).shape;
  // The window slides over the result: what it sticks out there is cut off the full result.
  auto const g = conv_geometry(op.output().shape, w[1], w[2], w[3], {a.padding, a.stride_h, a.stride_w, 1, 1});
  if (!g) return;
  const Shape& x = op.input(kTransposeConvData).shape;
  ConvGeometry seen = *g;
  seen.input_h = x[1], seen.input_w = x[2], seen.input_c = x[3];
  seen.output_h = g->input_h, seen.output_w = g->input_w, seen.output_c = g->input_c;
  add_window(seen, facts);
  facts.notes.emplace_back("PAD_... is what is cut off the full result.");
  add_arithmetic(
      op, {.data = kTransposeConvData, .weights = kTransposeConvWeights, .bias = kTransposeConvBias, .channels = w[0]},
      a.activation, facts);
}

void add_dense(const OpView& op, OpFacts& facts) {
  auto const& a = op.attributes<FullyConnectedAttributes>();
  const Shape& w = op.input(1).shape;
  facts.add("ROWS", op.input(0).elements() / w[1]);
  facts.add("IN_C", w[1]);
  facts.add("OUT_C", w[0]);
  add_arithmetic(op, {.channels = w[0]}, a.activation, facts);
}

void add_pool(const OpView& op, OpFacts& facts) {
  auto const& a = op.attributes<Pool2dAttributes>();
  const Shape& x = op.input(0).shape;
  auto const g = conv_geometry(x, a.filter_h, a.filter_w, x.back(), {a.padding, a.stride_h, a.stride_w, 1, 1});
  if (!g) return;
  add_window(*g, facts);
  if (op.output().is_float()) return add_floats(a.activation, facts);
  if (!op.output().quantization.present()) return;
  auto const bounds = integer_interval(a.activation, op.output().dtype, op.output().quantization);
  if (bounds) add_bounds(*bounds, facts);
}

struct Row {
  const OpDef* op;
  void (*add)(const OpView&, OpFacts&);
};

constexpr Row kRows[] = {
    {&kConv2d, add_conv},          {&kDepthwiseConv2d, add_depthwise}, {&kTransposeConv, add_transpose_conv},
    {&kFullyConnected, add_dense}, {&kAveragePool2d, add_pool},        {&kL2Pool2d, add_pool},
    {&kMaxPool2d, add_pool}};

}  // namespace

void add_layer_facts(const OpView& op, OpFacts& facts) {
  for (const Row& row : kRows)
    if (op.op.def == row.op) row.add(op, facts);
}

}  // namespace narrow
