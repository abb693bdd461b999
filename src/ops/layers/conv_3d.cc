// CONV_3D and CONV_3D_TRANSPOSE, over real numbers only: no runtime has integers for the first.
#include <array>

#include "graph/attribute_type.h"
#include "ops/layers/convolution.h"
#include "ops/layers/layers.h"

namespace narrow {
namespace {

// Positions of the operands.
constexpr size_t kData = 0, kWeights = 1, kBias = 2;
constexpr size_t kTransposedShape = 0, kTransposedWeights = 1, kTransposedData = 2, kTransposedBias = 3;

/// One of the dimensions that a volume's window slides along.
struct VolumeAxis {
  int in = 0, filter = 0, out = 0;  // lengths
  int stride = 1, dilation = 1;
  int pad = 0;  // before the data, of the longer of the two sides

  /// Where tap `f` of the window at `o` lies in the data of a convolution; outside of it where that is padding.
  int64_t position(int o, int f) const { return int64_t{o} * stride + int64_t{f} * dilation - pad; }
};

/// A volume's window, and how the elements of its filter lie.
struct VolumeWindow {
  std::array<VolumeAxis, 3> axes;  // depth, height, width
  int batches = 0, in_channels = 0, out_channels = 0;
  Interval clamp;

  int64_t in_volume() const { return int64_t{axes[0].in} * axes[1].in * axes[2].in; }
  int64_t out_volume() const { return int64_t{axes[0].out} * axes[1].out * axes[2].out; }
  int64_t taps() const { return int64_t{axes[0].filter} * axes[1].filter * axes[2].filter; }
};

Status check_ranks(const Shape& x, const Shape& w) {
  if (x.rank() == 5 && w.rank() == 5) return {};
  return fail(ErrorKind::bad_file, "data " + x.text() + " and weights " + w.text() + "; five dimensions are needed");
}

/// The axes of a window that slides over `longer` (NDHWC) with `shorter` positions to come; those are not checked.
Result<std::array<VolumeAxis, 3>> volume_axes(const Conv3dAttributes& a, const Shape& longer, const Shape& filter) {
  std::array<VolumeAxis, 3> out;
  int const strides[] = {a.stride_d, a.stride_h, a.stride_w};
  int const dilations[] = {a.dilation_d, a.dilation_h, a.dilation_w};
  for (int i = 0; i < 3; ++i) {
    auto const k = static_cast<size_t>(i);
    NARROW_TRY(Window const w, slide(longer[i + 1], filter[i], strides[i], dilations[i], a.padding));
    out[k] = {longer[i + 1], filter[i], w.out, strides[i], dilations[i], w.pad_before};
  }
  return out;
}

Result<VolumeWindow> window_conv_3d(const OpView& op) {
  const auto& a = op.attributes<Conv3dAttributes>();
  const Shape &x = op.input(kData).shape, &w = op.input(kWeights).shape;
  NARROW_CHECK(check_ranks(x, w));
  if (x[4] != w[3] || w[3] < 1 || w[4] < 1)
    return fail(ErrorKind::bad_file,
                "weights " + w.text() + " do not fit the data's " + std::to_string(x[4]) + " channels");
  NARROW_CHECK(check_bias(op, kBias, w[4]));
  VolumeWindow out;
  NARROW_TRY(out.axes, volume_axes(a, x, w));
  out.batches = x[0], out.in_channels = w[3], out.out_channels = w[4];
  return out;
}

Result<std::vector<Shape>> infer_conv_3d(const OpView& op) {
  NARROW_TRY(VolumeWindow const w, window_conv_3d(op));
  NARROW_TRY(Shape shape,
             Shape::make(std::array{w.batches, w.axes[0].out, w.axes[1].out, w.axes[2].out, w.out_channels}));
  return std::vector{std::move(shape)};
}

/// `y` is the result's shape. The axes are those of the convolution from the result to the data.
Result<VolumeWindow> window_conv_3d_transpose(const OpView& op, const Shape& y) {
  const auto& a = op.attributes<Conv3dAttributes>();
  const Shape &x = op.input(kTransposedData).shape, &w = op.input(kTransposedWeights).shape;
  NARROW_CHECK(check_ranks(x, w));
  if (y.rank() != 5 || y[0] != x[0] || y[4] != w[3] || x[4] != w[4] || w[3] < 1 || w[4] < 1)
    return fail(ErrorKind::bad_file,
                "data " + x.text() + ", weights " + w.text() + " and result " + y.text() + " do not fit together");
  NARROW_CHECK(check_bias(op, kTransposedBias, w[3]));
  VolumeWindow out;
  NARROW_TRY(out.axes, volume_axes(a, y, w));
  for (int i = 0; i < 3; ++i)
    if (int const n = out.axes[static_cast<size_t>(i)].out; n != x[i + 1])
      return fail(ErrorKind::bad_file, "a result of " + y.text() + " comes from " + std::to_string(n) +
                                           " positions along dimension " + std::to_string(i + 1) + ", not from data " +
                                           x.text());
  out.batches = x[0], out.in_channels = w[4], out.out_channels = w[3];
  return out;
}

Result<std::vector<Shape>> infer_conv_3d_transpose(const OpView& op) {
  const Tensor& shape = op.input(kTransposedShape);
  if (!shape.known() || shape.dtype != DType::int32) return std::vector{op.output().shape};
  NARROW_TRY(Shape y, Shape::make(shape.values<int32_t>()));
  NARROW_CHECK(window_conv_3d_transpose(op, y));
  return std::vector{std::move(y)};
}

/// Calls visit(long, short, tap) for each pair of a place on the longer side of the window and a position on the
/// shorter one that a tap connects, all in elements of one channel. Positions change slowest, taps fastest.
template <class Visit>
void for_each_tap(const VolumeWindow& w, int64_t position, const Visit& visit) {
  const auto& [d, h, v] = w.axes;
  auto const x = static_cast<int>(position % v.out), y = static_cast<int>(position / v.out % h.out),
             z = static_cast<int>(position / v.out / h.out);
  for (int fz = 0; fz < d.filter; ++fz) {
    int64_t const pz = d.position(z, fz);
    if (pz < 0 || pz >= d.in) continue;
    for (int fy = 0; fy < h.filter; ++fy) {
      int64_t const py = h.position(y, fy);
      if (py < 0 || py >= h.in) continue;
      for (int fx = 0; fx < v.filter; ++fx) {
        int64_t const px = v.position(x, fx);
        if (px >= 0 && px < v.in) visit((pz * h.in + py) * v.in + px, (int64_t{fz} * h.filter + fy) * v.filter + fx);
      }
    }
  }
}

void convolve(const VolumeWindow& w, const float* x, const float* weights, const float* bias, float* y) {
  int const in = w.in_channels, out = w.out_channels;
  for (int b = 0; b < w.batches; ++b, x += w.in_volume() * in)
    for (int64_t p = 0; p < w.out_volume(); ++p, y += out) {
      for (int o = 0; o < out; ++o) y[o] = bias ? bias[o] : 0.0f;
      for_each_tap(w, p, [&](int64_t place, int64_t tap) {
        for (int i = 0; i < in; ++i) {
          float const value = x[place * in + i];
          const float* const row = weights + (tap * in + i) * out;
          for (int o = 0; o < out; ++o) y[o] += value * row[o];
        }
      });
      for (int o = 0; o < out; ++o) y[o] = w.clamp.clamp(y[o]);
    }
}

void convolve_transposed(const VolumeWindow& w, const float* x, const float* weights, const float* bias, float* y) {
  int const in = w.in_channels, out = w.out_channels;
  int64_t const results = w.in_volume() * out;
  for (int b = 0; b < w.batches; ++b, y += results) {
    for (int64_t i = 0; i < results; ++i) y[i] = bias ? bias[i % out] : 0.0f;
    for (int64_t p = 0; p < w.out_volume(); ++p, x += in)
      for_each_tap(w, p, [&](int64_t place, int64_t tap) {
        for (int o = 0; o < out; ++o) {
          const float* const row = weights + (tap * out + o) * in;
          float sum = 0;
          for (int i = 0; i < in; ++i) sum += x[i] * row[i];
          y[place * out + o] += sum;
        }
      });
    for (int64_t i = 0; i < results; ++i) y[i] = w.clamp.clamp(y[i]);
  }
}

using Compute = void (*)(const VolumeWindow&, const float*, const float*, const float*, float*);

/// Operands at these positions, as floats, through `compute`.
Result<Step> volume_step(const OpView& op, VolumeWindow window, size_t data, size_t weights, size_t bias,
                         Compute compute) {
  NARROW_TRY(window.clamp, fused_interval(op.attributes<Conv3dAttributes>().activation));
  NARROW_TRY(Numbers const numbers, numbers_of(op.input(data), op.input(weights), op.maybe_input(bias), op.output()));
  if (numbers != Numbers::floats) return fail(ErrorKind::unsupported, "it is computed in float32 only");
  return Step{.run =
                  [=](const StepArgs& a) {
                    auto const in = [&](size_t i) { return static_cast<const float*>(a.in[i]); };
                    compute(window, in(data), in(weights), in(bias), static_cast<float*>(a.out[0]));
                  },
              .host_only = true,
              .kernel = "float, plain loops"};
}

Result<Step> lower_conv_3d(const OpView& op, const LowerContext&) {
  NARROW_TRY(VolumeWindow const w, window_conv_3d(op));
  return volume_step(op, w, kData, kWeights, kBias, convolve);
}

Result<Step> lower_conv_3d_transpose(const OpView& op, const LowerContext&) {
  NARROW_TRY(VolumeWindow const w, window_conv_3d_transpose(op, op.output().shape));
  return volume_step(op, w, kTransposedData, kTransposedWeights, kTransposedBias, convolve_transposed);
}

int64_t macs_conv_3d(const OpView& op) {
  return op.output().elements() * op.input(kWeights).shape.product(0, 4);
}

int64_t macs_conv_3d_transpose(const OpView& op) {
  return op.input(kTransposedData).elements() * op.input(kTransposedWeights).shape.product(0, 4);
}

}  // namespace

constexpr AttributeField kConv3dFields[] = {
    field<&Conv3dAttributes::padding>("padding"),       field<&Conv3dAttributes::stride_d>("stride_d"),
    field<&Conv3dAttributes::stride_h>("stride_h"),     field<&Conv3dAttributes::stride_w>("stride_w"),
    field<&Conv3dAttributes::dilation_d>("dilation_d"), field<&Conv3dAttributes::dilation_h>("dilation_h"),
    field<&Conv3dAttributes::dilation_w>("dilation_w"), field<&Conv3dAttributes::activation>("activation"),
};
const AttributeType Conv3dAttributes::kType = attribute_type<Conv3dAttributes>("Conv3d", kConv3dFields);

const OpDef kConv3d{
    .name = "CONV_3D",
    .attributes = &Conv3dAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 3},
    .quant = {.roles = {Role::activation, Role::weight, Role::bias}, .weight_axis = 4},
    .infer = infer_conv_3d,
    .lower = lower_conv_3d,
    .macs = macs_conv_3d,
    .fuses_activation = true,
};

const OpDef kConv3dTranspose{
    .name = "CONV_3D_TRANSPOSE",
    .attributes = &Conv3dAttributes::kType,
    .arity = {.min_inputs = 3, .max_inputs = 4},
    .quant = {.roles = {Role::index, Role::weight, Role::activation, Role::bias}, .weight_axis = 3},
    .infer = infer_conv_3d_transpose,
    .lower = lower_conv_3d_transpose,
    .macs = macs_conv_3d_transpose,
    .fuses_activation = true,
    .shape_operand = kTransposedShape,
};

}  // namespace narrow
