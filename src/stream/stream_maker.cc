#include "stream/stream_maker.h"

#include <algorithm>
#include <numeric>

#include "graph/edit.h"
#include "ops/control/control.h"
#include "ops/layout/layout.h"

namespace narrow {

Result<Shape> with_positions(const Shape& shape, int axis, int32_t positions) {
  std::vector<int32_t> dims(shape.dims().begin(), shape.dims().end());
  dims[static_cast<size_t>(axis)] = positions;
  return Shape::make(dims);
}

StreamMaker::StreamMaker(const Model& model, int axis, int32_t frames)
    : from_(model.main()),
      model_(model),
      axis_(axis),
      frames_(frames),
      along_(from_.tensors.size()),
      here_(from_.tensors.size(), kNoTensor) {}

int StreamMaker::here(int tensor) {
  if (tensor == kNoTensor) return kNoTensor;
  int& at = here_[static_cast<size_t>(tensor)];
  if (at != kNoTensor) return at;
  Tensor copy = given(tensor);
  copy.shape_signature.clear();
  if (copy.from_shapes) {  // shapes are what they are from now on
    copy.from_shapes = false;
    copy.constant = true;
  }
  at = add_tensor(b_.graph(), std::move(copy));
  return at;
}

std::vector<std::byte> StreamMaker::zero_element(int tensor) const {
  const Tensor& t = given(tensor);
  auto const bytes = static_cast<size_t>(storage_bytes(t.dtype, 1).value_or(1));
  std::vector<std::byte> out(bytes, std::byte{0});
  auto const zero = t.quantization.present() ? t.quantization.zero_point() : 0;
  if (bytes == 1) out[0] = static_cast<std::byte>(zero);
  return out;
}

const std::vector<std::byte>& StreamMaker::fill_of(int tensor) {
  if (along(tensor)->late < 0) return along(tensor)->fill;
  return zero_ = zero_element(tensor);
}

Result<int> StreamMaker::held_back(int tensor, int32_t late) {
  const Along& a = *along(tensor);
  int32_t const by = late - a.late;
  if (by == 0) return here(tensor);
  NARROW_TRY(int const both, history_.with_past(here(tensor), a.axis, by, fill_of(tensor)));
  return history_.part(both, a.axis, 0, a.positions);
}

bool StreamMaker::is_read(int tensor) const {
  return std::ranges::any_of(from_.ops, [&](const Op& op) { return std::ranges::count(op.inputs, tensor) > 0; });
}

Result<int> StreamMaker::whole(int tensor) {
  if (auto const known = whole_.find(tensor); known != whole_.end()) return known->second;
  const Along& a = *along(tensor);
  if (const char* const why = a.late < 0 ? kPadded : a.rooted)
    return fail(ErrorKind::unsupported, "'" + given(tensor).name + "' " + why);
  int64_t const lookback = (int64_t{a.late} + a.window) * (frames_ / a.positions);
  if (lookback_.value_or(lookback) != lookback)
    return fail(ErrorKind::unsupported, "its branches look at windows that begin with different frames");
  lookback_ = lookback;
  int const now = here(tensor);
  auto const made = a.positions > a.window ? history_.part(now, a.axis, a.positions - a.window, a.window)
                                           : history_.with_past(now, a.axis, a.window - a.positions, fill_of(tensor));
  NARROW_TRY(int const all, made);
  whole_[tensor] = all;
  return all;
}

Status StreamMaker::put(const Op& op, std::vector<int> inputs, Attributes attributes, const std::optional<Along>& a) {
  Op copy = op;
  copy.inputs = std::move(inputs);
  copy.attributes = std::move(attributes);
  copy.intermediates.clear();
  for (int& t : copy.outputs) {
    Tensor result = computed_like(given(t));
    result.shape_signature.clear();
    if (a) {
      NARROW_TRY(result.shape, with_positions(result.shape, a->axis, a->positions));
    }
    along_[static_cast<size_t>(t)] = a;
    t = here_[static_cast<size_t>(t)] = add_tensor(b_.graph(), std::move(result));
  }
  b_.graph().ops.push_back(std::move(copy));
  return {};
}

Result<std::vector<int>> StreamMaker::together(const Op& op, Along& a) {
  std::optional<Along> latest;
  const char* rooted = nullptr;
  for (int t : op.inputs) {
    if (t == kNoTensor || !along(t)) continue;
    const Along& one = *along(t);
    if (!rooted) rooted = one.late < 0 ? kPadded : one.rooted;
    if (latest && (one.positions != latest->positions || one.window != latest->window))
      return fail(ErrorKind::unsupported, "its operands go along time at different rates");
    if (!latest || one.late > latest->late) latest = one;
  }
  a = *latest;
  a.late = std::max(a.late, 0);
  a.rooted = rooted;
  a.fill.clear();
  std::vector<int> out;
  for (int t : op.inputs) {
    if (t != kNoTensor && along(t)) {
      NARROW_TRY(int const held, held_back(t, a.late));
      out.push_back(held);
    } else {
      out.push_back(here(t));
    }
  }
  return out;
}

Result<int> StreamMaker::moving(const Op& op) const {
  int found = kNoTensor;
  for (int t : op.inputs) {
    if (t == kNoTensor || !along(t)) continue;
    if (found != kNoTensor) return fail(ErrorKind::unsupported, "several of its operands go along time");
    found = t;
  }
  if (found != op.inputs[0]) return fail(ErrorKind::unsupported, "it is not its first operand that goes along time");
  return found;
}

Status StreamMaker::begin() {
  int const x = from_.inputs[0];
  const Tensor& t = given(x);
  Along a;
  a.axis = axis_;
  a.positions = frames_;
  a.window = t.shape[axis_];
  Tensor input = t;
  input.shape_signature.clear();
  NARROW_TRY(input.shape, with_positions(t.shape, axis_, frames_));
  here_[static_cast<size_t>(x)] = add_tensor(b_.graph(), std::move(input));
  b_.graph().inputs = {here_[static_cast<size_t>(x)]};
  b_.graph().name = from_.name;
  along_[static_cast<size_t>(x)] = std::move(a);
  return {};
}

Status StreamMaker::finish_outputs() {
  for (int t : from_.outputs) {
    if (auto const flat = flat_.find(t); flat != flat_.end()) {
      const Op& op = *flat->second;
      flat_.erase(flat);
      NARROW_CHECK(of_whole_window(op));
    }
    int at = here(t);
    if (along(t) && along(t)->window == 1 && along(t)->positions == 1) {
      NARROW_TRY(at, whole(t));
    } else if (along(t)) {
      if (along(t)->late < 0) {
        NARROW_TRY(at, held_back(t, 0));
      }
      out_.late = std::max<int64_t>(out_.late, std::max(along(t)->late, 0));
      int64_t const n = along(t)->positions;
      out_.first = std::max(out_.first, (out_.late + n - 1) / n);
    }
    b_.graph().outputs.push_back(at);
  }
  if (lookback_ && out_.late >= 0)
    return fail(ErrorKind::unsupported, "some of its outputs go along time, and others are of a whole window");
  if (lookback_) {
    int64_t const runs = (*lookback_ + frames_ - 1) / frames_;
    out_.first = runs - 1;
    out_.offset = runs * frames_ - *lookback_;
  }
  return {};
}

Result<Streamed> StreamMaker::run() {
  NARROW_CHECK(begin());
  for (size_t i = 0; i < from_.ops.size(); ++i)
    if (auto done = add(i); !done) return pass(std::move(done), op_label(from_, i));
  NARROW_CHECK(finish_outputs());
  Model& made = b_.model();
  if (history_.bytes() > 0) {
    made.graphs[1].name = "first_values";
    Op once;
    once.def = &kCallOnce;
    once.type = kCallOnce.name;
    once.graphs = {1};
    made.graphs[0].ops.insert(made.graphs[0].ops.begin(), std::move(once));
  } else {
    made.graphs.pop_back();
  }
  made.description = model_.description;
  made.source = model_.source;
  made.notes = model_.notes;
  made.metadata = model_.metadata;
  made.file_layouts = model_.file_layouts;
  for (Signature s : model_.signatures) {
    for (auto* list : {&s.inputs, &s.outputs})
      for (auto& [name, t] : *list) {
        auto const out = std::find(from_.outputs.begin(), from_.outputs.end(), t);
        t = out != from_.outputs.end() ? made.graphs[0].outputs[static_cast<size_t>(out - from_.outputs.begin())]
                                       : here_[static_cast<size_t>(t)];
      }
    made.signatures.push_back(std::move(s));
  }
  NARROW_TRY(out_.model, b_.finish());
  out_.frames = frames_;
  out_.window = given(from_.inputs[0]).shape[axis_];
  out_.state_bytes = history_.bytes() + layer_state_bytes_;
  return std::move(out_);
}

}  // namespace narrow
