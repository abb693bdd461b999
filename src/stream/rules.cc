// What becomes of each op.
#include <algorithm>
#include <numeric>
#include <set>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/recurrent/recurrent.h"
#include "ops/reductions/reductions.h"
#include "ops/windows/padding.h"
#include "ops/windows/windows.h"
#include "stream/stream_maker.h"

namespace narrow {
namespace {

/// The axis of `to` at which the elements of axis `at` of `from` are, where the others stay apart from it; -1: none.
int same_axis(const Shape& from, int at, const Shape& to) {
  int64_t const before = from.product(0, at);
  for (int i = 0; i < to.rank(); ++i)
    if (to[i] == from[at] && to.product(0, i) == before && (from[at] != 1 || i == at || to.rank() == i + 1)) return i;
  return -1;
}

}  // namespace

/// The ops that can take frames one by one. Results of most at a position depend on the operands there alone.
const StreamMaker::Rule StreamMaker::kRules[] = {
    {&kAbs, &StreamMaker::pointwise},
    {&kAdd, &StreamMaker::pointwise},
    {&kAveragePool2d, &StreamMaker::sliding},
    {&kCast, &StreamMaker::pointwise},
    {&kConcatenation, &StreamMaker::joined},
    {&kConv2d, &StreamMaker::sliding},
    {&kDepthwiseConv2d, &StreamMaker::sliding},
    {&kDequantize, &StreamMaker::pointwise},
    {&kDiv, &StreamMaker::pointwise},
    {&kElu, &StreamMaker::pointwise},
    {&kExp, &StreamMaker::pointwise},
    {&kExpandDims, &StreamMaker::shaped},
    {&kFakeQuant, &StreamMaker::pointwise},
    {&kFullyConnected, &StreamMaker::along_others},
    {&kGelu, &StreamMaker::pointwise},
    {&kGruSequence, &StreamMaker::recurrent},
    {&kHardSwish, &StreamMaker::pointwise},
    {&kL2Normalization, &StreamMaker::along_others},
    {&kL2Pool2d, &StreamMaker::sliding},
    {&kLeakyRelu, &StreamMaker::pointwise},
    {&kLog, &StreamMaker::pointwise},
    {&kLogSoftmax, &StreamMaker::along_others},
    {&kLogistic, &StreamMaker::pointwise},
    {&kLstmSequence, &StreamMaker::recurrent},
    {&kMaxPool2d, &StreamMaker::sliding},
    {&kMaximum, &StreamMaker::pointwise},
    {&kMean, &StreamMaker::reduced},
    {&kMinimum, &StreamMaker::pointwise},
    {&kMul, &StreamMaker::pointwise},
    {&kPad, &StreamMaker::padded},
    {&kPadV2, &StreamMaker::padded},
    {&kPow, &StreamMaker::pointwise},
    {&kPrelu, &StreamMaker::pointwise},
    {&kQuantize, &StreamMaker::pointwise},
    {&kReduceMax, &StreamMaker::reduced},
    {&kReduceMin, &StreamMaker::reduced},
    {&kReduceProd, &StreamMaker::reduced},
    {&kRelu, &StreamMaker::pointwise},
    {&kRelu0To1, &StreamMaker::pointwise},
    {&kRelu6, &StreamMaker::pointwise},
    {&kReluN1To1, &StreamMaker::pointwise},
    {&kReshape, &StreamMaker::shaped},
    {&kReverseV2, &StreamMaker::backwards},
    {&kRnnSequence, &StreamMaker::recurrent},
    {&kRsqrt, &StreamMaker::pointwise},
    {&kSlice, &StreamMaker::sliced},
    {&kSoftmax, &StreamMaker::along_others},
    {&kSplit, &StreamMaker::split},
    {&kSplitV, &StreamMaker::split},
    {&kSqrt, &StreamMaker::pointwise},
    {&kSquaredDifference, &StreamMaker::pointwise},
    {&kSqueeze, &StreamMaker::shaped},
    {&kStridedSlice, &StreamMaker::sliced},
    {&kSub, &StreamMaker::pointwise},
    {&kSum, &StreamMaker::reduced},
    {&kTanh, &StreamMaker::pointwise},
    {&kTranspose, &StreamMaker::transposed},
    {&kUnidirectionalSequenceLstm, &StreamMaker::recurrent},
    {&kUnidirectionalSequenceRnn, &StreamMaker::recurrent},
};

Status StreamMaker::add(size_t index) {
  const Op& op = from_.ops[index];
  bool done = false;
  NARROW_CHECK(reshaped_again(op, done));
  if (done) return {};
  bool moves = false;
  for (int t : op.inputs) moves |= t != kNoTensor && along(t).has_value();
  if (!moves) {
    std::vector<int> inputs;
    for (int t : op.inputs) inputs.push_back(here(t));
    return put(op, std::move(inputs), op.attributes, std::nullopt);
  }
  for (const Rule& rule : kRules)
    if (op.def == rule.def) return (this->*rule.add)(op);
  return fail(ErrorKind::unsupported, "it is not known to take frames one by one: it may need all of them at once");
}

Status StreamMaker::backwards(const Op&) {
  return fail(ErrorKind::unsupported, "it goes backwards, as bidirectional layers do: it may need all frames at once");
}

Status StreamMaker::pointwise(const Op& op) {
  Along a;
  NARROW_TRY(std::vector<int> inputs, together(op, a));
  int const rank = given(op.outputs[0]).shape.rank();
  int axis = -1;
  for (int t : op.inputs) {
    if (t == kNoTensor) continue;
    const Shape& shape = given(t).shape;
    if (along(t)) {
      int const at = along(t)->axis + rank - shape.rank();
      if (axis >= 0 && at != axis) return fail(ErrorKind::unsupported, "its operands go along time in different axes");
      axis = at;
    }
  }
  for (int t : op.inputs) {
    if (t == kNoTensor || along(t)) continue;
    const Shape& shape = given(t).shape;
    int const at = axis - (rank - shape.rank());
    if (at >= 0 && shape[at] != 1)
      return fail(ErrorKind::unsupported, "'" + given(t).name + "' has a value for each frame of the window");
  }
  if (given(op.outputs[0]).shape[axis] != a.window)
    return fail(ErrorKind::unsupported, "it repeats positions along the axis");
  a.axis = axis;
  return put(op, std::move(inputs), op.attributes, a);
}

Status StreamMaker::joined(const Op& op) {
  Along a;
  for (int t : op.inputs)
    if (!along(t)) return fail(ErrorKind::unsupported, "it joins what goes along time with what does not");
  NARROW_TRY(std::vector<int> inputs, together(op, a));
  NARROW_TRY(Axis const axis,
             Axis::resolve(op.attributes.get<ConcatenationAttributes>().axis, given(op.outputs[0]).shape.rank()));
  if (axis.index() == a.axis) return fail(ErrorKind::unsupported, "it joins along the axis of time");
  return put(op, std::move(inputs), op.attributes, a);
}

Status StreamMaker::split(const Op& op) {
  Along a;
  NARROW_TRY(std::vector<int> inputs, together(op, a));
  for (int t : op.outputs)
    if (given(t).shape[a.axis] != a.window) return fail(ErrorKind::unsupported, "it splits along the axis of time");
  if (a.window > 1 || op.outputs.size() == 1) return put(op, std::move(inputs), op.attributes, a);
  return fail(ErrorKind::unsupported, "it splits a single position, maybe along the axis of time");
}

Status StreamMaker::along_others(const Op& op) {
  NARROW_TRY(int const x, moving(op));
  Along a = *along(x);
  const Shape &from = given(x).shape, &to = given(op.outputs[0]).shape;
  bool const apart = from.rank() == to.rank() && a.axis + 1 < from.rank();
  const auto* const dense = op.attributes.get_if<FullyConnectedAttributes>();
  if (dense && !(apart && dense->keep_num_dims)) return of_whole_window(op);
  if (!apart) return fail(ErrorKind::unsupported, "it needs all frames at once");
  NARROW_TRY(std::vector<int> inputs, together(op, a));
  return put(op, std::move(inputs), op.attributes, a);
}

/// Where an operand is the result of a RESHAPE that has lost the axis: a RESHAPE that brings it back, which is added
/// then, takes what that one took. Else that one is added before, for the whole window.
Status StreamMaker::reshaped_again(const Op& op, bool& done) {
  for (int t : op.inputs) {
    auto const at = flat_.find(t);
    if (at == flat_.end()) continue;
    const Op& before = *at->second;
    int const x = before.inputs[0];
    done = op.attributes.get_if<ReshapeAttributes>() &&
           same_axis(given(x).shape, along(x)->axis, given(op.outputs[0]).shape) >= 0;
    if (done) return reshaped(op, x);
    flat_.erase(at);
    NARROW_CHECK(of_whole_window(before));
  }
  return {};
}

Status StreamMaker::shaped(const Op& op) {
  NARROW_TRY(int const x, moving(op));
  return reshaped(op, x);
}

Status StreamMaker::reshaped(const Op& op, int x) {
  const Shape &from = given(x).shape, &to = given(op.outputs[0]).shape;
  Along a = *along(x);
  int const axis = same_axis(from, a.axis, to);
  if (axis < 0) {
    flat_[op.outputs[0]] = &op;
    return {};
  }
  std::vector<int> inputs{here(x)};  // padding before them is the same in another shape
  for (size_t i = 1; i < op.inputs.size(); ++i) inputs.push_back(here(op.inputs[i]));
  a.axis = axis;
  // EXPAND_DIMS and SQUEEZE say what they do by axes, RESHAPE by the result's shape.
  if (!op.attributes.get_if<ReshapeAttributes>()) return put(op, std::move(inputs), op.attributes, a);
  std::vector<int32_t> dims(to.dims().begin(), to.dims().end());
  dims[static_cast<size_t>(axis)] = a.positions;
  inputs = {inputs[0], b_.indices(dims)};
  return put(op, std::move(inputs), ReshapeAttributes{dims}, a);
}

Status StreamMaker::transposed(const Op& op) {
  NARROW_TRY(int const x, moving(op));
  Along a = *along(x);
  const Tensor& order = given(op.inputs[1]);
  if (!order.known() || order.dtype != DType::int32) return fail(ErrorKind::unsupported, "its order is computed");
  auto const places = order.values<int32_t>();
  std::vector<int> inputs{here(x), here(op.inputs[1])};
  for (size_t i = 0; i < places.size(); ++i)
    if (places[i] == a.axis || places[i] + static_cast<int32_t>(places.size()) == a.axis) {
      a.axis = static_cast<int>(i);
      break;
    }
  return put(op, std::move(inputs), op.attributes, a);
}

Status StreamMaker::padded(const Op& op) {
  OpView const view{from_, op};
  NARROW_TRY(int const x, moving(op));
  if (!view.input(1).known()) return fail(ErrorKind::unsupported, "how far it pads is computed");
  NARROW_TRY(std::vector<PaddedDim> const dims, padded_dims(view));
  Along a = *along(x);
  auto const at = static_cast<size_t>(a.axis);
  if (dims[at].after != 0)
    return fail(ErrorKind::unsupported, "it pads " + std::to_string(dims[at].after) +
                                            " positions behind the window, which are yet to come; with all padding "
                                            "before (causal) it can take frames one by one");
  auto const before = static_cast<int32_t>(dims[at].before);
  if (before != 0 && a.late != 0)
    return fail(ErrorKind::unsupported, a.late > 0 ? "it pads behind a layer that looks back without padding of its own"
                                                   : "it pads again what is padded along the axis");
  NARROW_TRY(std::vector<int> inputs, together(op, a));
  std::vector<std::byte> fill = zero_element(x);
  if (view.has_input(2)) {
    if (!view.input(2).constant) return fail(ErrorKind::unsupported, "the value with which it pads is computed");
    auto const value = view.input(2).data.bytes();
    fill.assign(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(fill.size()));
  }
  std::vector<int32_t> amounts;
  bool across = false;
  for (size_t d = 0; d < dims.size(); ++d) {
    bool const here = d == at;
    amounts.push_back(here ? 0 : static_cast<int32_t>(dims[d].before));
    amounts.push_back(here ? 0 : static_cast<int32_t>(dims[d].after));
    across |= !here && (dims[d].before != 0 || dims[d].after != 0);
  }
  Along result = a;
  result.window += before;
  result.late = a.late - before;
  result.fill = std::move(fill);
  if (!across) {  // padding along time is what a history begins with
    here_[static_cast<size_t>(op.outputs[0])] = inputs[0];
    along_[static_cast<size_t>(op.outputs[0])] = std::move(result);
    return {};
  }
  inputs[1] = b_.constant({.dtype = DType::int32, .shape = Shape::of({static_cast<int32_t>(dims.size()), 2})}, amounts);
  return put(op, std::move(inputs), op.attributes, result);
}

Status StreamMaker::reduced(const Op& op) {
  NARROW_TRY(int const x, moving(op));
  Along a = *along(x);
  const Tensor& axes = given(op.inputs[1]);
  if (!axes.known() || axes.dtype != DType::int32) return fail(ErrorKind::unsupported, "its axes are computed");
  int const rank = given(x).shape.rank();
  std::set<int> gone;
  for (int32_t axis : axes.values<int32_t>()) gone.insert(axis < 0 ? axis + rank : axis);
  if (gone.contains(a.axis)) return of_whole_window(op);
  NARROW_TRY(std::vector<int> inputs, together(op, a));
  if (!op.attributes.get<ReduceAttributes>().keep_dims)
    a.axis -= static_cast<int>(std::count_if(gone.begin(), gone.end(), [&](int g) { return g < a.axis; }));
  return put(op, std::move(inputs), op.attributes, a);
}

Status StreamMaker::sliced(const Op& op) {
  OpView const view{from_, op};
  NARROW_TRY(int const x, moving(op));
  Along a = *along(x);
  const Tensor& begins = view.input(1);
  const auto* const strided = op.attributes.get_if<StridedSliceAttributes>();
  if (strided &&
      ((strided->shrink_axis_mask | strided->new_axis_mask | strided->ellipsis_mask) != 0 || strided->offset))
    return of_whole_window(op);
  if (!begins.known() || begins.dtype != DType::int32)
    return fail(ErrorKind::unsupported, "where it begins is computed");
  if (strided && !(view.input(3).known() && view.input(3).dtype == DType::int32))
    return fail(ErrorKind::unsupported, "its strides are computed");
  const Shape &from = given(x).shape, &to = view.output().shape;
  std::vector<int32_t> first, size(to.dims().begin(), to.dims().end());
  bool across = false;
  for (int d = 0; d < from.rank(); ++d) {
    auto const at = static_cast<size_t>(d);
    if (strided && view.input(3).values<int32_t>()[at] != 1)
      return fail(ErrorKind::unsupported, "it takes some of its positions only, with a stride");
    int32_t begin = begins.values<int32_t>()[at];
    if (begin < 0) begin = std::max(begin + from[d], 0);
    if (strided && (strided->begin_mask >> d & 1) != 0) begin = 0;
    first.push_back(begin);
    across |= d != a.axis && size[at] != from[d];
  }
  // Positions that the window lacks at its beginning make the others late; those at its end are yet to come.
  auto const time = static_cast<size_t>(a.axis);
  Along result = a;
  result.late += first[time];
  result.window = size[time];
  if (!across) {
    here_[static_cast<size_t>(op.outputs[0])] = here(x);
    along_[static_cast<size_t>(op.outputs[0])] = std::move(result);
    return {};
  }
  first[time] = 0;
  size[time] = a.positions;
  Op plain = op;
  plain.def = &kSlice;
  plain.type = kSlice.name;
  plain.version = 1;
  return put(plain, {here(x), b_.indices(first), b_.indices(size)}, {}, result);
}

Status StreamMaker::of_whole_window(const Op& op) {
  std::vector<int> inputs;
  for (int t : op.inputs) {
    if (t != kNoTensor && along(t)) {
      NARROW_TRY(int const all, whole(t));
      inputs.push_back(all);
    } else {
      inputs.push_back(here(t));
    }
  }
  return put(op, std::move(inputs), op.attributes, std::nullopt);
}

}  // namespace narrow
