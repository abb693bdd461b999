#include "rows/layers.h"

#include <string_view>
#include <type_traits>
#include <vector>

#include "host/conv.h"
#include "host/depthwise_conv.h"
#include "host/transpose_conv.h"
#include "portable/layers/conv2d.h"
#include "portable/layers/depthwise_conv2d.h"
#include "portable/layers/fully_connected.h"
#include "rows/describe.h"
#include "rows/layer_costs.h"

// Scaled adds a member to a C struct; GCC and clang lay it out behind that struct's members.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace narrow {
namespace {

// Weights of 4 bits as rows name them: nw_weights.h.
struct nw_i4 {};
template <class Weight>
constexpr Holds kHolds = std::is_same_v<Weight, nw_i4> ? Holds::nibbles : Holds::weights;

int64_t groups(const nw_conv2d_params& p) {
  return p.filter_c > 0 ? p.window.input_c / p.filter_c : 1;
}
int64_t depth_multiplier(const nw_depthwise_conv2d_params& p) {
  return p.window.output_c / p.window.input_c;
}
// What is cut off the full result behind, which padding of the forward convolution from the result to the data is.
int64_t cut_bottom(const nw_transpose_conv_params& p) {
  const nw_window& w = p.window;
  return padding_behind(w.output_h, w.input_h, w.filter_h, w.stride_h, w.dilation_h, w.pad_top);
}
int64_t cut_right(const nw_transpose_conv_params& p) {
  const nw_window& w = p.window;
  return padding_behind(w.output_w, w.input_w, w.filter_w, w.stride_w, w.dilation_w, w.pad_left);
}

// What CMSIS-NN adds to data.
template <class Params>
int64_t input_offset(const Params& p) {
  return -int64_t{p.input_zero_point};
}
template <class Params>
constexpr DerivedNumber kInputOffset{"IN_OFFSET", OfParams<input_offset<Params>>::call};

constexpr DerivedNumber kConv2dDerived[] = {kPaddingBehind<nw_conv2d_params>[0],
                                            kPaddingBehind<nw_conv2d_params>[1],
                                            { "GROUPS", OfParams<groups>::call },
                                            kInputOffset<nw_conv2d_params>};
constexpr DerivedNumber kDepthwiseDerived[] = {kPaddingBehind<nw_depthwise_conv2d_params>[0],
                                               kPaddingBehind<nw_depthwise_conv2d_params>[1],
                                               { "DEPTH_MULTIPLIER", OfParams<depth_multiplier>::call },
                                               kInputOffset<nw_depthwise_conv2d_params>};
constexpr DerivedNumber kTransposeConvDerived[] = {{"PAD_BOTTOM", OfParams<cut_bottom>::call},
                                                   {"PAD_RIGHT", OfParams<cut_right>::call},
                                                   kInputOffset<nw_transpose_conv_params>};
constexpr const char* kCut = "PAD_... is what is cut off the full result.";
constexpr DerivedNumber kDenseDerived[] = {kInputOffset<nw_fully_connected_params>};

template <class Params>
constexpr auto& kUnderLayer = kUnderWindow<Params>;
template <class Params>
constexpr TakeRows kLayerRows = take_window_rows<Params>;
template <>
constexpr TakeRows kLayerRows<nw_fully_connected_params> = nullptr;
constexpr Overlap kUnderRows[] = {{.argument = 0, .lead = [](const void* params, bool) {
                                     const auto& p = *static_cast<const nw_fully_connected_params*>(params);
                                     return rows_lead(p.rows, p.input_c, p.output_c);
                                   }}};
template <>
constexpr auto& kUnderLayer<nw_fully_connected_params> = kUnderRows;

KernelCost cost_of_conv2d(const nw_conv2d_params& p) {
  return conv2d_cost(p.window, p.filter_c);
}
KernelCost cost_of_depthwise(const nw_depthwise_conv2d_params& p) {
  return depthwise_cost(p.window);
}
KernelCost cost_of_transpose_conv(const nw_transpose_conv_params& p) {
  const nw_window& w = p.window;
  int64_t const data = int64_t{w.batches} * w.input_h * w.input_w * w.input_c;
  return {.macs = data * w.filter_h * w.filter_w * w.output_c, .elements = results_of(w)};
}
KernelCost cost_of_dense(const nw_fully_connected_params& p) {
  return dense_cost(p.rows, p.input_c, p.output_c);
}

#define NARROW_OUTPUT_FIELDS(Struct)                                                                            \
  NARROW_FIELD(Struct, bias.shift, ""), NARROW_FIELD(Struct, bias.bits, ""),                                    \
      NARROW_FIELD(Struct, output.multiplier, "MULTIPLIERS"),                                                   \
      shown_as(NARROW_FIELD(Struct, output.shift, "SHIFTS"), ElementType::i32),                                 \
      NARROW_FIELD(Struct, output.channel_step, ""), NARROW_FIELD(Struct, output.zero_point, "OUT_ZERO_POINT"), \
      NARROW_FIELD(Struct, output.min, "OUT_MIN"), NARROW_FIELD(Struct, output.max, "OUT_MAX"),                 \
      NARROW_FIELD(Struct, output.rounding, "")
#define NARROW_CONV2D_FIELDS(Struct)                                                \
  NARROW_WINDOW_FIELDS(Struct, window), NARROW_FIELD(Struct, filter_c, "FILTER_C"), \
      NARROW_FIELD(Struct, input_zero_point, "IN_ZERO_POINT"), NARROW_OUTPUT_FIELDS(Struct)
#define NARROW_DEPTHWISE_FIELDS(Struct)                                                          \
  NARROW_WINDOW_FIELDS(Struct, window), NARROW_FIELD(Struct, input_zero_point, "IN_ZERO_POINT"), \
      NARROW_OUTPUT_FIELDS(Struct)
#define NARROW_DENSE_FIELDS(Struct)                                                                           \
  NARROW_FIELD(Struct, rows), NARROW_FIELD(Struct, input_c, "IN_C"), NARROW_FIELD(Struct, output_c, "OUT_C"), \
      NARROW_FIELD(Struct, input_zero_point, "IN_ZERO_POINT"),                                                \
      NARROW_FIELD(Struct, filter_zero_point, "WT_ZERO_POINT"), NARROW_OUTPUT_FIELDS(Struct)

template <class Real>
using ScaledConv2d = host::Scaled<nw_conv2d_params, Real>;
template <class Real>
using ScaledDepthwise = host::Scaled<nw_depthwise_conv2d_params, Real>;
template <class Real>
using ScaledDense = host::Scaled<nw_fully_connected_params, Real>;

// A struct's table, and those of its host-only forms with a scale of each type.
#define NARROW_LAYER_TABLES(name, c_struct, FIELDS, cost)                                                           \
  constexpr ParamField k##name##Fields[] = {FIELDS(c_struct)};                                                      \
  constexpr ParamTable k##name##Params = param_table<c_struct, cost>(#c_struct, k##name##Fields, k##name##Derived); \
  constexpr ParamField k##name##Float32Fields[] = {FIELDS(c_struct), NARROW_FIELD(Scaled##name<float>, scale)};     \
  constexpr ParamTable k##name##Float32Params = param_table<Scaled##name<float>, cost>(                             \
      #c_struct " and float32 scales", k##name##Float32Fields, k##name##Derived);                                   \
  constexpr ParamField k##name##Float64Fields[] = {FIELDS(c_struct), NARROW_FIELD(Scaled##name<double>, scale)};    \
  constexpr ParamTable k##name##Float64Params = param_table<Scaled##name<double>, cost>(                            \
      #c_struct " and float64 scales", k##name##Float64Fields, k##name##Derived);
NARROW_LAYER_TABLES(Conv2d, nw_conv2d_params, NARROW_CONV2D_FIELDS, cost_of_conv2d)
NARROW_LAYER_TABLES(Depthwise, nw_depthwise_conv2d_params, NARROW_DEPTHWISE_FIELDS, cost_of_depthwise)
NARROW_LAYER_TABLES(Dense, nw_fully_connected_params, NARROW_DENSE_FIELDS, cost_of_dense)
#undef NARROW_LAYER_TABLES

constexpr ParamField kTransposeConvFields[] = {NARROW_DEPTHWISE_FIELDS(nw_transpose_conv_params)};
constexpr ParamTable kTransposeConvParams = param_table<nw_transpose_conv_params, cost_of_transpose_conv>(
    "nw_transpose_conv_params", kTransposeConvFields, kTransposeConvDerived, kCut);
constexpr ParamField kScaledTransposeConvFields[] = {NARROW_DEPTHWISE_FIELDS(nw_transpose_conv_params),
                                                     NARROW_FIELD(host::ScaledTransposeConv, scale)};
constexpr ParamTable kScaledTransposeConvParams = param_table<host::ScaledTransposeConv, cost_of_transpose_conv>(
    "nw_transpose_conv_params and float32 scales", kScaledTransposeConvFields, kTransposeConvDerived, kCut);

#undef NARROW_OUTPUT_FIELDS
#undef NARROW_CONV2D_FIELDS
#undef NARROW_DEPTHWISE_FIELDS
#undef NARROW_DENSE_FIELDS

host::ConvGeometry geometry_of(const nw_conv2d_params& p) {
  host::ConvGeometry g{p.window};
  g.groups = p.window.input_c / p.filter_c;
  return g;
}
host::ConvGeometry geometry_of(const nw_depthwise_conv2d_params& p) {
  return {p.window};
}
int images_of(const nw_conv2d_params& p) {
  return p.window.batches;
}
int images_of(const nw_depthwise_conv2d_params& p) {
  return p.window.batches;
}
int images_of(const nw_fully_connected_params& p) {
  return p.rows;
}
int channels_of(const nw_conv2d_params& p) {
  return p.window.output_c;
}
int channels_of(const nw_depthwise_conv2d_params& p) {
  return p.window.output_c;
}
int channels_of(const nw_fully_connected_params& p) {
  return p.output_c;
}

template <class T, class W>
host::PackedConv<T> pack_weights(const nw_conv2d_params& p, const W* weights, const host::Accumulator<T>* bias) {
  return host::pack_conv<T, W>(geometry_of(p), weights, bias, p.input_zero_point);
}
template <class T, class W>
host::PackedConv<T> pack_weights(const nw_depthwise_conv2d_params& p, const W* weights,
                                 const host::Accumulator<T>* bias) {
  return host::pack_depthwise<T, W>(geometry_of(p), weights, bias, p.input_zero_point);
}
template <class T, class W>
host::PackedConv<T> pack_weights(const nw_fully_connected_params& p, const W* weights,
                                 const host::Accumulator<T>* bias) {
  if (p.filter_zero_point == 0)
    return host::pack_fully_connected<T, W>(p.input_c, p.output_c, weights, bias, p.input_zero_point);
  auto const count = static_cast<size_t>(p.input_c) * static_cast<size_t>(p.output_c);
  std::vector<nw_i16> centered(weights, weights + count);  // the rows with a filter zero point have weights of 8 bits
  for (nw_i16& w : centered) w = static_cast<nw_i16>(w - p.filter_zero_point);
  return host::pack_fully_connected<T, nw_i16>(p.input_c, p.output_c, centered.data(), bias, p.input_zero_point);
}

// Weights as they are for pack_weights: as they lie, or one a byte.
template <class W>
struct StoredWeights {
  explicit StoredWeights(const void* stored, int64_t) : values(static_cast<const W*>(stored)) {}
  using Value = W;
  const W* values;
};
template <>
struct StoredWeights<nw_i4> {
  StoredWeights(const void* stored, int64_t bytes) : unpacked(static_cast<size_t>(2 * bytes)) {
    nw_i4_weights const w = nw_i4_in(static_cast<const nw_i4_stored*>(stored));
    for (size_t i = 0; i < unpacked.size(); ++i) unpacked[i] = static_cast<nw_i8>(nw_i4_at(w, static_cast<nw_i32>(i)));
    values = unpacked.data();
  }
  using Value = nw_i8;
  std::vector<nw_i8> unpacked;
  const nw_i8* values;
};

// What the host makes of a layer.
template <class T>
struct PackedLayer {
  host::PackedConv<T> weights;
  host::Epilogue epilogue;
  int images;  // rows, of FULLY_CONNECTED
};

// What a row says of its layer; Bias is void where the biases have any width.
template <class Params, class Activation, class Weight, class Bias, Rounding kRounding, bool kWide>
struct Layer {
  using Sum = host::Accumulator<Activation>;

