#include "ops/layout/layout.h"
#include "ops/layout/move.h"
#include "ops/windows/padding.h"
#include "rows/layout.h"

extern "C" {
#include "portable/layout/pad.h"
}

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_pad(const OpView& op) {
  if (op.has_input(2) && op.input(2).elements() != 1)
    return fail(ErrorKind::bad_file, "a value of shape " + op.input(2).shape.text() + " where a scalar is needed");
  NARROW_TRY(std::vector<PaddedDim> const padded, padded_dims(op));
  NARROW_TRY(Shape shape, padded_shape(padded));
  return std::vector{std::move(shape)};
}

/// The same padding over fewer dimensions: one that is not padded lies densely inside the one before it.
std::vector<PaddedDim> simplest(const std::vector<PaddedDim>& dims) {
  std::vector<PaddedDim> out;
  for (const PaddedDim& d : dims) {
    if (out.empty() || d.before != 0 || d.after != 0) {
      out.push_back(d);
      continue;
    }
    out.back().extent *= d.extent;
    out.back().before *= d.extent;
    out.back().after *= d.extent;
  }
  return out;
}

Result<nw_pad_params> params_of_pad(const OpView& op, int32_t bytes) {
  NARROW_TRY(std::vector<PaddedDim> const padded, padded_dims(op));
  std::vector<PaddedDim> const dims = simplest(padded);
  if (dims.size() > NW_PAD_RANK)
    return fail(ErrorKind::unsupported, "padding in " + std::to_string(dims.size()) + " dimensions; at most " +
                                            std::to_string(NW_PAD_RANK) + " are computed");
  nw_pad_params p{};
  p.element_bytes = bytes;
  std::fill_n(p.extent, NW_PAD_RANK, 1);
  size_t at = NW_PAD_RANK - dims.size();
  for (const PaddedDim& d : dims) {
    p.extent[at] = static_cast<nw_i32>(d.extent);
    p.before[at] = static_cast<nw_i32>(d.before);
    p.after[at++] = static_cast<nw_i32>(d.after);
  }
  return p;
}

Result<Step> lower_pad(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  if (op.output().elements() == 0) return Step{.kernel = "nothing"};
  NARROW_TRY(nw_pad_params const p, params_of_pad(op, bytes));
  KernelCall call = kernel_call(kPadAny, p, {array(0), operand(0), result()});
  call.arrays.push_back(element_array("value", zero_of(op.output()), bytes));
  return call_step(std::move(call));
}

Result<Step> lower_v2(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  NARROW_CHECK(moved_element_bytes(op.input(2), op.output()));
  NARROW_CHECK(check_same_grid(op.input(2), op.output()));
  if (op.output().elements() == 0) return Step{.kernel = "nothing"};
  NARROW_TRY(nw_pad_params const p, params_of_pad(op, bytes));
  return call_step(kernel_call(kPadAny, p, {operand(2), operand(0), result()}));
}

ChannelFlow channels_pad(const OpView& op) {
  auto const dims = padded_dims(op);
  bool const apart = dims && !dims->empty() && dims->back().before == 0 && dims->back().after == 0;
  return apart ? ChannelFlow::rising : ChannelFlow::mixed;
}

int version_pad(const OpView& op) {
  return op.input(0).dtype == DType::boolean ? 5 : op.input(0).shape.rank() > 4 ? 4 : 1;
}

}  // namespace

const OpDef kPad{
    .name = "PAD",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 2, .int16 = 3}),
    .infer = infer_pad,
    .lower = lower_pad,
    .version = version_pad,
    .channels = channels_pad,
    .scaling_operands = 1,
};

const OpDef kPadV2{
    .name = "PADV2",
    .arity = {.min_inputs = 3, .max_inputs = 3},
    .quant = joining_rule({Role::activation, Role::index, Role::activation}, {.int8 = 2, .int16 = 3}),
    .infer = infer_pad,
    .lower = lower_v2,
    .version = version_pad,
    .channels = channels_pad,
};

}  // namespace narrow
