#include <algorithm>
#include <cmath>

#include "graph/attribute_type.h"
#include "host/resize.h"
#include "ops/arithmetic/unary.h"
#include "ops/def/form.h"
#include "ops/integer/quantized.h"
#include "ops/windows/resize.h"
#include "ops/windows/windows.h"
#include "rows/windows.h"

extern "C" {
#include "portable/windows/resize.h"
}

namespace narrow {
namespace {

using Attributes = ResizeBilinearAttributes;

/// Input elements for each output element.
float step_of(int32_t in, int32_t out, const Attributes& a) {
  int32_t const corner = a.align_corners && out > 1 ? 1 : 0;
  return static_cast<float>(in - corner) / static_cast<float>(out - corner);
}

/// LiteRT's positions in float32.
std::vector<host::Between<float>> float_axis(int32_t in, int32_t out, const Attributes& a) {
  float const step = step_of(in, out, a);
  std::vector<host::Between<float>> axis;
  for (int32_t i = 0; i < out; ++i) {
    auto const v = static_cast<float>(i);
    float const at = a.half_pixel_centers ? (v + 0.5f) * step - 0.5f : v * step;
    int32_t const low = std::clamp(static_cast<int32_t>(std::floor(at)), 0, in - 1);
    int32_t const high = std::clamp(static_cast<int32_t>(std::ceil(at)), 0, in - 1);
    axis.push_back({low, high, at - static_cast<float>(low)});
  }
  return axis;
}

/// XNNPACK's, as nw_resize_parts_params has them: positions in float32, kept inside the image for half_pixel_centers;
/// parts in 1/2048, half to even.
std::vector<int32_t> delegate_axis(int32_t in, int32_t out, const Attributes& a) {
  float const step = step_of(in, out, a);
  std::vector<int32_t> axis;
  for (int32_t i = 0; i < out; ++i) {
    float at = static_cast<float>(i) * step;
    if (a.half_pixel_centers) at = std::clamp(at + (0.5f * step - 0.5f), 0.0f, static_cast<float>(in - 1));
    int32_t const low = std::min(static_cast<int32_t>(at), in - 1);
    auto const part = static_cast<int32_t>(std::nearbyint((at - static_cast<float>(low)) * 2048.0f));
    axis.insert(axis.end(), {low, std::min(low + 1, in - 1), part});
  }
  return axis;
}

Step lower_float_resize_bilinear(const OpView& op, const Resize& r, const Attributes& a) {
  host::BilinearParams<float> const p{r.batches,
                                      r.in_height,
                                      r.in_width,
                                      r.depth,
                                      float_axis(r.in_height, r.out_height, a),
                                      float_axis(r.in_width, r.out_width, a)};
  return unary_step<float, float>(
      op, [p](const float* in, float* out) { host::resize_bilinear(p, in, out); }, "float, vector loops", true);
}

Step lower_delegate_resize_bilinear(const Resize& r, const Attributes& a) {
  nw_resize_parts_params p{};
  p.batches = r.batches;
  p.in_height = r.in_height;
  p.in_width = r.in_width;
  p.out_height = r.out_height;
  p.out_width = r.out_width;
  p.depth = r.depth;
  KernelCall call = kernel_call(kResizePartsI8, p, {operand(0), result()});
  call.point("row_source", constant_array("row_source", ElementType::i32, delegate_axis(r.in_height, r.out_height, a)));
  call.point("column_source",
             constant_array("column_source", ElementType::i32, delegate_axis(r.in_width, r.out_width, a)));
  return call_step(std::move(call));
}

/// Whether LiteRT stays inside its image.
bool stays_inside(const nw_resize_axis& axis) {
  return axis.first + int64_t{axis.out - 1} * axis.step < int64_t{1024} * axis.in;
}

Result<Step> lower_fixed_resize_bilinear(const Kernel& kernel, const Resize& r, const Attributes& a) {
  nw_resize_bilinear_params p{};
  p.batches = r.batches;
  p.depth = r.depth;
  p.height = nw_resize_axis_of(r.in_height, r.out_height, a.align_corners, a.half_pixel_centers);
  p.width = nw_resize_axis_of(r.in_width, r.out_width, a.align_corners, a.half_pixel_centers);
  if (!stays_inside(p.height) || !stays_inside(p.width))
    return fail(ErrorKind::unsupported,
                "the image grows so much that positions in 1/1024 elements leave it, and the runtimes read what lies "
                "behind");
  return call_step(kernel_call(kernel, p, {operand(0), result()}));
}

constexpr ByProfile<Forms> kFormsResizeBilinear{.tflm = {.int16 = Form::absent}, .xnnpack = {.int8 = Form::delegate}};

Result<Step> lower_resize_bilinear(const OpView& op, const LowerContext& context) {
  auto const& a = op.attributes<Attributes>();
  if (a.align_corners && a.half_pixel_centers)
    return fail(ErrorKind::unsupported, "align_corners and half_pixel_centers exclude each other");
  NARROW_TRY(Resize const r, resize_of(op));
  NARROW_TRY(DType const dtype, resize_dtype(op));
  if (dtype == DType::float32) return lower_float_resize_bilinear(op, r, a);
  NARROW_CHECK(check_quantized(op.input(0)));
  Forms const& forms = kFormsResizeBilinear[context.profile];
  if (dtype == DType::int8)
    return forms.int8 == Form::delegate ? lower_delegate_resize_bilinear(r, a)
                                        : lower_fixed_resize_bilinear(kResizeBilinearI8, r, a);
  if (forms.int16 == Form::absent)
    return fail(ErrorKind::unsupported, "the runtime has no kernel for int16", {}, "`profile=narrow`");
  return lower_fixed_resize_bilinear(kResizeBilinearI16, r, a);
}

}  // namespace

constexpr AttributeField kResizeBilinearFields[] = {
    field<&ResizeBilinearAttributes::align_corners>("align_corners"),
    field<&ResizeBilinearAttributes::half_pixel_centers>("half_pixel_centers"),
};
const AttributeType ResizeBilinearAttributes::kType =
    attribute_type<ResizeBilinearAttributes>("ResizeBilinear", kResizeBilinearFields);

const OpDef kResizeBilinear{
    .name = "RESIZE_BILINEAR",
    .attributes = &ResizeBilinearAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = kResizeRule,
    .infer = infer_resize,
    .lower = lower_resize_bilinear,
    .channels = channels_always<ChannelFlow::apart>,
    .scaling_operands = 1,
    .short_name = "RESIZE",
};

}  // namespace narrow
