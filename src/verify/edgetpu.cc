// What the Edge TPU's compiler maps to the chip, the rest being left to the host's LiteRT.
// Source: Coral's documentation, "TensorFlow models on the Edge TPU" (coral.ai/docs/edgetpu/models-intro): its
// requirements (8-bit tensors of fixed sizes, constant parameters, one graph, at most three dimensions with more than
// one index) and its table of supported operations with their limitations, compiler version 16. ADD to RESIZE_BILINEAR
// were compared with the table as Axis repeats it for its chip with an Edge TPU (developer.axis.com, ARTPEC-7,
// "Supported ops"), SLICE to STRIDED_SLICE with a copy of the page of 2019; that RSQRT, TRANSPOSE and TRANSPOSE_CONV
// are in it with the issues 384, 193 and 684 of google-coral/edgetpu. Of SQUARED_DIFFERENCE, SUB, SUM and TANH no
// limitation is known beyond those of their kind.
#include <fmt/format.h>

#include <algorithm>

#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "verify/rules.h"

namespace narrow {
namespace {

template <class A>
std::optional<Trouble> unequal_dilation(const Site& site) {
  const A* a = site.op().attributes.get_if<A>();
  if (!a || a->dilation_h == a->dilation_w) return std::nullopt;
  return Trouble{fmt::format("is dilated by {} and {}; both must be the same", a->dilation_h, a->dilation_w),
                 "use one dilation for both dimensions"};
}

std::optional<Trouble> one_dilation(const Site& site) {
  if (auto trouble = unequal_dilation<Conv2dAttributes>(site)) return trouble;
  return unequal_dilation<DepthwiseConv2dAttributes>(site);
}

/// The axes in operand 1 leave the batch alone.
std::optional<Trouble> not_along_batch(const Site& site) {
  const OpView op = site.view();
  if (!op.has_input(1) || !op.input(1).constant || op.input(1).dtype != DType::int32) return std::nullopt;
  int const rank = op.input(0).shape.rank();
  for (int32_t const axis : op.input(1).values<int32_t>())
    if ((axis == 0 || axis == -rank) && rank > 1)
      return Trouble{"reduces the batch dimension", "reduce other dimensions only"};
  return std::nullopt;
}

std::optional<Trouble> unpadded_batch(const Site& site) {
  const OpView op = site.view();
  if (op.output().shape.rank() < 4 || op.output().shape[0] == op.input(0).shape[0]) return std::nullopt;
  return Trouble{"pads the batch dimension", "pad other dimensions only"};
}

/// Where the innermost dimension is reduced, it has a multiple of 4 elements.
std::optional<Trouble> depth_in_fours(const Site& site) {
  const OpView op = site.view();
  if (!op.has_input(1) || !op.input(1).constant || op.input(1).dtype != DType::int32) return std::nullopt;
  const Shape& shape = op.input(0).shape;
  int const rank = shape.rank();
  for (int32_t const axis : op.input(1).values<int32_t>())
    if (rank > 0 && (axis == rank - 1 || axis == -1) && shape.back() % 4 != 0)
      return Trouble{fmt::format("reduces an innermost dimension of {}; only multiples of 4 are mapped", shape.back()),
                     "reduce other dimensions only, or make the channels a multiple of 4"};
  return std::nullopt;
}

bool holds_zeros(const Tensor& t) {
  auto const zero = static_cast<uint8_t>(t.quantization.zero_point());  // both 8-bit types, by their bits
  auto const bytes = t.data.bytes();
  return std::all_of(bytes.begin(), bytes.end(), [&](std::byte b) { return b == std::byte{zero}; });
}

/// A constant is joined only as padding: one of two operands, and all zeros.
std::optional<Trouble> constants_pad(const Site& site) {
  for (int const t : site.op().inputs) {
    const Tensor& x = site.graph().tensor(t);
    if (x.constant && (site.op().inputs.size() != 2 || !holds_zeros(x)))
      return Trouble{fmt::format("{} is constant; only zeros are mapped, and only with one other operand",
                                 tensor_label(site.graph(), t)),
                     "leave the op to the host"};
  }
  return std::nullopt;
}

std::vector<int32_t> without_leading_ones(const Shape& shape) {
  auto const dims = shape.dims();
  return {std::find_if(dims.begin(), dims.end(), [](int32_t d) { return d != 1; }), dims.end()};
}

/// Only leading dimensions are dropped, so that nothing is laid out anew.
std::optional<Trouble> drops_leading_ones(const Site& site) {
  const Shape &in = site.view().input(0).shape, &out = site.view().output().shape;
  if (without_leading_ones(in) == without_leading_ones(out)) return std::nullopt;
  return Trouble{fmt::format("makes {} of {}; only leading dimensions of 1 may be dropped", out.text(), in.text()),
                 "leave the op to the host"};
}

/// A vector of at most 16,000 elements.
std::optional<Trouble> short_vector(const Site& site) {
  const Shape& shape = site.view().output().shape;
  if (shape.rank() > 0 && shape.elements() == shape.back() && shape.elements() <= 16000) return std::nullopt;
  return Trouble{fmt::format("works on {}; only one vector of up to 16,000 elements is mapped", shape.text()),
                 "leave the op to the host"};
}

std::optional<Trouble> one_row(const Site& site) {
  const Shape& shape = site.view().output().shape;
  if (shape.rank() == 0 || shape.elements() == shape.back()) return std::nullopt;
  return Trouble{fmt::format("gives {}; only one row is mapped", shape.text()), "run one sample at a time"};
}

std::optional<Trouble> alpha_for_each_channel(const Site& site) {
  const Tensor* alpha = site.view().maybe_input(1);
  if (!alpha || alpha->shape.rank() == 0 || alpha->elements() == alpha->shape.back()) return std::nullopt;
  return Trouble{fmt::format("alpha is {}; only its last dimension may be more than 1", alpha->shape.text()),
                 "share the slopes of a channel: shared_axes=[1, 2] in Keras"};
}

std::optional<Trouble> whole_strides(const Site& site) {
  const auto* a = site.op().attributes.get_if<StridedSliceAttributes>();
  const Tensor* strides = site.view().maybe_input(3);
  bool ones = true;
  if (strides && strides->constant && strides->dtype == DType::int32)
    for (int32_t const s : strides->values<int32_t>()) ones = ones && s == 1;
  if (ones && (!a || (a->ellipsis_mask == 0 && a->new_axis_mask == 0))) return std::nullopt;
  return Trouble{"has strides other than 1, an ellipsis or a new axis", "slice with strides of 1"};
}

constexpr OpRow kEdgeTpuRows[] = {
    {"ADD", {}, "i8 u8: T T -> T", {scaled, per_tensor, innermost_three}},
    {"AVERAGE_POOL_2D", {}, "i8 u8: T -> T", {per_tensor, aligned, no_activation, innermost_three}},
    {"CONCATENATION", {}, "i8 u8: T T* -> T", {aligned, no_activation, constants_pad, innermost_three}},
    {"CONV_2D",
     {},
     "i8 i8 i32? -> i8; u8 u8 i32? -> u8",
     {scaled, weights<1, 0>, bias<2, 0, 1>, constant<1>, constant<2>, one_dilation, innermost_three}},
    {"DEPTHWISE_CONV_2D",
     {},
     "i8 i8 i32? -> i8; u8 u8 i32? -> u8",
     {scaled, weights<1, 3>, bias<2, 0, 1>, constant<1>, constant<2>, one_dilation, innermost_three}},
    {"EXPAND_DIMS", {}, "i8 u8: T i32|i64 -> T", {aligned, innermost_three}},
    {"FULLY_CONNECTED",
     {},
     "i8 i8 i32? -> i8; u8 u8 i32? -> u8",
     {scaled, weights<1, 0>, bias<2, 0, 1>, constant<1>, constant<2>, one_row}},
    {"L2_NORMALIZATION", {}, "i8 u8: T -> T", {scaled, per_tensor, result_is<8, -7, 0>, innermost_three}},
    {"LOGISTIC", {}, "i8 u8: T -> T", {scaled, per_tensor, result_is<8, -8, -128>, innermost_three}},
    {"LSTM", {}, "i8 any* -> i8; u8 any* -> u8 any*"},
    {"MAXIMUM", {}, "i8 u8: T T -> T", {aligned, innermost_three}},
    {"MAX_POOL_2D", {}, "i8 u8: T -> T", {per_tensor, aligned, no_activation, innermost_three}},
    {"MEAN",
     {},
     "i8 u8: T i32 -> T",
     {scaled, per_tensor, constant<1>, not_along_batch, depth_in_fours, innermost_three}},
    {"MINIMUM", {}, "i8 u8: T T -> T", {aligned, innermost_three}},
    {"MUL", {}, "i8 u8: T T -> T", {scaled, per_tensor, innermost_three}},
    {"PACK", {}, "i8 u8: T T* -> T", {aligned, innermost_three}},
    {"PAD", {}, "i8 u8: T i32|i64 -> T", {aligned, constant<1>, unpadded_batch, innermost_three}},
    {"PRELU", {}, "i8 u8: T T -> T", {scaled, per_tensor, constant<1>, alpha_for_each_channel, innermost_three}},
    {"QUANTIZE", {}, "i8|u8 -> i8|u8", {scaled, per_tensor, innermost_three}},
    {"REDUCE_MAX", {}, "i8 u8: T i32 -> T", {aligned, constant<1>, not_along_batch, innermost_three}},
    {"REDUCE_MIN", {}, "i8 u8: T i32 -> T", {aligned, constant<1>, not_along_batch, innermost_three}},
    {"RELU", {}, "i8 u8: T -> T", {scaled, per_tensor, innermost_three}},
    {"RELU6", {}, "i8 u8: T -> T", {scaled, per_tensor, innermost_three}},
    {"RELU_N1_TO_1", {}, "i8 u8: T -> T", {scaled, per_tensor, innermost_three}},
    {"RESHAPE", {}, "i8 u8: T i32? -> T", {aligned, innermost_three}},
    {"RESIZE_BILINEAR", {}, "i8 u8: T i32 -> T", {aligned, constant<1>, innermost_three}},
    {"RESIZE_NEAREST_NEIGHBOR", {}, "i8 u8: T i32 -> T", {aligned, constant<1>, innermost_three}},
    {"RSQRT", {}, "i8 u8: T -> T", {scaled, per_tensor, innermost_three}},
    {"SLICE", {}, "i8 u8: T i32|i64 i32|i64 -> T", {aligned, constant<1>, constant<2>, innermost_three}},
    {"SOFTMAX", {}, "i8 u8: T -> T", {scaled, per_tensor, softmax_result, short_vector}},
    {"SPACE_TO_DEPTH", {}, "i8 u8: T -> T", {aligned, innermost_three}},
    {"SPLIT", {}, "i8 u8: i32 T -> T T*", {aligned, constant<0>, innermost_three}},
    {"SQUARED_DIFFERENCE", {}, "i8 u8: T T -> T", {scaled, per_tensor, innermost_three}},
    {"SQUEEZE", {}, "i8 u8: T -> T", {aligned, drops_leading_ones, innermost_three}},
    {"STRIDED_SLICE",
     {},
     "i8 u8: T i32 i32 i32 -> T",
     {aligned, constant<1>, constant<2>, constant<3>, whole_strides, innermost_three}},
    {"SUB", {}, "i8 u8: T T -> T", {scaled, per_tensor, innermost_three}},
    {"SUM", {}, "i8 u8: T i32 -> T", {scaled, per_tensor, constant<1>, not_along_batch, innermost_three}},
    {"TANH", {}, "i8 u8: T -> T", {scaled, per_tensor, innermost_three}},
    {"TRANSPOSE", {}, "i8 u8: T i32 -> T", {aligned, constant<1>, innermost_three}},
    {"TRANSPOSE_CONV",
     {},
     "i32 i8 i8 i32? -> i8; i32 u8 u8 i32? -> u8",
     {scaled, weights<1, 0>, bias<3, 2, 1>, constant<0>, constant<1>, innermost_three}},
};

std::vector<Trouble> judge_model(const RuntimeDef& runtime, const Model& model) {
  std::vector<Trouble> found = no_float_storage(runtime, model);
  if (model.graphs.size() > 1)
    found.push_back({fmt::format("has {} graphs; the compiler takes models of one", model.graphs.size()),
                     "export the model without control flow and with one signature"});
  for (int const t : model.main().inputs) {
    const auto& signature = model.main().tensor(t).shape_signature;
    if (std::find(signature.begin(), signature.end(), -1) == signature.end()) continue;
    found.push_back({fmt::format("input {} has a free dimension; sizes must be fixed", tensor_label(model.main(), t)),
                     "convert the model with a fixed batch of 1"});
  }
  return found;
}

}  // namespace

constexpr RuntimeDef kEdgeTpu{.name = "edgetpu",
                              .title = "the Edge TPU",
                              .judge = judge_by_table,
                              .judge_model = judge_model,
                              .rows = kEdgeTpuRows};

}  // namespace narrow