  static std::vector<Sum> biases(const Params& p, const void* stored) {
    std::vector<Sum> out;
    if (!stored) return out;
    for (int c = 0; c < channels_of(p); ++c) {
      if constexpr (std::is_void_v<Bias>)
        out.push_back(static_cast<Sum>(nw_bias_at(&p.bias, stored, c)));
      else
        out.push_back(static_cast<Sum>(static_cast<const Bias*>(stored)[c]));
    }
    return out;
  }

  static host::Epilogue epilogue(const Params& p) {
    auto const channels = static_cast<size_t>(channels_of(p));
    host::EpilogueParams e{.rounding = kRounding,
                           .rule = p.output.rounding,
                           .wide = kWide,
                           .multiplier = {},
                           .shift = {},
                           .scale = {},
                           .scale64 = {},
                           .zero_point = p.output.zero_point,
                           .min = p.output.min,
                           .max = p.output.max};
    std::vector<int32_t> shift;
    if constexpr (kRounding == Rounding::float32) {
      e.scale = {p.scale, channels};
    } else if constexpr (kRounding == Rounding::float64) {
      e.scale64 = {p.scale, channels};
    } else {
      e.multiplier = {p.output.multiplier, channels};
      shift.assign(p.output.shift, p.output.shift + channels);
      e.shift = shift;
    }
    return host::Epilogue(e);
  }

