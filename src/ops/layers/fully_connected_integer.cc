#include "ops/layers/fully_connected_integer.h"

#include "ops/layers/fully_connected.h"
#include "ops/layers/layer_step.h"
#include "ops/layers/portable_output.h"

extern "C" {
#include "portable/layers/fully_connected.h"
}

namespace narrow {
namespace {

constexpr auto kKernelsFullyConnectedInteger = NARROW_PORTABLE_KERNELS(nw_fully_connected);

template <class T>
Step host_dense(const OpView& op, const DenseGeometry& g, const IntegerLayer& layer) {
  auto const bias = accumulator_bias<T>(layer);
  auto const packed = [&]<class W>(const W* weights) {
    return host::pack_fully_connected<T>(g.in, g.out, weights, bias.empty() ? nullptr : bias.data(),
                                         layer.input_zero_point);
  };
  const Tensor& w = op.input(1);
  return layer_step<T>(w.dtype == DType::int16 ? packed(w.values<int16_t>().data()) : packed(w.values<int8_t>().data()),
                       layer, static_cast<int>(g.rows));
}

Step portable_dense(const OpView& op, const DenseGeometry& g, const IntegerLayer& layer) {
  auto const out = std::make_shared<const PortableOutput>(layer);
  DType const dtype = op.input(0).dtype;
  nw_fully_connected_params const params{.rows = static_cast<nw_i32>(g.rows),
                                         .input_c = g.in,
                                         .output_c = g.out,
                                         .input_offset = -layer.input_zero_point,
                                         .filter_offset = 0,
                                         .output = {}};
  bool const has_bias = op.has_input(2);
  return Step{.run =
                  [out, params, dtype, has_bias](const StepArgs& a) {
                    nw_fully_connected_params p = params;
                    p.output = out->output();
                    kKernelsFullyConnectedInteger.run(dtype, *out, p,
                                                      {a.in[0], a.in[1], has_bias ? a.in[2] : nullptr, a.out[0]});
                  },
              .kernel = "integer, portable"};
}

}  // namespace

Result<Step> lower_integer_fully_connected(const OpView& op, const DenseGeometry& g, const LowerContext& context) {
  const auto& a = op.attributes<FullyConnectedAttributes>();
  NARROW_TRY(
      IntegerLayer const layer,
      integer_layer(op, {.channels = g.out, .inner = g.in, .period = g.out, .stated_bias = a.quantized_bias_type},
                    a.activation, context.profile.fully_connected, context.profile, true));
  if ((context.reference && !layer.host_only()) || !fits_vectors(op.input(1))) return portable_dense(op, g, layer);
  return op.input(0).dtype == DType::int8 ? host_dense<int8_t>(op, g, layer) : host_dense<int16_t>(op, g, layer);
}

}  // namespace narrow
