#include "program/runner.h"

#include <new>

namespace narrow {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr int64_t kSlack = 64;  // vector kernels may read this far past a buffer's end

}  // namespace

void Runner::Free::operator()(std::byte* p) const {
  ::operator delete[](p, kAlignment);
}

Runner::Runner(Program program) : program_(std::move(program)) {
  int64_t const bytes = program_.arena_bytes * program_.max_batch + program_.scratch_bytes + 2 * kSlack;
  arena_.reset(static_cast<std::byte*>(::operator new[](static_cast<size_t>(bytes), kAlignment)));
  for (const ProgramStep& s : program_.steps) {
    StepPlaces p;
    for (int t : s.inputs) p.in.push_back(place(t));
    for (int t : s.outputs) p.out.push_back(place(t));
    places_.push_back(std::move(p));
  }
}

// Constants are never written to: steps get them as operands only.
std::byte* Runner::address(int tensor) const {
  const Tensor& t = program_.graph().tensor(tensor);
  if (t.constant) return const_cast<std::byte*>(t.data.data());
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
  return address(program_.graph().outputs[i]);
}

Status Runner::run_step(size_t index, int batch) {
  const Step& step = program_.steps[index].step;
  const StepPlaces& places = places_[index];
  std::byte* scratch = arena_.get() + program_.arena_bytes * program_.max_batch + kSlack;
  in_.resize(places.in.size());
  out_.resize(places.out.size());
  int const calls = step.batched ? 1 : batch;
  for (int c = 0; c < calls; ++c) {
    auto at = [c](const Place& p) { return p.base ? p.base + p.stride * c : nullptr; };
    for (size_t i = 0; i < in_.size(); ++i) in_[i] = at(places.in[i]);
    for (size_t i = 0; i < out_.size(); ++i) out_[i] = at(places.out[i]);
    NARROW_CHECK(step.run({in_.data(), out_.data(), scratch, step.batched ? batch : 1}));
  }
  return {};
}

Status Runner::run(int batch, const Observer& observe) {
  if (observe)
    for (int t : program_.graph().inputs) observe(t, address(t), batch);
  for (size_t i = 0; i < program_.steps.size(); ++i) {
    if (Status done = run_step(i, batch); !done)
      return pass(std::move(done), op_label(program_.graph(), program_.steps[i].op));
    if (!observe) continue;
    for (int t : program_.steps[i].outputs)
      if (t != kNoTensor) observe(t, address(t), batch);
  }
  return {};
}

}  // namespace narrow