  static Packed pack(const KnownCall& call) {
    const Params& p = *static_cast<const Params*>(call.params);
    StoredWeights<Weight> const weights(call.constants[1], call.constant_bytes[1]);
    using Value = typename StoredWeights<Weight>::Value;
    if constexpr (sizeof(Value) == 2) {
      size_t const count = static_cast<size_t>(call.constant_bytes[1]) / sizeof(Value);
      for (size_t i = 0; i < count; ++i)
        if (weights.values[i] == INT16_MIN) return {.state = nullptr, .declined = "a weight is -32768"};
    }
    std::vector<Sum> const bias = biases(p, call.constants[2]);
    auto packed = std::make_shared<PackedLayer<Activation>>(PackedLayer<Activation>{
        pack_weights<Activation, Value>(p, weights.values, bias.empty() ? nullptr : bias.data()), epilogue(p),
        images_of(p)});
    size_t const scratch = host::scratch_bytes(packed->weights);
    if (scratch > most_scratch(p))
      return {.state = nullptr, .declined = "its padded data take " + std::to_string(scratch) + " bytes"};
    return {std::move(packed), scratch, {}};
  }

  static void run(const KernelFrame& f) {
    auto const& layer = *static_cast<const PackedLayer<Activation>*>(f.packed);
    host::run(layer.weights, layer.epilogue, layer.images * f.samples, static_cast<const Activation*>(f.pointers[0]),
              static_cast<Activation*>(f.pointers[3]), static_cast<std::byte*>(f.scratch));
  }

