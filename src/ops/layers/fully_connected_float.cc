#include "ops/layers/fully_connected_float.h"

#include "ops/float_layers/float_layers.h"
#include "ops/layers/layers.h"

namespace narrow {
namespace {

struct Dense {
  DenseGeometry g;
  Interval clamp;
  bool hybrid = false;
};

void plain_dense(const Dense& d, const float* x, const float* w, const float* bias, float* y) {
  std::vector<float> rounded(static_cast<size_t>(d.g.in));
  for (int64_t r = 0; r < d.g.rows; ++r, x += d.g.in) {
    const float* row = x;
    if (d.hybrid) {
      round_to_own_grid(x, d.g.in, rounded.data());
      row = rounded.data();
    }
    for (int o = 0; o < d.g.out; ++o) {
      float sum = 0;
      for (int i = 0; i < d.g.in; ++i) sum += row[i] * w[static_cast<int64_t>(o) * d.g.in + i];
      *y++ = d.clamp.clamp(sum + (bias ? bias[o] : 0.0f));
    }
  }
}

}  // namespace

Result<Step> lower_float_fully_connected(const OpView& op, const DenseGeometry& geometry, bool hybrid,
                                         const LowerContext& context) {
  NARROW_TRY(Interval const clamp, fused_interval(op.attributes<FullyConnectedAttributes>().activation));
  Dense const d{geometry, clamp, hybrid};
  const Tensor& weights = op.input(1);
  const Tensor* bias = op.maybe_input(2);
  bool const constant = weights.constant && (!bias || bias->constant);
  // Only integers are copied: float weights are packed from where they are.
  bool const integers = weights.constant && weights.dtype != DType::float32;
  std::vector<float> const w = integers ? real_values_of(weights) : std::vector<float>();
  if (!constant || context.reference)
    return Step{.run =
                    [d, w](const StepArgs& a) {
                      plain_dense(d, static_cast<const float*>(a.in[0]),
                                  w.empty() ? static_cast<const float*>(a.in[1]) : w.data(),
                                  static_cast<const float*>(a.in[2]), static_cast<float*>(a.out[0]));
                    },
                .host_only = true,
                .kernel = "float, plain loops"};
  NARROW_TRY(FloatLayerPtr const layer,
             make_float_dense(geometry, clamp, integers ? w.data() : weights.values<float>().data(),
                              bias ? bias->values<float>().data() : nullptr));
  int64_t const floats = geometry.rows * geometry.in * context.max_batch;
  return Step{.run =
                  [d, layer](const StepArgs& a) {
                    auto const* x = static_cast<const float*>(a.in[0]);
                    int64_t const rows = d.g.rows * a.batch;
                    if (d.hybrid) {
                      auto* rounded = reinterpret_cast<float*>(a.scratch);
                      for (int64_t r = 0; r < rows; ++r)
                        round_to_own_grid(x + r * d.g.in, d.g.in, rounded + r * d.g.in);
                      x = rounded;
                    }
                    layer->run(x, static_cast<float*>(a.out[0]), rows, nullptr);
                  },
              .scratch_bytes = hybrid ? sizeof(float) * static_cast<size_t>(floats) + 64 : 0,
              .batched = true,
              .host_only = true,
              .kernel = std::string(hybrid ? "hybrid, " : "float, ") + kFloatLayerMaker};
}

}  // namespace narrow
