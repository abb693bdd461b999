// Ops that cut, join, pad and repeat.
#include <algorithm>
#include <limits>

#include "ops/indexing/indexing.h"
#include "ops/layout/layout.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

Status read_concat(Node& n) {
  Order order = n.in(0).order;
  int const rank = static_cast<int>(order.size());
  for (size_t i = n.inputs(); i-- > 0;)
    if (!n.has(i) || n.net.rank(n.in(i)) != rank)
      return fail(ErrorKind::bad_file, "operands have different numbers of dimensions");
  NARROW_TRY(int const axis, n.axis(n.integer("axis", 1), rank));
  std::vector<int> in;
  for (size_t i = 0; i < n.inputs(); ++i) {
    NARROW_TRY(int const t, n.net.stored(n.in(i), order));
    in.push_back(t);
  }
  ConcatenationAttributes const a{place(order, axis), Activation::none};
  Quantization const q = n.net.at(in[0]).quantization;
  return n.give(n.net.add(kConcatenation, a, in, n.name(), {}, q), order);
}

Status read_split(Node& n) {
  const Value& x = n.in(0);
  Shape const s = n.shape(0);
  NARROW_TRY(int const axis, n.axis(n.integer("axis", 0), s.rank()));
  bool given = false;
  NARROW_TRY(std::vector<int64_t> sizes, n.from_either(1, "split", given));
  auto const parts = static_cast<int64_t>(n.outputs());
  if (n.integer("num_outputs", parts) != parts)
    return fail(ErrorKind::bad_file, "num_outputs is not the number of results");
  if (!given) {
    int64_t const each = (s[axis] + parts - 1) / parts;
    for (int64_t i = 0; i < parts; ++i) sizes.push_back(std::max<int64_t>(std::min(each, s[axis] - i * each), 0));
  }
  std::vector<int32_t> lengths;
  for (int64_t v : sizes) {
    if (v < 0 || v > s[axis]) return fail(ErrorKind::bad_file, "a part of " + std::to_string(v) + " elements");
    lengths.push_back(static_cast<int32_t>(v));
  }
  if (static_cast<int64_t>(lengths.size()) != parts)
    return fail(ErrorKind::bad_file, "there are not as many sizes as results");
  int const at =
      n.net.builder().constant({.dtype = DType::int32, .shape = {}}, std::vector<int32_t>{place(x.order, axis)});
  std::vector<DType> const types(n.outputs(), n.tensor(0).dtype);
  Quantization const q = n.tensor(0).quantization;
  NARROW_TRY(std::vector<int> const out,
             n.net.add_several(kSplitV, SplitAttributes{static_cast<int>(parts)},
                               {x.tensor, n.net.builder().indices(lengths), at}, n.name(), types));
  for (size_t i = 0; i < out.size(); ++i) {
    n.net.builder().at(out[i]).quantization = q;
    NARROW_CHECK(n.give({out[i], x.order}, i));
  }
  return {};
}

/// One dimension of a slice.
struct Range {
  int64_t start = 0, end = 0, step = 1;
};

