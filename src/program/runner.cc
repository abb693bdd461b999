#include "program/runner.h"

#include <algorithm>
#include <array>
#include <new>

namespace narrow {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr int64_t kSlack = 64;  // vector kernels may read this far past a buffer's end

}  // namespace

void Runner::Free::operator()(std::byte* p) const { ::operator delete[](p, kAlignment); }

Runner::Runner(Program program) : program_(std::move(program)) {
  int64_t const bytes = program_.arena_bytes * program_.max_batch + program_.scratch_bytes + 2 * kSlack;
  arena_.reset(static_cast<std::byte*>(::operator new[](static_cast<size_t>(bytes), kAlignment)));
}

const std::byte* Runner::address(int tensor) const {
  if (tensor == kNoTensor) return nullptr;
  const Tensor& t = program_.graph().tensor(tensor);
  if (t.constant) return t.data.data();
  return arena_.get() + program_.offsets[static_cast<size_t>(tensor)] * program_.max_batch;
}

std::byte* Runner::input(size_t i) { return const_cast<std::byte*>(address(program_.graph().inputs[i])); }

const std::byte* Runner::output(size_t i) const { return address(program_.graph().outputs[i]); }

void Runner::run_step(const ProgramStep& s, int batch) {
  struct Operand {
    const std::byte* base;
    int64_t stride;  // bytes from one sample to the next
  };
  const Graph& graph = program_.graph();
  auto operand = [&](int t) -> Operand {
    if (t == kNoTensor) return {nullptr, 0};
    const Tensor& tensor = graph.tensor(t);
    int64_t const bytes = tensor.constant ? 0 : storage_bytes(tensor.dtype, tensor.elements()).value_or(0);
    return {address(t), bytes};
  };
  std::byte* scratch = arena_.get() + program_.arena_bytes * program_.max_batch + kSlack;
  std::vector<const void*> in(s.inputs.size());
  std::vector<void*> out(s.outputs.size());
  int const calls = s.step.batched ? 1 : batch;
  for (int c = 0; c < calls; ++c) {
    auto at = [&](int t) {
      Operand const o = operand(t);
      return o.base ? o.base + o.stride * c : nullptr;
    };
    for (size_t i = 0; i < in.size(); ++i) in[i] = at(s.inputs[i]);
    for (size_t i = 0; i < out.size(); ++i) out[i] = const_cast<std::byte*>(at(s.outputs[i]));
    s.step.run({in.data(), out.data(), scratch, s.step.batched ? batch : 1});
  }
}

void Runner::run(int batch, const Observer& observe) {
  if (observe)
    for (int t : program_.graph().inputs) observe(t, address(t), batch);
  for (const ProgramStep& s : program_.steps) {
    run_step(s, batch);
    if (!observe) continue;
    for (int t : s.outputs)
      if (t != kNoTensor) observe(t, address(t), batch);
  }
}

}  // namespace narrow
