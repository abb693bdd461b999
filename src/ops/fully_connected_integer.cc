#include "ops/fully_connected_integer.h"

#include "ops/fully_connected.h"
#include "ops/layer_step.h"
#include "ops/portable_output.h"

extern "C" {
#include "portable/fully_connected.h"
}

namespace narrow {
namespace {

constexpr PortableKernels<nw_fully_connected_i8_fn, nw_fully_connected_i16_b32_fn, nw_fully_connected_i16_b64_fn>
    kKernels{nw_fully_connected_i8_double,      nw_fully_connected_i8_double_up,      nw_fully_connected_i8_single,
             nw_fully_connected_i16_b32_double, nw_fully_connected_i16_b32_double_up, nw_fully_connected_i16_b32_single,
             nw_fully_connected_i16_b64_wide};

template <class T>
Step host_dense(const OpView& op, const DenseGeometry& g, const IntegerLayer& layer) {
  auto const bias = accumulator_bias<T>(layer);
  return layer_step<T>(host::pack_fully_connected<T>(g.in, g.out, op.input(1).values<int8_t>().data(),
                                                     bias.empty() ? nullptr : bias.data(), layer.input_zero_point),
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
  return Step{.run =
                  [out, params, dtype](const StepArgs& a) {
                    nw_fully_connected_params p = params;
                    p.output = out->output();
                    kKernels.run(dtype, *out, p, a.in[0], static_cast<const nw_i8*>(a.in[1]), a.out[0]);
                  },
              .kernel = "integer, portable"};
}

}  // namespace

Result<Step> lower_integer_fully_connected(const OpView& op, const DenseGeometry& g, const LowerContext& context) {
  const auto& a = op.attributes<FullyConnectedAttributes>();
  NARROW_TRY(
      IntegerLayer const layer,
      integer_layer(op, {.channels = g.out, .inner = g.in, .period = g.out, .stated_bias = a.quantized_bias_type},
                    a.activation, context.profile.fully_connected, true));
  if (context.reference && !layer.host_only()) return portable_dense(op, g, layer);
  return op.input(0).dtype == DType::int8 ? host_dense<int8_t>(op, g, layer) : host_dense<int16_t>(op, g, layer);
}

}  // namespace narrow