  // Padded data are copied, and a file may ask for padding as wide as it likes.
  static size_t most_scratch(const Params& p) {
    if constexpr (requires { p.window; }) {
      constexpr size_t kAlways = 16 << 20;  // bytes that any convolution may use
      const nw_window& g = p.window;
      return kAlways + 4 * sizeof(Activation) * static_cast<size_t>(g.batches) * static_cast<size_t>(g.input_h) *
                           static_cast<size_t>(g.input_w) * static_cast<size_t>(g.input_c);
    } else {
      return SIZE_MAX;
    }
  }

  static constexpr KernelVariant kVariants[] = {{.name = "vectors", .run = run, .takes_samples = true, .pack = pack}};
};

template <class T>
constexpr int bits_of() {
  if constexpr (std::is_void_v<T>)
    return 0;
  else if constexpr (std::is_same_v<T, nw_i4>)
    return 4;
  else
    return 8 * static_cast<int>(sizeof(T));
}

template <class Activation, class Weight, class Sum, class Bias>
constexpr LayerKey key_of(Rounding rounding) {
  return {bits_of<Activation>(), bits_of<Weight>(), bits_of<Sum>(), bits_of<Bias>(), rounding};
}

#define NARROW_LAYER_ROW(prefix, file, table, params, suffix, activation, weight, sum, bias, rounding)               \
  LayerKernel{                                                                                                       \
      key_of<activation, weight, sum, bias>(Rounding::rounding),                                                     \
      by_rows(                                                                                                       \
          overlapping(c_kernel_with_scratch<prefix##_##suffix, kHolds<weight>>(                                      \
                          #prefix "_" #suffix, file, table,                                                          \
                          Layer<params, activation, weight, bias, Rounding::rounding, sizeof(sum) == 8>::kVariants), \
                      kUnderLayer<params>),                                                                          \
          kLayerRows<params>)},

