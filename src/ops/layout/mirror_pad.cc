#include "graph/attribute_type.h"
#include "ops/layout/layout.h"
#include "ops/layout/move.h"
#include "ops/windows/padding.h"
#include "rows/layout.h"

extern "C" {
#include "portable/layout/mirror_pad.h"
}

namespace narrow {
namespace {

int skip_of(const OpView& op) {
  return op.attributes<MirrorPadAttributes>().mode == MirrorMode::reflect ? 1 : 0;
}

Result<std::vector<Shape>> infer_mirror_pad(const OpView& op) {
  NARROW_TRY(std::vector<PaddedDim> const padded, padded_dims(op));
  for (const PaddedDim& d : padded)
    if (std::max(d.before, d.after) > std::max<int64_t>(d.extent - skip_of(op), 0))
      return fail(ErrorKind::bad_file, "a dimension of " + std::to_string(d.extent) + " elements padded by " +
                                           std::to_string(std::max(d.before, d.after)) + " of their reflection");
  NARROW_TRY(Shape shape, padded_shape(padded));
  return std::vector{std::move(shape)};
}

Result<Step> lower_mirror_pad(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  NARROW_CHECK(check_same_scales(op));
  NARROW_TRY(std::vector<PaddedDim> const padded, padded_dims(op));
  nw_mirror_pad_params p{};
  p.skip = skip_of(op);
  p.element_bytes = bytes;
  std::fill_n(p.extent, NW_MIRROR_RANK, 1);
  size_t at = NW_MIRROR_RANK - padded.size();
  for (const PaddedDim& d : padded) {
    p.extent[at] = static_cast<nw_i32>(d.extent);
    p.before[at] = static_cast<nw_i32>(d.before);
    p.after[at++] = static_cast<nw_i32>(d.after);
  }
  return call_step(kernel_call(kMirrorPadAny, p, {operand(0), result()}));
}

}  // namespace

constexpr AttributeField kMirrorPadFields[] = {
    field<&MirrorPadAttributes::mode>("mode"),
};
const AttributeType MirrorPadAttributes::kType = attribute_type<MirrorPadAttributes>("MirrorPad", kMirrorPadFields);

const OpDef kMirrorPad{
    .name = "MIRROR_PAD",
    .attributes = &MirrorPadAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 2, .int16 = 3}),
    .infer = infer_mirror_pad,
    .lower = lower_mirror_pad,
};

}  // namespace narrow
