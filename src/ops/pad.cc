#include "ops/pad.h"

#include "ops/index_operand.h"
#include "ops/move.h"

extern "C" {
#include "portable/pad.h"
}

namespace narrow {
namespace {

/// Elements along one dimension of the data, and how many come before and after them.
struct PaddedDim {
  int64_t extent = 1;
  int64_t before = 0;
  int64_t after = 0;
};

Result<std::vector<PaddedDim>> padded_dims(const OpView& op) {
  NARROW_TRY(std::vector<int64_t> const values, index_values(op, 1, "paddings"));
  const Shape& in = op.input(0).shape;
  if (values.size() != 2 * static_cast<size_t>(in.rank()))
    return fail(ErrorKind::bad_file,
                "paddings of shape " + op.input(1).shape.text() + " for data of shape " + in.text());
  std::vector<PaddedDim> out;
  for (int d = 0; d < in.rank(); ++d) {
    int64_t const before = values[2 * static_cast<size_t>(d)], after = values[2 * static_cast<size_t>(d) + 1];
    if (before < 0 || after < 0)
      return fail(ErrorKind::bad_file, "negative padding " + std::to_string(std::min(before, after)));
    if (before > kLimits.tensor_elements || after > kLimits.tensor_elements)
      return fail(ErrorKind::limit_exceeded, "padding by " + std::to_string(std::max(before, after)) + " elements");
    out.push_back({in[d], before, after});
  }
  return out;
}

Result<std::vector<Shape>> infer(const OpView& op) {
  NARROW_TRY(std::vector<PaddedDim> const padded, padded_dims(op));
  std::vector<int32_t> dims;
  for (const PaddedDim& d : padded) {
    int64_t const sum = d.extent + d.before + d.after;
    if (sum > kLimits.tensor_elements)
      return fail(ErrorKind::limit_exceeded, "a padded dimension has " + std::to_string(sum) + " elements");
    dims.push_back(static_cast<int32_t>(sum));
  }
  NARROW_TRY(Shape shape, Shape::make(dims));
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

Result<Step> lower(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  NARROW_TRY(std::vector<PaddedDim> const padded, padded_dims(op));
  if (op.output().elements() == 0) return move_step(op, bytes, "nothing", [](const std::byte*, std::byte*) {});
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
  auto const zero = zero_of(op.output());
  return move_step(op, bytes, "pad",
                   [p, zero](const std::byte* in, std::byte* out) { nw_pad(&p, zero.data(), in, out); });
}

}  // namespace

const OpDef kPad{
    .name = "PAD",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation, Role::index},
              .role_count = 2,
              .output8 = ScaleRule::same,
              .output16 = ScaleRule::same,
              .versions = {.int8 = 2, .int16 = 3}},
    .infer = infer,
    .lower = lower,
};

}  // namespace narrow
