// Recurrent layers over the window: they go on from run to run with the state in a variable of their own.
#include "ops/recurrent/recurrent.h"

#include <algorithm>
#include <utility>

#include "graph/edit.h"
#include "ops/recurrent/fused_lstm.h"
#include "ops/recurrent/gru.h"
#include "ops/recurrent/lstm_sequence.h"
#include "ops/recurrent/rnn_layer.h"
#include "stream/stream_maker.h"

namespace narrow {
namespace {

constexpr const char* kGoesOn =
    "is what a recurrent layer gives that begins each window with zeros; frame by frame it would go on from the frames "
    "before. A layer that was trained to do so (`stateful=True`) takes frames one by one as it is";

bool time_major(const Op& op) {
  if (const auto* lstm = op.attributes.get_if<UnidirectionalSequenceLstmAttributes>()) return lstm->time_major;
  const auto* rnn = op.attributes.get_if<UnidirectionalSequenceRnnAttributes>();
  return rnn && rnn->time_major;
}

/// The states of a layer over [batch, time, in] or, where `time_major`, [time, batch, in].
std::vector<StateShape> layer_states(const OpView& view) {
  if (view.op.def->states) return view.op.def->states(view);
  Shape const state = Shape::of({view.input(0).shape[time_major(view.op) ? 1 : 0], view.input(2).shape[1]});
  if (view.op.attributes.get_if<GruSequenceAttributes>()) return {{gru_state, state}};
  if (view.op.attributes.get_if<LstmSequenceAttributes>()) return {{lstm_hidden, state}, {lstm_cell, state}};
  return {{rnn_state, state}};
}

/// Whether all elements are real zeros.
bool is_zero(const Tensor& t, std::span<const std::byte> zero) {
  auto const bytes = t.data.bytes();
  for (size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] != zero[i % zero.size()]) return false;
  return true;
}

}  // namespace

Result<int> StreamMaker::layer_state(const Op& op, const StateShape& state) {
  OpView const view{from_, op};
  Tensor made;
  if (const Tensor* const begin = view.maybe_input(state.operand)) {
    if (!begin->constant || !is_zero(*begin, zero_element(op.inputs[state.operand])))
      return fail(ErrorKind::unsupported, "its state begins with other values than zeros");
    made = computed_like(*begin);
  } else if (view.input(0).is_float()) {
    made.dtype = view.input(0).dtype;
  } else {
    return fail(ErrorKind::unsupported,
                "its integer form keeps no state; convert the float network, and quantize what comes out");
  }
  made.name = given(op.outputs[0]).name + "/state_" + std::to_string(state.operand);
  made.shape = state.shape;
  made.shape_signature.clear();
  made.variable = true;
  layer_state_bytes_ += storage_bytes(made.dtype, made.elements()).value_or(0);
  return add_tensor(b_.graph(), std::move(made));
}

Status StreamMaker::recurrent(const Op& op) {
  NARROW_TRY(int const x, moving(op));
  const Along& a = *along(x);
  if (a.axis != (time_major(op) ? 0 : 1))
    return fail(ErrorKind::unsupported, "its steps go along another axis than the frames");
  for (size_t i = 1; i < op.outputs.size(); ++i)
    if (std::ranges::count(from_.outputs, op.outputs[i]) > 0 || is_read(op.outputs[i]))
      return fail(ErrorKind::unsupported, "'" + given(op.outputs[i]).name + "' " + kGoesOn);
  if (a.late != 0)
    return fail(ErrorKind::unsupported, a.late > 0
                                            ? "it comes behind a layer that looks back without padding, and would "
                                              "see results from before the first frame"
                                            : "it would see the padding before each window");
  Op copy = op;
  for (int& t : copy.inputs) t = here(t);
  for (int& t : copy.intermediates) t = here(t);
  for (const StateShape& state : layer_states({from_, op})) {
    if (copy.inputs.size() <= state.operand) copy.inputs.resize(state.operand + 1, kNoTensor);
    NARROW_TRY(copy.inputs[state.operand], layer_state(op, state));
  }
  for (size_t i = 0; i < op.outputs.size(); ++i) {
    Tensor result = computed_like(given(op.outputs[i]));
    result.shape_signature.clear();
    if (i == 0) {
      NARROW_TRY(result.shape, with_positions(result.shape, a.axis, a.positions));
    }
    copy.outputs[i] = here_[static_cast<size_t>(op.outputs[i])] = add_tensor(b_.graph(), std::move(result));
  }
  Along result = a;
  if (!result.rooted) result.rooted = kGoesOn;
  along_[static_cast<size_t>(op.outputs[0])] = std::move(result);
  b_.graph().ops.push_back(std::move(copy));
  return {};
}

}  // namespace narrow
