#include "graph/attribute_type.h"
#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "ops/layout/view.h"
#include "rows/layout.h"

namespace narrow {
namespace {

constexpr size_t kMostIndices = 31;  // bits of a mask

bool bit(int mask, size_t i) {
  return (static_cast<unsigned>(mask) >> i & 1U) != 0;
}

/// What the operands ask for, index by index.
struct Indices {
  std::vector<int64_t> begin, end, step;
  bool computed = false;  // begin and end stand for what is known only when the op runs
};

bool has_computed_begins(const OpView& op) {
  return !op.input(1).known();
}

Result<Indices> indices_of(const OpView& op) {
  Indices s;
  s.computed = has_computed_begins(op);
  if (s.computed) {
    NARROW_CHECK(index_bytes(op, 1, "begins"));
    NARROW_CHECK(index_bytes(op, 2, "ends"));
    s.begin.resize(static_cast<size_t>(op.input(1).elements()));
    s.end.resize(static_cast<size_t>(op.input(2).elements()));
  } else {
    NARROW_TRY(s.begin, index_values(op, 1, "begins"));
    NARROW_TRY(s.end, index_values(op, 2, "ends"));
  }
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
  int chosen_by = -1;  // the index whose computed begin says which element is taken
};

Cut whole(int64_t extent) {
  return {0, 1, extent, -1};
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
  return Cut{at, 1, 1, -1};
}

Result<Cut> range(const StridedSliceAttributes& a, const Indices& s, size_t i, int64_t extent) {
  if (s.computed && !(bit(a.begin_mask, i) && bit(a.end_mask, i)))
    return fail(ErrorKind::unsupported, "begins that are computed where not a single element is taken");
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
  return Cut{begin, count > 1 ? step : 1, count, -1};
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
      NARROW_TRY(Cut cut, single(in[d], s.begin[i], s.step[i], bit(a.begin_mask, i)));
      if (s.computed && !bit(a.begin_mask, i)) cut.chosen_by = static_cast<int>(i);
      take(cut, false);
    } else {
      NARROW_TRY(Cut const cut, range(a, s, i, in[d]));
      take(cut, true);
    }
  }
  while (d < in.rank()) take(whole(in[d]), true);
  return out;
}

Result<std::vector<Shape>> infer_strided_slice(const OpView& op) {
  NARROW_TRY(Slice const slice, slice_of(op));
  NARROW_TRY(Shape shape, Shape::make(slice.dims));
  return std::vector{std::move(shape)};
}

View view_of(const OpView& op, const std::vector<Cut>& cuts) {
  std::vector<int64_t> const strides = strides_of(op.input(0).shape);
  View view;
  for (size_t d = 0; d < cuts.size(); ++d) {
    view.dims.push_back({cuts[d].count, cuts[d].step * strides[d]});
    view.offset += cuts[d].begin * strides[d];
  }
  return view;
}

Result<Step> lower_computed(const OpView& op, const std::vector<Cut>& cuts) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  NARROW_TRY(int32_t const wide, index_bytes(op, 1, "begins"));
  std::vector<int64_t> const strides = strides_of(op.input(0).shape);
  std::vector<IndexRange> inside(static_cast<size_t>(op.input(1).elements()), kAnyIndex);
  nw_window_params p{};
  p.view = strided_params(view_of(op, cuts), bytes);
  p.index_bytes = wide;
  for (size_t d = 0; d < cuts.size(); ++d) {
    if (cuts[d].chosen_by < 0) continue;
    int32_t const extent = op.input(0).shape[static_cast<int>(d)];
    inside[static_cast<size_t>(cuts[d].chosen_by)] = {-extent, extent - 1};
    nw_i32 const i = p.chosen++;
    p.which[i] = cuts[d].chosen_by;
    p.first[i] = -extent;
    p.last[i] = extent - 1;
    p.stride[i] = static_cast<nw_i32>(strides[d]);
  }
  Step step = call_step(kernel_call(kCopyWindowAny, p, {operand(0), operand(1), result()}));
  return checking_positions(op, 1, "begins", std::move(inside), std::move(step));
}

Result<Step> lower_strided_slice(const OpView& op, const LowerContext&) {
  NARROW_TRY(Slice const slice, slice_of(op));
  return has_computed_begins(op) ? lower_computed(op, slice.cuts) : lower_view(op, view_of(op, slice.cuts));
}

int version_strided_slice(const OpView& op) {
  auto const& a = op.attributes<StridedSliceAttributes>();
  if (a.offset) return 8;
  if (a.ellipsis_mask != 0 || a.new_axis_mask != 0) return 6;
  return op.input(0).shape.rank() > 4 ? 4 : op.input(0).dtype == DType::boolean ? 3 : 1;
}

}  // namespace

constexpr AttributeField kStridedSliceFields[] = {
    field<&StridedSliceAttributes::begin_mask>("begin_mask"),
    field<&StridedSliceAttributes::end_mask>("end_mask"),
    field<&StridedSliceAttributes::ellipsis_mask>("ellipsis_mask"),
    field<&StridedSliceAttributes::new_axis_mask>("new_axis_mask"),
    field<&StridedSliceAttributes::shrink_axis_mask>("shrink_axis_mask"),
    field<&StridedSliceAttributes::offset>("offset"),
};
const AttributeType StridedSliceAttributes::kType =
    attribute_type<StridedSliceAttributes>("StridedSlice", kStridedSliceFields);

const OpDef kStridedSlice{
    .name = "STRIDED_SLICE",
    .attributes = &StridedSliceAttributes::kType,
    .arity = {.min_inputs = 4, .max_inputs = 4},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 2, .int16 = 1}),
    .infer = infer_strided_slice,
    .lower = lower_strided_slice,
    .version = version_strided_slice,
};

}  // namespace narrow
