#include "ops/strided_slice.h"

#include "ops/index_operand.h"
#include "ops/view.h"

namespace narrow {
namespace {

constexpr size_t kMostIndices = 31;  // bits of a mask

bool bit(int mask, size_t i) {
  return (static_cast<unsigned>(mask) >> i & 1U) != 0;
}

/// What the operands ask for, index by index.
struct Indices {
  std::vector<int64_t> begin, end, step;
};

Result<Indices> indices_of(const OpView& op) {
  Indices s;
  NARROW_TRY(s.begin, index_values(op, 1, "begins"));
  NARROW_TRY(s.end, index_values(op, 2, "ends"));
  NARROW_TRY(s.step, index_values(op, 3, "strides"));
  if (s.begin.size() != s.end.size() || s.begin.size() != s.step.size())
    return fail(ErrorKind::bad_file, std::to_string(s.begin.size()) + " begins, " + std::to_string(s.end.size()) +
                                         " ends and " + std::to_string(s.step.size()) + " strides");
  if (s.begin.size() > kMostIndices)
    return fail(ErrorKind::limit_exceeded, "more than " + std::to_string(kMostIndices) + " indices");
  // Longer steps than any dimension make no difference.
  constexpr int64_t kLongest = std::numeric_limits<int32_t>::max();
  for (int64_t& step : s.step) {
    if (step == 0) return fail(ErrorKind::bad_file, "a stride is 0");
    step = std::clamp(step, -kLongest, kLongest);
  }
  return s;
}

/// One dimension of the data: elements begin, begin + step, ... are taken, `count` of them.
struct Cut {
  int64_t begin = 0;
  int64_t step = 1;
  int64_t count = 1;
};

Cut whole(int64_t extent) {
  return {0, 1, extent};
}

/// A single element, whose dimension goes away. Runtimes disagree on whether a begin mask counts here.
Result<Cut> single(int64_t extent, int64_t begin, int64_t step, bool begin_masked) {
  int64_t const at = begin < 0 ? begin + extent : begin;
  if (at < 0 || at >= extent)
    return fail(ErrorKind::bad_file,
                "index " + std::to_string(begin) + " of a dimension of " + std::to_string(extent) + " elements");
  if (step < 0) return fail(ErrorKind::bad_file, "a negative stride where a single element is taken");
  if (begin_masked && at != 0)
    return fail(ErrorKind::unsupported, "a begin mask where a single element other than the first is taken");
  return Cut{at, 1, 1};
}

Result<Cut> range(const StridedSliceAttributes& a, const Indices& s, size_t i, int64_t extent) {
  int64_t const step = s.step[i];
  int64_t const lo = step > 0 ? 0 : -1, hi = step > 0 ? extent : extent - 1;
  auto resolve = [&](int64_t v) { return std::clamp(v < 0 ? v + extent : v, lo, hi); };
  int64_t const begin = !bit(a.begin_mask, i) ? resolve(s.begin[i]) : step > 0 ? 0 : extent - 1;
  int64_t end = !bit(a.end_mask, i) ? resolve(s.end[i]) : step > 0 ? extent : -1;
  if (a.offset) {
    if (bit(a.end_mask, i)) return fail(ErrorKind::unsupported, "an end mask where ends count from begins");
    if (s.end[i] < lo - begin || s.end[i] > hi - begin)
      return fail(ErrorKind::bad_file, "an end of " + std::to_string(s.end[i]) + " after " + std::to_string(begin) +
                                           " leaves a dimension of " + std::to_string(extent) + " elements");
    end = begin + s.end[i];
  }
  int64_t const distance = step > 0 ? end - begin : begin - end;
  int64_t const count = distance <= 0 ? 0 : (distance - 1) / std::abs(step) + 1;
  return Cut{begin, count > 1 ? step : 1, count};
}

/// What is taken of each dimension of the data, and the dimensions of the result.
struct Slice {
  std::vector<Cut> cuts;
  std::vector<int32_t> dims;
};

/// Dimensions that an ellipsis at index `i` stands for: all that the other indices leave.
int64_t spanned(const StridedSliceAttributes& a, size_t indices, size_t i, int rank) {
  int64_t taken = 0;
  for (size_t k = 0; k < indices; ++k) taken += k != i && !bit(a.new_axis_mask, k);
  return std::max<int64_t>(rank - taken, 0);
}

Result<Slice> slice_of(const OpView& op) {
  NARROW_TRY(Indices const s, indices_of(op));
  auto const& a = op.attributes<StridedSliceAttributes>();
  const Shape& in = op.input(0).shape;
  Slice out;
  int d = 0;
  auto take = [&](const Cut& cut, bool kept) {
    out.cuts.push_back(cut);
    if (kept) out.dims.push_back(static_cast<int32_t>(cut.count));
    ++d;
  };
  bool seen_ellipsis = false;
  for (size_t i = 0; i < s.begin.size(); ++i) {
    if (bit(a.ellipsis_mask, i)) {
      if (seen_ellipsis) return fail(ErrorKind::bad_file, "more than one ellipsis");
      seen_ellipsis = true;
      for (int64_t n = spanned(a, s.begin.size(), i, in.rank()); n > 0; --n) take(whole(in[d]), true);
    } else if (bit(a.new_axis_mask, i)) {
      out.dims.push_back(1);
    } else if (d == in.rank()) {
      return fail(ErrorKind::bad_file, "more indices than data of shape " + in.text() + " have dimensions");
    } else if (bit(a.shrink_axis_mask, i)) {
      NARROW_TRY(Cut const cut, single(in[d], s.begin[i], s.step[i], bit(a.begin_mask, i)));
      take(cut, false);
    } else {
      NARROW_TRY(Cut const cut, range(a, s, i, in[d]));
      take(cut, true);
    }
  }
  while (d < in.rank()) take(whole(in[d]), true);
  return out;
}

Result<std::vector<Shape>> infer(const OpView& op) {
  NARROW_TRY(Slice const slice, slice_of(op));
  NARROW_TRY(Shape shape, Shape::make(slice.dims));
  return std::vector{std::move(shape)};
}

Result<Step> lower(const OpView& op, const LowerContext&) {
  NARROW_TRY(Slice const slice, slice_of(op));
  std::vector<int64_t> const strides = strides_of(op.input(0).shape);
  View view;
  for (size_t d = 0; d < slice.cuts.size(); ++d) {
    view.dims.push_back({slice.cuts[d].count, slice.cuts[d].step * strides[d]});
    view.offset += slice.cuts[d].begin * strides[d];
  }
  return lower_view(op, view);
}

int version(const OpView& op) {
  auto const& a = op.attributes<StridedSliceAttributes>();
  if (a.offset) return 8;
  if (a.ellipsis_mask != 0 || a.new_axis_mask != 0) return 6;
  return op.input(0).shape.rank() > 4 ? 4 : op.input(0).dtype == DType::boolean ? 3 : 1;
}

}  // namespace

const OpDef kStridedSlice{
    .name = "STRIDED_SLICE",
    .arity = {.min_inputs = 4, .max_inputs = 4},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation, Role::index},
              .role_count = 2,
              .output8 = ScaleRule::same,
              .output16 = ScaleRule::same,
              .versions = {.int8 = 2, .int16 = 1}},
    .infer = infer,
    .lower = lower,
    .version = version,
};

}  // namespace narrow
