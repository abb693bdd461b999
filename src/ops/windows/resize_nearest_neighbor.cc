#include <limits>

#include "graph/attribute_type.h"
#include "ops/integer/tables.h"
#include "ops/windows/resize.h"
#include "ops/windows/windows.h"
#include "rows/windows.h"

extern "C" {
#include "portable/windows/resize.h"
}

namespace narrow {
namespace {

Result<Step> lower_resize_nearest_neighbor(const OpView& op, const LowerContext&) {
  auto const& a = op.attributes<ResizeNearestNeighborAttributes>();
  NARROW_TRY(Resize const r, resize_of(op));
  NARROW_TRY(DType const dtype, resize_dtype(op));
  size_t const bytes = element_bytes(dtype);
  if (bytes == 0) return fail(ErrorKind::unsupported, std::string("elements of type ") + to_string(dtype));
  auto sources = [&](int32_t in, int32_t out) {
    return nearest_sources(in, out, a.align_corners, a.half_pixel_centers);
  };
  size_t const pixel = bytes * static_cast<size_t>(r.depth);
  if (pixel > std::numeric_limits<nw_i32>::max())
    return fail(ErrorKind::limit_exceeded, std::to_string(r.depth) + " channels");
  nw_resize_nearest_params p{};
  p.batches = r.batches;
  p.in_height = r.in_height;
  p.in_width = r.in_width;
  p.out_height = r.out_height;
  p.out_width = r.out_width;
  p.pixel_bytes = static_cast<nw_i32>(pixel);
  KernelCall call = kernel_call(kResizeNearestAny, p, {operand(0), result()});
  call.point("row_of", constant_array("row_of", ElementType::u16, sources(r.in_height, r.out_height)));
  call.point("column_of", constant_array("column_of", ElementType::u16, sources(r.in_width, r.out_width)));
  return call_step(std::move(call));
}

}  // namespace

constexpr AttributeField kResizeNearestNeighborFields[] = {
    field<&ResizeNearestNeighborAttributes::align_corners>("align_corners"),
    field<&ResizeNearestNeighborAttributes::half_pixel_centers>("half_pixel_centers"),
};
const AttributeType ResizeNearestNeighborAttributes::kType =
    attribute_type<ResizeNearestNeighborAttributes>("ResizeNearestNeighbor", kResizeNearestNeighborFields);

const OpDef kResizeNearestNeighbor{
    .name = "RESIZE_NEAREST_NEIGHBOR",
    .attributes = &ResizeNearestNeighborAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = kResizeRule,
    .infer = infer_resize,
    .lower = lower_resize_nearest_neighbor,
    .channels = channels_always<ChannelFlow::rising>,
    .scaling_operands = 1,
    .short_name = "RESIZE",
};

}  // namespace narrow