Status read_slice(Node& n) {
  const Value& x = n.in(0);
  Shape const s = n.shape(0);
  bool given = false, by_axes = false, by_steps = false;
  NARROW_TRY(std::vector<int64_t> const starts, n.from_either(1, "starts", given));
  NARROW_TRY(std::vector<int64_t> const ends, n.from_either(2, "ends", given));
  NARROW_TRY(std::vector<int64_t> axes, n.from_either(3, "axes", by_axes));
  NARROW_TRY(std::vector<int64_t> steps, n.from_either(4, "steps", by_steps));
  if (!by_axes)
    for (size_t i = 0; i < starts.size(); ++i) axes.push_back(static_cast<int64_t>(i));
  if (!by_steps) steps.assign(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    return fail(ErrorKind::bad_file, "starts, ends, axes and steps are not equally many");
  std::vector<Range> ranges(static_cast<size_t>(s.rank()));
  for (int d = 0; d < s.rank(); ++d) ranges[static_cast<size_t>(d)] = {0, s[d], 1};
  for (size_t i = 0; i < axes.size(); ++i) {
    NARROW_TRY(int const d, n.axis(axes[i], s.rank()));
    if (steps[i] == 0 || steps[i] == std::numeric_limits<int64_t>::min())
      return fail(ErrorKind::bad_file, "a step of 0");
    int64_t const length = s[d], step = std::clamp<int64_t>(steps[i], -(1 << 30), 1 << 30);
    auto const from_end = [&](int64_t v) { return v < 0 ? (v < -length ? -1 - length : v) + length : v; };
    int64_t const low = step > 0 ? 0 : -1, high = step > 0 ? length : length - 1;
    ranges[static_cast<size_t>(d)] = {std::clamp(from_end(starts[i]), int64_t{0}, high),
                                      std::clamp(from_end(ends[i]), low, high), step};
    if (step < 0 && length == 0) ranges[static_cast<size_t>(d)] = {0, 0, 1};
  }
  std::vector<int32_t> begin, end, step;
  int end_mask = 0;
  for (size_t i = 0; i < x.order.size(); ++i) {
    const Range& r = ranges[static_cast<size_t>(x.order[i])];
    begin.push_back(static_cast<int32_t>(r.start));
    end.push_back(static_cast<int32_t>(std::max<int64_t>(r.end, 0)));
    step.push_back(static_cast<int32_t>(r.step));
    if (r.end < 0) end_mask |= 1 << i;  // backwards to the first element
  }
  StridedSliceAttributes a;
  a.end_mask = end_mask;
  GraphBuilder& b = n.net.builder();
  Quantization const q = n.tensor(0).quantization;
  return n.give(
      n.net.add(kStridedSlice, a, {x.tensor, b.indices(begin), b.indices(end), b.indices(step)}, n.name(), {}, q),
      x.order);
}

/// Rows of [before, after] for each stored dimension.
Result<std::vector<int64_t>> pads_of(Node& n) {
  const char* const name = "pads";
  int const rank = n.shape(0).rank();
  bool given = false, some = false;
  NARROW_TRY(std::vector<int64_t> const pads, n.from_either(1, name, given));
  std::vector<int64_t> axes;
  if (n.has(3)) {
    NARROW_TRY(axes, n.known(3, "axes"));
    some = true;
  }
  if (!some)
    for (int d = 0; d < rank; ++d) axes.push_back(d);
  if (pads.size() != 2 * axes.size()) return fail(ErrorKind::bad_file, "pads are not two for each dimension");
  std::vector<int64_t> out(2 * static_cast<size_t>(rank), 0);
  for (size_t i = 0; i < axes.size(); ++i) {
    NARROW_TRY(int const d, n.axis(axes[i], rank));
    auto const at = static_cast<size_t>(place(n.in(0).order, d));
    out[2 * at] = pads[i];
    out[2 * at + 1] = pads[i + axes.size()];
  }
  return out;
}

/// Negative pads take elements away.
Result<int> cropped(Node& n, int x, std::vector<int64_t>& pads) {
  Shape const s = n.net.at(x).shape;
  std::vector<int32_t> begin, size;
  bool any = false;
  for (int d = 0; d < s.rank(); ++d) {
    int64_t &before = pads[2 * static_cast<size_t>(d)], &after = pads[2 * static_cast<size_t>(d) + 1];
    int64_t const limit = limits_in_force().tensor_elements;
    if (before > limit || after > limit || before < -limit || after < -limit)
      return fail(ErrorKind::bad_file, "a pad of " + std::to_string(before));
    int64_t const from = std::max<int64_t>(-before, 0), length = s[d] - from - std::max<int64_t>(-after, 0);
    if (length < 0) return fail(ErrorKind::bad_file, "negative pads take more than there is");
    any |= length != s[d];
    begin.push_back(static_cast<int32_t>(from));
    size.push_back(static_cast<int32_t>(length));
    before = std::max<int64_t>(before, 0), after = std::max<int64_t>(after, 0);
  }
  if (!any) return x;
  return n.net.add(kSlice, {}, {x, n.net.builder().indices(begin), n.net.builder().indices(size)},
                   n.name() + "/cropped");
}

/// The data with its outermost elements, or those of its other end, again and again around it.
Result<int> continued(Node& n, int x, const std::vector<int64_t>& pads, bool wraps) {
  for (size_t d = 0; 2 * d < pads.size(); ++d) {
    int64_t const before = pads[2 * d], after = pads[2 * d + 1], length = n.net.at(x).shape[static_cast<int>(d)];
    if (before == 0 && after == 0) continue;
    if (length == 0) return fail(ErrorKind::bad_file, "there is nothing to continue");
    std::vector<int32_t> at;
    for (int64_t i = -before; i < length + after; ++i)
      at.push_back(
          static_cast<int32_t>(wraps ? (i % length + length) % length : std::clamp<int64_t>(i, 0, length - 1)));
    int const positions = n.net.positions(Shape::of({static_cast<int32_t>(at.size())}), at);
    NARROW_TRY(x, n.net.add(kGather, GatherAttributes{static_cast<int>(d), 0}, {x, positions},
                            n.name() + "/axis" + std::to_string(d), {}, n.net.at(x).quantization));
  }
  return x;
}

Status read_pad(Node& n) {
  const Value& x = n.in(0);
  std::string const mode = n.text("mode", "constant");
  float const old_value = n.real("value", 0);
  NARROW_TRY(std::vector<int64_t> pads, pads_of(n));
  NARROW_TRY(int const from, cropped(n, x.tensor, pads));
  int const by = n.net.builder().constant({.dtype = DType::int32, .shape = Shape::of({n.shape(0).rank(), 2})},
                                          std::vector<int32_t>(pads.begin(), pads.end()));
  if (mode == "reflect")
    return n.give(n.net.add(kMirrorPad, MirrorPadAttributes{MirrorMode::reflect}, {from, by}, n.name()), x.order);
  if (mode == "edge" || mode == "wrap") return n.give(continued(n, from, pads, mode == "wrap"), x.order);
  if (mode != "constant") return not_here("Pad mode '" + mode + "'");
  Quantization const q = n.net.at(from).quantization;
  int value = kNoTensor;
  if (n.has(2)) {
    if (n.tensor(2).elements() != 1) return fail(ErrorKind::bad_file, "the value of Pad is not one number");
    NARROW_TRY(value, n.net.reshaped(n.in(2).tensor, {}, ""));
    const Tensor& v = n.net.at(value);
    if (v.constant &&
        std::all_of(v.data.bytes().begin(), v.data.bytes().end(), [](std::byte b) { return b == std::byte{0}; }) &&
        !q.present())
      value = kNoTensor;
  } else if (old_value != 0) {
    value = n.net.scalar(old_value);
  }
  if (value == kNoTensor) return n.give(n.net.add(kPad, {}, {from, by}, n.name(), {}, q), x.order);
  return n.give(n.net.add(kPadV2, {}, {from, by, value}, n.name(), {}, q), x.order);
}

Status read_expand(Node& n) {
  NARROW_TRY(std::vector<int64_t> const wanted, n.known(1, "shapes"));
  std::vector<int32_t> dims;
  for (int64_t v : wanted) {
    if (v < 0 || v > limits_in_force().tensor_elements)
      return fail(ErrorKind::bad_file, "a dimension of " + std::to_string(v));
    dims.push_back(static_cast<int32_t>(v));
  }
  NARROW_TRY(Shape const to, Shape::make(dims));
  NARROW_TRY(Shape const whole, broadcast(n.shape(0), to));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  if (whole == n.shape(0)) return n.give_plain(x);
  return n.give_plain(
      n.net.add(kBroadcastTo, {}, {x, n.net.builder().indices({whole.dims().begin(), whole.dims().end()})}, n.name()));
}

Status read_tile(Node& n) {
  NARROW_TRY(std::vector<int64_t> const times, n.known(1, "repeats"));
  std::vector<int32_t> by;
  for (int64_t v : times) {
    if (v < 0 || v > limits_in_force().tensor_elements)
      return fail(ErrorKind::bad_file, std::to_string(v) + " repeats");
    by.push_back(static_cast<int32_t>(v));
  }
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  return n.give_plain(n.net.add(kTile, {}, {x, n.net.builder().indices(by)}, n.name()));
}

constexpr OpRow kRowsMovement[] = {
    {"Concat", read_concat, 1, kAnyInputs},
    {"Expand", read_expand, 2, 2},
    {"Pad", read_pad, 1, 4},
    {"Slice", read_slice, 1, 5},
    {"Split", read_split, 1, 2},
    {"Tile", read_tile, 2, 2},
};

}  // namespace

std::span<const OpRow> layout_rows() {
  return kRowsMovement;
}

}  // namespace narrow::onnx
