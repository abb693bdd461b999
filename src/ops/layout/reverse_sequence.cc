#include "graph/attribute_type.h"
#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "ops/layout/move.h"
#include "rows/layout.h"

extern "C" {
#include "portable/layout/reverse_sequence.h"
}

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_reverse_sequence(const OpView& op) {
  const Shape& in = op.input(0).shape;
  auto const& a = op.attributes<ReverseSequenceAttributes>();
  NARROW_CHECK(index_bytes(op, 1, "lengths"));
  bool const inside = std::min(a.sequence_axis, a.batch_axis) >= 0 &&
                      std::max(a.sequence_axis, a.batch_axis) < in.rank() && a.sequence_axis != a.batch_axis;
  if (!inside)
    return fail(ErrorKind::bad_file, "axes " + std::to_string(a.sequence_axis) + " and " +
                                         std::to_string(a.batch_axis) + " of data of shape " + in.text());
  if (op.input(1).shape.rank() != 1 || op.input(1).shape[0] != in[a.batch_axis])
    return fail(ErrorKind::bad_file,
                "lengths of shape " + op.input(1).shape.text() + " for data of shape " + in.text());
  NARROW_CHECK(check_positions(op, 1, "lengths", {{0, in[a.sequence_axis]}}));
  return std::vector{in};
}

Result<Step> lower_reverse_sequence(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  NARROW_TRY(int32_t const wide, index_bytes(op, 1, "lengths"));
  auto const& a = op.attributes<ReverseSequenceAttributes>();
  const Shape& in = op.input(0).shape;
  int const first = std::min(a.sequence_axis, a.batch_axis), second = std::max(a.sequence_axis, a.batch_axis);
  nw_reverse_sequence_params const p{
      .outer = static_cast<nw_i32>(in.product(0, first)),
      .first = in[first],
      .middle = static_cast<nw_i32>(in.product(first + 1, second)),
      .second = in[second],
      .block_bytes = static_cast<nw_i32>(in.product(second + 1, in.rank()) * bytes),
      .reverses_first = a.sequence_axis == first,
      .index_bytes = wide,
  };
  Step step = call_step(kernel_call(kReverseSequenceAny, p, {operand(0), operand(1), result()}));
  // Fewer than none reverse nothing, in LiteRT too.
  return checking_positions(op, 1, "lengths", {{kAnyIndex.first, in[a.sequence_axis]}}, std::move(step));
}

}  // namespace

constexpr AttributeField kReverseSequenceFields[] = {
    field<&ReverseSequenceAttributes::sequence_axis>("sequence_axis"),
    field<&ReverseSequenceAttributes::batch_axis>("batch_axis"),
};
const AttributeType ReverseSequenceAttributes::kType =
    attribute_type<ReverseSequenceAttributes>("ReverseSequence", kReverseSequenceFields);

// 8 bits: no runtime has a kernel.
const OpDef kReverseSequence{
    .name = "REVERSE_SEQUENCE",
    .attributes = &ReverseSequenceAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = {.int16 = true,
              .roles = {Role::activation, Role::index},
              .output16 = ScaleRule::same,
              .versions = {.int16 = 1}},
    .infer = infer_reverse_sequence,
    .lower = lower_reverse_sequence,
};

}  // namespace narrow
