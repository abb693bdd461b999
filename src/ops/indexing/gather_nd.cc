#include <cstring>

#include "ops/indexing/indexing.h"
#include "ops/layout/index_operand.h"
#include "ops/layout/view.h"
#include "rows/indexing.h"

extern "C" {
#include "portable/indexing/gather.h"
#include "portable/indexing/index.h"
}

namespace narrow {
namespace {

/// What the `depth` positions of a row may be.
std::vector<IndexRange> inside(const Shape& whole, int depth) {
  std::vector<IndexRange> out;
  for (int d = 0; d < depth; ++d) out.push_back({0, whole[d] - 1});
  return out;
}

/// How many positions choose one slice of data of shape `whole`; operand `positions` lists them in rows.
Result<int> depth_of(const OpView& op, size_t positions, const Shape& whole, bool takes_int16) {
  const Shape& rows = op.input(positions).shape;
  NARROW_CHECK(index_bytes(op, positions, "positions", takes_int16));
  if (rows.rank() < 1 || rows.back() > whole.rank())
    return fail(ErrorKind::bad_file, "positions of shape " + rows.text() + " in data of shape " + whole.text());
  int const depth = rows.back();
  for (int d = 0; d < depth; ++d)
    if (whole[d] == 0 && rows.elements() > 0)
      return fail(ErrorKind::bad_file, "positions in data of shape " + whole.text());
  NARROW_CHECK(check_positions(op, positions, "positions", inside(whole, depth)));
  return depth;
}

/// The dimensions of the rows before the last one, and those of `whole` that are not chosen.
Result<Shape> slices_shape(const Shape& rows, const Shape& whole, int depth) {
  std::vector<int32_t> dims(rows.dims().begin(), rows.dims().end() - 1);
  dims.insert(dims.end(), whole.dims().begin() + depth, whole.dims().end());
  return Shape::make(dims);
}

nw_gather_nd_params params_of_gather_nd(const Shape& rows, const Shape& whole, int depth, int32_t bytes, int32_t wide) {
  nw_gather_nd_params p{};
  p.count = static_cast<nw_i32>(rows.product(0, rows.rank() - 1));
  p.depth = depth;
  std::vector<int64_t> const strides = strides_of(whole);
  for (int d = 0; d < depth; ++d) {
    p.extent[d] = whole[d];
    p.stride[d] = static_cast<nw_i32>(strides[static_cast<size_t>(d)] * bytes);
  }
  p.block_bytes = static_cast<nw_i32>(whole.product(depth, whole.rank()) * bytes);
  p.index_bytes = wide;
  return p;
}

Result<std::vector<Shape>> infer_gather_nd(const OpView& op) {
  NARROW_TRY(int const depth, depth_of(op, 1, op.input(0).shape, true));
  NARROW_TRY(Shape shape, slices_shape(op.input(1).shape, op.input(0).shape, depth));
  return std::vector{std::move(shape)};
}

Result<Step> lower_gather_nd(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  NARROW_TRY(int32_t const wide, index_bytes(op, 1, "positions", true));
  const Shape &data = op.input(0).shape, &rows = op.input(1).shape;
  nw_gather_nd_params const p = params_of_gather_nd(rows, data, rows.back(), bytes, wide);
  Step step = call_step(kernel_call(kGatherNdAny, p, {operand(0), operand(1), result()}));
  return checking_positions(op, 1, "positions", inside(data, p.depth), std::move(step));
}

int version_gather_nd(const OpView& op) {
  return op.input(0).dtype == DType::boolean ? 5 : op.input(1).dtype == DType::int16 ? 4 : 1;
}

Result<std::vector<Shape>> infer_scatter(const OpView& op) {
  NARROW_TRY(Shape shape, shape_values(op, 2));
  NARROW_TRY(int const depth, depth_of(op, 0, shape, false));
  NARROW_TRY(Shape const updates, slices_shape(op.input(0).shape, shape, depth));
  if (op.input(1).shape != updates)
    return fail(ErrorKind::bad_file,
                "updates of shape " + op.input(1).shape.text() + " where " + updates.text() + " is needed");
  return std::vector{std::move(shape)};
}

/// Integers wrap around, bits are or-ed.
template <class T>
T sum(T a, T b) {
  if constexpr (std::is_same_v<T, bool>)
    return a || b;
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  else
    return a + b;
}

template <class T>
Step scatter_step(const OpView& op, const nw_gather_nd_params& p) {
  int64_t const n = op.output().elements(), slice = p.block_bytes / static_cast<int64_t>(sizeof(T));
  int64_t const row_bytes = sample_bytes(op.input(0), p.index_bytes), update_advance = advance(op.input(1));
  auto one = [p, slice](const std::byte* rows, const T* updates, T* out) {
    for (int32_t i = 0; i < p.count; ++i, updates += slice) {
      int64_t at = 0;
      for (int32_t d = 0; d < p.depth; ++d)
        at += p.stride[d] * nw_index(rows, i * p.depth + d, p.index_bytes, p.extent[d] - 1);
      T* const to = out + at / static_cast<int64_t>(sizeof(T));
      for (int64_t e = 0; e < slice; ++e) to[e] = sum(to[e], updates[e]);
    }
  };
  Step step{.run =
                [=](const StepArgs& s) {
                  auto const* rows = static_cast<const std::byte*>(s.in[0]);
                  auto const* updates = static_cast<const T*>(s.in[1]);
                  auto* out = static_cast<T*>(s.out[0]);
                  if (n == 0) return;
                  std::fill_n(out, n * s.batch, T{});
                  for (int64_t i = 0; i < s.batch; ++i)
                    one(rows + i * row_bytes, updates + i * update_advance, out + i * n);
                },
            .batched = true,
            .host_only = true,
            .kernel = "plain loops"};
  return checking_positions(op, 0, "positions", inside(op.output().shape, p.depth), std::move(step));
}

Result<Step> lower_scatter(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op.input(1), op.output()));
  NARROW_TRY(int32_t const wide, index_bytes(op, 0, "positions"));
  const Shape& rows = op.input(0).shape;
  nw_gather_nd_params const p = params_of_gather_nd(rows, op.output().shape, rows.back(), bytes, wide);
  switch (op.output().dtype) {
    case DType::float32:
      return scatter_step<float>(op, p);
    case DType::int32:
      return scatter_step<int32_t>(op, p);
    case DType::int64:
      return scatter_step<int64_t>(op, p);
    case DType::int8:
      return scatter_step<int8_t>(op, p);
    case DType::uint8:
      return scatter_step<uint8_t>(op, p);
    case DType::boolean:
      return scatter_step<bool>(op, p);
    default:
      return fail(ErrorKind::unsupported, std::string("updates of type ") + to_string(op.output().dtype));
  }
}

}  // namespace

const OpDef kGatherNd{
    .name = "GATHER_ND",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 1, .int16 = 3}),
    .infer = infer_gather_nd,
    .lower = lower_gather_nd,
    .version = version_gather_nd,
};

// The kernel starts from the integer 0 and adds codes, which is right for zero point 0 only: not offered to a
// quantizer.
const OpDef kScatterNd{
    .name = "SCATTER_ND",
    .arity = {.min_inputs = 3, .max_inputs = 3},
    .quant = {.roles = {Role::index, Role::activation, Role::index}},
    .infer = infer_scatter,
    .lower = lower_scatter,
};

}  // namespace narrow