// A rounding that only the host computes.
template <class Params, class Activation, class Sum, class Bias>
constexpr LayerKernel host_row(Rounding rounding, const char* name, const ParamTable& table, const KernelArgument* args,
                               std::span<const KernelVariant> variants) {
  return {key_of<Activation, nw_i8, Sum, Bias>(rounding), Kernel{name, nullptr, &table, {args, 5}, nullptr, variants}};
}
#define NARROW_HOST_ROW(c_kernel, name, table, params, activation, sum, bias, rounding)   \
  host_row<params, activation, sum, bias>(                                                \
      Rounding::rounding, name, table, CFunctionWithScratch<c_kernel>::kArguments.data(), \
      Layer<params, activation, nw_i8, bias, Rounding::rounding, sizeof(sum) == 8>::kVariants)

constexpr LayerKernel kConv2d[] = {
#define NARROW_ROW(...) \
  NARROW_LAYER_ROW(nw_conv2d, "portable/layers/conv2d.c", kConv2dParams, nw_conv2d_params, __VA_ARGS__)
    NW_LAYER_LIST(NARROW_ROW)
#undef NARROW_ROW
        NARROW_HOST_ROW(nw_conv2d_i8_double, "conv2d_i8_float32", kConv2dFloat32Params, ScaledConv2d<float>, nw_i8,
                        nw_i32, nw_i32, float32),
};

// A function of the host alone.
template <auto kFunction>
constexpr Kernel host_kernel(const char* name, const ParamTable& params) {
  return c_kernel<kFunction>(name, nullptr, params);
}

void depthwise_conv_mixed(const nw_depthwise_conv2d_params* p, const nw_i8* x, const nw_i8* w, const nw_i32* bias,
                          nw_i8* y) {
  host::depthwise_conv_mixed(*p, x, w, bias, y);
}

constexpr LayerKernel kDepthwise[] = {
#define NARROW_ROW(...)                                                                         \
  NARROW_LAYER_ROW(nw_depthwise_conv2d, "portable/layers/depthwise_conv2d.c", kDepthwiseParams, \
                   nw_depthwise_conv2d_params, __VA_ARGS__)
    NW_LAYER_LIST(NARROW_ROW)
#undef NARROW_ROW
        NARROW_HOST_ROW(nw_depthwise_conv2d_i8_double, "depthwise_conv2d_i8_float32", kDepthwiseFloat32Params,
                        ScaledDepthwise<float>, nw_i8, nw_i32, nw_i32, float32),
    // The place of a channel decides ties alone: that is no reason to keep dead channels beside it
    // (remove_dead_channels).
    LayerKernel{key_of<nw_i8, nw_i8, nw_i32, nw_i32>(Rounding::mixed),
                host_kernel<depthwise_conv_mixed>("depthwise_conv2d_i8_mixed", kDepthwiseParams)},
};

constexpr LayerKernel kDense[] = {
#define NARROW_ROW(...)                                                                                              \
  NARROW_LAYER_ROW(nw_fully_connected, "portable/layers/fully_connected.c", kDenseParams, nw_fully_connected_params, \
                   __VA_ARGS__)
    NW_LAYER_LIST(NARROW_ROW)
#undef NARROW_ROW
        NARROW_HOST_ROW(nw_fully_connected_i8_double, "fully_connected_i8_float32", kDenseFloat32Params,
                        ScaledDense<float>, nw_i8, nw_i32, nw_i32, float32),
    NARROW_HOST_ROW(nw_fully_connected_i8_double, "fully_connected_i8_float64", kDenseFloat64Params,
                    ScaledDense<double>, nw_i8, nw_i32, nw_i32, float64),
    NARROW_HOST_ROW(nw_fully_connected_i16_b32_double, "fully_connected_i16_b32_float64", kDenseFloat64Params,
                    ScaledDense<double>, nw_i16, nw_i64, nw_i32, float64),
    NARROW_HOST_ROW(nw_fully_connected_i16_b64_wide, "fully_connected_i16_b64_float64", kDenseFloat64Params,
                    ScaledDense<double>, nw_i16, nw_i64, nw_i64, float64),
};

