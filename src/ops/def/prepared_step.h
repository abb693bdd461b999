// PreparedStep: a step made ready to run on the host, with the fastest variant of each kernel.
#pragma once

#include <memory>
#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

/// A step ready to run over raw buffers. It points into the constants of the model that it was lowered from, which must
/// outlive it.
class PreparedStep {
 public:
  PreparedStep() = default;

  /// The results are undefined after an error: bad_data or limit_exceeded, where operands turn out wrong.
  [[nodiscard]] Status run(const StepArgs& a) const;

  size_t scratch_bytes() const { return scratch_bytes_; }
  /// Takes several samples in one call; otherwise it is called once a sample.
  bool batched() const { return batched_; }
  bool host_only() const { return step_->host_only; }
  /// What was made ready.
  const Step& step() const { return *step_; }

 private:
  friend Result<PreparedStep> prepare(const OpView& op, Step step, bool reference);

  /// Where a pointer of a call is found: bytes from the operand, result or array, and to the next sample.
  struct Pointer {
    CallArgument argument;
    const std::byte* fixed = nullptr;  // an array
    int64_t stride = 0;
    std::vector<int64_t> list_strides;  // of a list of operands
  };
  /// A call with its pointers set, and the function that computes it.
  struct Call {
    KernelFunction run = nullptr;
    std::vector<std::byte> params;
    Packed packed;
    bool takes_samples = false;
    std::vector<Pointer> pointers;
  };

  static Result<Call> prepare_call(const OpView& op, const KernelCall& call, bool reference);
  static void run_call(const Call& call, const StepArgs& a);

  std::shared_ptr<const Step> step_;  // owns the arrays
  std::vector<Call> calls_;
  size_t scratch_bytes_ = 0;
  bool batched_ = false;
};

/// Takes for each call the first variant of its kernel that does not decline; the kernel itself where there is none, or
/// where `reference` asks for plain loops. limit_exceeded where a kernel that only variants compute has none.
Result<PreparedStep> prepare(const OpView& op, Step step, bool reference);

}  // namespace narrow
