#include "program/runner.h"

#include <algorithm>
#include <new>
#include <utility>

#include "base/limits.h"
#include "ops/control/state.h"

namespace narrow {
namespace {

constexpr std::align_val_t kArenaAlignment{64};
constexpr int64_t kSlack = 64;  // vector kernels may read this far past a buffer's end

}  // namespace

void Runner::Free::operator()(std::byte* p) const {
  ::operator delete[](p, kArenaAlignment);
}

Runner::Runner(Program program) : program_(std::move(program)) {
  int64_t const bytes = program_.arena_bytes * program_.max_batch + program_.scratch_bytes + 2 * kSlack;
  arena_.reset(static_cast<std::byte*>(::operator new[](static_cast<size_t>(bytes), kArenaAlignment)));
  for (const ProgramStep& s : program_.steps) {
    StepPlaces p;
    for (int t : s.inputs) p.in.push_back(place(t));
    for (int t : s.outputs) p.out.push_back(place(t));
    places_.push_back(std::move(p));
  }
  const Graph& graph = program_.graph();
  for (int t : graph.outputs) {
    const Tensor& tensor = graph.tensor(t);
    auto const value = tensor.data.bytes();
    if (!tensor.constant || storage_bytes(tensor.dtype, tensor.elements()) != std::ssize(value)) continue;
    for (int s = 0; s < program_.max_batch; ++s)
      std::copy(value.begin(), value.end(), in_arena(t) + value.size() * static_cast<size_t>(s));
  }
  for (int t = 0; t < static_cast<int>(graph.tensors.size()); ++t) {
    bool const given = std::find(graph.inputs.begin(), graph.inputs.end(), t) != graph.inputs.end();
    if (graph.tensor(t).variable && !given && program_.offsets[static_cast<size_t>(t)] >= 0) variables_.push_back(t);
  }
}

// Constants are never written to: steps get them as operands only.
std::byte* Runner::address(int tensor) const {
  const Tensor& t = program_.graph().tensor(tensor);
  if (t.constant) return const_cast<std::byte*>(t.data.data());
  return in_arena(tensor);
}

std::byte* Runner::in_arena(int tensor) const {
  return arena_.get() + program_.offsets[static_cast<size_t>(tensor)] * program_.max_batch;
}

Runner::Place Runner::place(int tensor) const {
  if (tensor == kNoTensor) return {nullptr, 0};
  const Tensor& t = program_.graph().tensor(tensor);
  return {address(tensor), t.constant ? 0 : storage_bytes(t.dtype, t.elements()).value_or(0)};
}

std::byte* Runner::input(size_t i) {
  return address(program_.graph().inputs[i]);
}

const std::byte* Runner::output(size_t i) const {
  return in_arena(program_.graph().outputs[i]);
}

Status Runner::lower_again(size_t index, const LowerContext& context) {
  ProgramStep& step = program_.steps[index];
  const Op& op = program_.graph().ops[step.op];
  NARROW_TRY(step.prepared, lower_op(program_.graph(), op, context));
  if (static_cast<int64_t>(step.prepared.scratch_bytes()) > program_.scratch_bytes)
    return fail(ErrorKind::internal, "a step with other constants needs more scratch memory");
  step.inputs = operand_slots(op);
  for (size_t i = 0; i < step.inputs.size(); ++i) places_[index].in[i] = place(step.inputs[i]);
  return {};
}

Status Runner::run_step(size_t index, int first, int count) {
  const PreparedStep& step = program_.steps[index].prepared;
  const StepPlaces& places = places_[index];
  std::byte* scratch = arena_.get() + program_.arena_bytes * program_.max_batch + kSlack;
  in_.resize(places.in.size());
  out_.resize(places.out.size());
  int const each = step.batched() ? count : 1;
  for (int c = first; c < first + count; c += each) {
    auto at = [c](const Place& p) { return p.base ? p.base + p.stride * c : nullptr; };
    for (size_t i = 0; i < in_.size(); ++i) in_[i] = at(places.in[i]);
    for (size_t i = 0; i < out_.size(); ++i) out_[i] = at(places.out[i]);
    NARROW_CHECK(step.run({in_.data(), out_.data(), scratch, each}));
  }
  return {};
}

void Runner::observe(int tensor, int first, int count) const {
  const Observer* const observer = program_.state->observe;
  if (!observer || tensor == kNoTensor) return;
  Place const p = place(tensor);
  (*observer)({program_.graph_index, tensor}, p.base + p.stride * first, program_.state->sample, count);
}

void Runner::bring_variables(int first) {
  bool const restarted = std::exchange(restarts_, program_.state->restarts) != program_.state->restarts;
  int const last = std::exchange(last_, first);
  for (int t : variables_) {
    Place const p = place(t);
    if (restarted)
      std::fill_n(p.base + p.stride * first, p.stride, std::byte(first_value(program_.graph().tensor(t))));
    else if (last != first)
      std::copy_n(p.base + p.stride * last, p.stride, p.base + p.stride * first);
  }
}

Status Runner::run_part(int first, int count) {
  bring_variables(first);
  for (int t : program_.graph().inputs) observe(t, first, count);
  return run_range(0, program_.steps.size(), first, count);
}

Status Runner::run_range(size_t begin, size_t end, int first, int count) {
  for (size_t i = begin; i < end; ++i) {
    if (auto done = run_step(i, first, count); !done)
      return pass(std::move(done), op_label(program_.graph(), program_.steps[i].op));
    for (int t : program_.steps[i].outputs) observe(t, first, count);
  }
  return {};
}

Status Runner::run(int batch, const Observer& observe) {
  RunState& state = *program_.state;
  state.observe = observe ? &observe : nullptr;
  int const each = program_.one_by_one ? 1 : batch;
  for (int s = 0; s < batch; s += each) {
    state.begin(s);
    NARROW_CHECK(run_part(s, each));
  }
  return {};
}

Status Runner::run_steps(size_t first, size_t last, int batch) {
  program_.state->observe = nullptr;
  program_.state->begin(0);
  return run_range(first, last, 0, batch);
}

Status Runner::run_inside() {
  constexpr size_t kOpsOfARun = 32;
  program_.state->graph_runs += 1 + static_cast<int64_t>(program_.graph().ops.size() / kOpsOfARun);
  if (program_.state->graph_runs > limits_in_force().graph_runs)
    return fail(ErrorKind::limit_exceeded,
                "one sample has run graphs more than " + std::to_string(limits_in_force().graph_runs) +
                    " times; a loop may have no end",
                {}, how_to_raise("graph-runs"));
  return run_part(0, 1);
}

}  // namespace narrow