void transpose_conv_float32(const host::ScaledTransposeConv* p, const nw_i8* x, const nw_i8* w, const nw_i32* bias,
                            nw_i8* y) {
  host::transpose_conv_float32(*p, x, w, bias, y);
}
template <class T>
void transpose_conv_mixed(const nw_transpose_conv_params* p, const T* x, const nw_i8* w, const nw_i32* bias, T* y) {
  host::transpose_conv_mixed(*p, x, w, bias, y);
}

constexpr LayerKernel kTransposeConv[] = {
#define NARROW_ROW(suffix, activation, weight, sum, bias, rounding)              \
  LayerKernel{key_of<activation, weight, sum, bias>(Rounding::rounding),         \
              c_kernel_with_scratch<nw_transpose_conv_##suffix, kHolds<weight>>( \
                  "nw_transpose_conv_" #suffix, "portable/layers/transpose_conv.c", kTransposeConvParams)},
    NW_LAYER_LIST(NARROW_ROW)
#undef NARROW_ROW
        LayerKernel{key_of<nw_i8, nw_i8, nw_i32, nw_i32>(Rounding::float32),
                    host_kernel<transpose_conv_float32>("transpose_conv_i8_float32", kScaledTransposeConvParams)},
    LayerKernel{key_of<nw_i8, nw_i8, nw_i32, nw_i32>(Rounding::mixed),
                host_kernel<transpose_conv_mixed<nw_i8>>("transpose_conv_i8_mixed", kTransposeConvParams)},
    LayerKernel{key_of<nw_i16, nw_i8, nw_i32, nw_i32>(Rounding::mixed),
                host_kernel<transpose_conv_mixed<nw_i16>>("transpose_conv_i16_mixed", kTransposeConvParams)},
};

#undef NARROW_LAYER_ROW
#undef NARROW_HOST_ROW

}  // namespace

std::span<const LayerKernel> conv2d_kernels() {
  return kConv2d;
}
std::span<const LayerKernel> depthwise_conv2d_kernels() {
  return kDepthwise;
}
std::span<const LayerKernel> fully_connected_kernels() {
  return kDense;
}
std::span<const LayerKernel> transpose_conv_kernels() {
  return kTransposeConv;
}

constexpr std::span<const ParamField> before(const char* member, std::span<const ParamField> fields) {
  size_t count = 0;
  while (std::string_view(fields[count].name) != member) ++count;
  return fields.first(count);
}

const ParamTable kConv2dSizes{"nw_conv2d_params", sizeof(nw_conv2d_params), before("input_zero_point", kConv2dFields),
                              kConv2dParams.cost, std::span(kConv2dDerived).first(3)};
const ParamTable kDepthwiseConv2dSizes{"nw_depthwise_conv2d_params", sizeof(nw_depthwise_conv2d_params),
                                       before("input_zero_point", kDepthwiseFields), kDepthwiseParams.cost,
                                       std::span(kDepthwiseDerived).first(3)};
const ParamTable kTransposeConvSizes{"nw_transpose_conv_params",
                                     sizeof(nw_transpose_conv_params),
                                     before("input_zero_point", kTransposeConvFields),
                                     kTransposeConvParams.cost,
                                     std::span(kTransposeConvDerived).first(2),
                                     kCut};
const ParamTable kFullyConnectedSizes{"nw_fully_connected_params", sizeof(nw_fully_connected_params),
                                      before("input_zero_point", kDenseFields), kDenseParams.cost};

const Kernel* find_kernel(std::span<const LayerKernel> kernels, const LayerKey& key) {
  for (const LayerKernel& k : kernels)
    if (k.key == key) return &k.kernel;
  return nullptr;
}

const LayerKey* layer_key(const Kernel& kernel) {
  for (auto list : {conv2d_kernels, depthwise_conv2d_kernels, fully_connected_kernels, transpose_conv_kernels})
    for (const LayerKernel& k : list())
      if (&k.kernel == &kernel) return &k.key;
  return nullptr;
}

}  // namespace narrow
