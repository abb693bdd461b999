// Layers and pools that slide along time.
#include <algorithm>
#include <numeric>
#include <utility>

#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/windows/windows.h"
#include "stream/stream_maker.h"

namespace narrow {
namespace {

/// What slides along one of the two dimensions of an image.
struct Sliding {
  int32_t filter = 1, stride = 1, dilation = 1;
  int32_t reach() const { return (filter - 1) * dilation + 1; }
};

template <class A>
Sliding strides_of(const A& a, const Shape& weights, int axis) {
  return axis == 1 ? Sliding{weights[1], a.stride_h, a.dilation_h} : Sliding{weights[2], a.stride_w, a.dilation_w};
}

Sliding sliding_of(const OpView& op, int axis) {
  if (const auto* c = op.op.attributes.get_if<Conv2dAttributes>()) return strides_of(*c, op.input(1).shape, axis);
  if (const auto* d = op.op.attributes.get_if<DepthwiseConv2dAttributes>())
    return strides_of(*d, op.input(1).shape, axis);
  auto const& p = op.attributes<Pool2dAttributes>();
  return axis == 1 ? Sliding{p.filter_h, p.stride_h, 1} : Sliding{p.filter_w, p.stride_w, 1};
}

template <class A>
Padding change(A& a, int axis, int32_t stride, Padding padding) {
  (axis == 1 ? a.stride_h : a.stride_w) = stride;
  return std::exchange(a.padding, padding);
}

/// With another stride along the axis, and another padding; the padding before.
Padding change_window(Attributes& attributes, int axis, int32_t stride, Padding padding) {
  if (auto* c = attributes.edit<Conv2dAttributes>()) return change(*c, axis, stride, padding);
  if (auto* d = attributes.edit<DepthwiseConv2dAttributes>()) return change(*d, axis, stride, padding);
  return change(*attributes.edit<Pool2dAttributes>(), axis, stride, padding);
}

int32_t ceil_div(int32_t a, int32_t b) {
  return a <= 0 ? 0 : (a + b - 1) / b;
}

}  // namespace

Status StreamMaker::sliding(const Op& op) {
  OpView const view{from_, op};
  NARROW_TRY(int const x, moving(op));
  Along a = *along(x);
  if (a.axis != 1 && a.axis != 2)
    return fail(ErrorKind::unsupported, "the frames are " + std::string(a.axis == 0 ? "samples" : "channels") +
                                            " to it, not places along which it slides");
  int const across = 3 - a.axis;
  Sliding s = sliding_of(view, a.axis);
  Sliding const other = sliding_of(view, across);
  Attributes attributes = op.attributes;
  Padding const padding = change_window(attributes, a.axis, s.stride, Padding::valid);
  NARROW_TRY(Window const in_time, slide(a.window, s.filter, s.stride, s.dilation, padding));
  if (in_time.pad_before != 0 || in_time.pad_after != 0)
    return fail(ErrorKind::unsupported,
                "SAME padding puts " + std::to_string(in_time.pad_before) + " positions before the window and " +
                    std::to_string(in_time.pad_after) +
                    " behind it, which is yet to come; with VALID padding, or all of it before (causal), it can take "
                    "frames one by one");
  bool const layer = op.attributes.get_if<Pool2dAttributes>() == nullptr;
  if (layer && view.input(0).is_float() && !view.input(1).is_float() && s.reach() != a.window)
    return fail(ErrorKind::unsupported,
                "it rounds all of its window by one scale, that of the largest value in it, which a run does not see; "
                "make the float network take frames, then quantize that one (scheme `dynamic`)");
  if (in_time.out == 1) {                                // one position, however far it is to the next
    if (a.rooted || a.late < 0) NARROW_CHECK(whole(x));  // says why not
    s.stride = a.positions;
  }
  if (a.positions % s.stride != 0) {
    least_ = std::lcm(least_, s.stride / std::gcd(a.positions, s.stride) * frames_);
    return fail(ErrorKind::unsupported, "it moves on by " + std::to_string(s.stride) + " positions at a time");
  }
  int32_t const reach = s.reach(), n = a.positions;
  int32_t const look = a.late < 0 ? reach - s.stride : std::max(reach - s.stride, 0);
  int32_t const late = ceil_div(look + a.late, s.stride);
  int32_t const back = late * s.stride - a.late;
  NARROW_TRY(int data, history_.with_past(here(x), a.axis, back, fill_of(x)));
  int32_t const needed = (n / s.stride - 1) * s.stride + reach;
  if ((back + n - reach) / s.stride + 1 > n / s.stride) {
    NARROW_TRY(data, history_.part(data, a.axis, 0, needed));
  }
  NARROW_TRY(Window const wide,
             slide(view.input(0).shape[across], other.filter, other.stride, other.dilation, padding));
  Padding kept = Padding::valid;
  if (wide.pad_before != 0 || wide.pad_after != 0) {
    // SAME padding across the axis stays where it makes none along it.
    NARROW_TRY(Window const now, slide(b_.shape(data)[a.axis], s.filter, s.stride, s.dilation, Padding::same));
    if (now.pad_before == 0 && now.pad_after == 0 && now.out == n / s.stride) {
      kept = Padding::same;
    } else {
      NARROW_TRY(data, pad_across(op, data, across, wide.pad_before, wide.pad_after));
    }
  }
  change_window(attributes, a.axis, s.stride, kept);
  std::vector<int> inputs{data};
  for (size_t i = 1; i < op.inputs.size(); ++i) inputs.push_back(here(op.inputs[i]));
  Along result;
  result.axis = a.axis;
  result.positions = n / s.stride;
  result.late = late;
  result.window = in_time.out;
  result.rooted = a.late < 0 ? kPadded : a.rooted;
  return put(op, std::move(inputs), std::move(attributes), result);
}

Result<int> StreamMaker::pad_across(const Op& op, int data, int axis, int32_t before, int32_t after) {
  if (op.attributes.get_if<Pool2dAttributes>())
    return fail(ErrorKind::unsupported, "it pads across the axis, which a pool cannot do in one direction alone");
  std::vector<int32_t> amounts(static_cast<size_t>(b_.shape(data).rank()) * 2, 0);
  amounts[static_cast<size_t>(axis) * 2] = before;
  amounts[static_cast<size_t>(axis) * 2 + 1] = after;
  int const paddings =
      b_.constant({.dtype = DType::int32, .shape = Shape::of({static_cast<int32_t>(amounts.size() / 2), 2})}, amounts);
  TensorSpec spec{
      .dtype = b_.at(data).dtype, .name = b_.at(data).name + "/padded", .quantization = b_.at(data).quantization};
  return b_.infer_op(kPad, {}, {data, paddings}, std::move(spec));
}

}  // namespace narrow
