#include "ops/def/prepared_step.h"

#include <algorithm>

namespace narrow {
namespace {

using Source = CallArgument::Source;

/// Bytes from one sample of a tensor to the next; constants are there once.
int64_t sample_stride(const Tensor& t) {
  return t.constant ? 0 : storage_bytes(t.dtype, t.elements()).value_or(0);
}

bool all_empty(const OpView& op) {
  return !op.op.outputs.empty() && std::all_of(op.op.outputs.begin(), op.op.outputs.end(), [&](int t) {
    return t == kNoTensor || op.graph.tensor(t).elements() == 0;
  });
}

/// Elements of a pointer where they are known before the call; null otherwise.
std::span<const std::byte> known_bytes(const OpView& op, const CallArgument& argument, const KernelCall& call) {
  if (argument.source == Source::array) return call.arrays[static_cast<size_t>(argument.index)].bytes;
  if (argument.source != Source::operand) return {};
  const Tensor& t = op.input(static_cast<size_t>(argument.index));
  if (!t.constant || t.opaque) return {};
  return t.data.bytes().subspan(static_cast<size_t>(argument.offset));
}

Status check_indices(const CheckedIndices& c, const StepArgs& a) {
  std::string wrong =
      first_outside(c.dtype, a.in[c.operand], c.count * static_cast<size_t>(a.batch), c.what, c.columns);
  if (wrong.empty()) return {};
  return fail(ErrorKind::bad_data, std::move(wrong), {},
              "the values of a sample lead there: look at its data, or at the op that computes them");
}

}  // namespace

Result<PreparedStep::Call> PreparedStep::prepare_call(const OpView& op, const KernelCall& call, bool reference) {
  Call out;
  out.params = call.params;
  for (auto [field, array] : call.pointed) {
    const std::byte* const at = call.arrays[array].bytes.data();
    std::memcpy(out.params.data() + field->offset, &at, sizeof at);
  }
  std::vector<const void*> constants;
  std::vector<int64_t> constant_bytes;
  for (const CallArgument& a : call.arguments) {
    Pointer p;
    p.argument = a;
    auto const index = static_cast<size_t>(a.index);
    std::span<const std::byte> const known = known_bytes(op, a, call);
    constants.push_back(known.data());
    constant_bytes.push_back(static_cast<int64_t>(known.size()));
    if (a.source == Source::array) p.fixed = known.data();
    if (a.source == Source::operand) p.stride = sample_stride(op.input(index));
    if (a.source == Source::result) p.stride = sample_stride(op.output(index));
    for (int i = 0; i < a.count; ++i) p.list_strides.push_back(sample_stride(op.input(index + static_cast<size_t>(i))));
    out.pointers.push_back(std::move(p));
  }
  std::string declined;
  KnownCall const known{out.params.data(), constants, constant_bytes};
  for (const KernelVariant& v : call.kernel->variants) {
    if (reference && call.kernel->run) break;
    Packed packed = v.pack ? v.pack(known) : Packed{};
    if (packed.declined.empty()) {
      out.run = v.run;
      out.takes_samples = v.takes_samples;
      out.packed = std::move(packed);
      return out;
    }
    declined = std::move(packed.declined);
  }
  out.run = call.kernel->run;
  if (!out.run) return fail(ErrorKind::limit_exceeded, declined);
  return out;
}

void PreparedStep::run_call(const Call& call, const StepArgs& a) {
  constexpr size_t kMost = 18;  // pointers of a kernel
  void* pointers[kMost];
  std::vector<void*> list;
  int const each = call.takes_samples ? a.batch : 1;
  for (int sample = 0; sample < a.batch; sample += each) {
    for (size_t i = 0; i < call.pointers.size(); ++i) {
      const Pointer& p = call.pointers[i];
      auto const index = static_cast<size_t>(p.argument.index);
      // Kernels do not write to what they take as const.
      auto const at = [&](const void* base, int64_t stride) {
        return static_cast<std::byte*>(const_cast<void*>(base)) + p.argument.offset + sample * stride;
      };
      switch (p.argument.source) {
        case Source::absent:
          pointers[i] = nullptr;
          break;
        case Source::operand:
          pointers[i] = at(a.in[index], p.stride);
          break;
        case Source::result:
          pointers[i] = at(a.out[index], p.stride);
          break;
        case Source::array:
          pointers[i] = const_cast<std::byte*>(p.fixed);
          break;
        case Source::scratch:
          pointers[i] = a.scratch;
          break;
        case Source::operands:
          list.clear();
          for (size_t k = 0; k < p.list_strides.size(); ++k) list.push_back(at(a.in[index + k], p.list_strides[k]));
          pointers[i] = list.data();
          break;
      }
    }
    call.run({call.params.data(), pointers, a.scratch, call.packed.state.get(), each});
  }
}

Status PreparedStep::run(const StepArgs& a) const {
  for (const CheckedIndices& c : step_->checked) NARROW_CHECK(check_indices(c, a));
  if (step_->calls.empty()) return step_->run(a);
  for (const Call& call : calls_) run_call(call, a);
  return {};
}

Result<PreparedStep> prepare(const OpView& op, Step step, bool reference) {
  if (step.calls.empty() && !step.run) step.run = [](const StepArgs&) {};
  if (op.op.graphs.empty() && all_empty(op)) {
    step.checked.clear();
    step.calls.clear();
    step.run = [](const StepArgs&) {};
  }
  PreparedStep out;
  out.batched_ = step.batched || !step.calls.empty();
  out.scratch_bytes_ = step.scratch_bytes;
  out.step_ = std::make_shared<const Step>(std::move(step));
  // Kernels may take it that their data have a sample behind each other; constants do not.
  auto const known = [&](int t) { return t == kNoTensor || op.graph.tensor(t).constant; };
  if (std::all_of(op.op.inputs.begin(), op.op.inputs.end(), known)) out.batched_ = false;
  for (const KernelCall& call : out.step_->calls) {
    NARROW_TRY(PreparedStep::Call prepared, PreparedStep::prepare_call(op, call, reference));
    out.scratch_bytes_ =
        std::max({out.scratch_bytes_, prepared.packed.scratch_bytes, static_cast<size_t>(call.scratch_bytes)});
    out.calls_.push_back(std::move(prepared));
  }
  return out;
}

}  // namespace narrow
