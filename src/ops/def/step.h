// Step: one lowered op, ready to run over raw buffers.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ops/def/index_range.h"
#include "ops/def/kernel_call.h"

namespace narrow {

/// What a step is called with. `in[i]` is the op's i-th operand (null where left out, also at the end: operand_slots),
/// `out[i]` its i-th result. Computed operands and results hold `batch` samples one behind the other; constants hold
/// their values once.
struct StepArgs {
  const void* const* in = nullptr;
  void* const* out = nullptr;
  std::byte* scratch = nullptr;  // PreparedStep::scratch_bytes, aligned to 64
  int batch = 1;                 // in [1, LowerContext::max_batch]; always 1 where PreparedStep::batched is false
};

/// What a step does: a function of StepArgs that gives nothing, or a Status where operands can turn out wrong only when
/// it runs (an index out of range, a loop without an end). Such errors are the data's: bad_data or limit_exceeded.
class StepFunction {
 public:
  StepFunction() = default;
  template <class F, class R = std::invoke_result_t<const F&, const StepArgs&>>
  StepFunction(F f) {  // NOLINT(google-explicit-constructor): a lambda is a step's function
    if constexpr (std::is_void_v<R>)
      run_ = [f = std::move(f)](const StepArgs& a) {
        f(a);
        return Status();
      };
    else
      run_ = std::move(f);
  }

  /// The results are undefined after an error.
  [[nodiscard]] Status operator()(const StepArgs& a) const { return run_(a); }

  explicit operator bool() const { return static_cast<bool>(run_); }

 private:
  std::function<Status(const StepArgs&)> run_;
};

/// The sizes that a function of real numbers works on, as the parameters of the kernel of the same op on integers.
struct StepSizes {
  const ParamTable* table = nullptr;  // null: not described
  std::vector<std::byte> params;      // the struct of the table; only the members that the table has are set
};

/// What a step does besides calling kernels: it runs graphs, or has to do with a variable. Step::run does it on the
/// host.
struct ControlFlow {
  enum class Kind : uint8_t {
    none,
    branch,     // runs the first graph over the operands behind the first where that is not 0, else the second graph
    loop,       // runs the second graph over the operands, and over what it gives, while the first gives 1
    call,       // runs the graph over the operands
    call_once,  // runs the graph, which has no inputs, before the first sample of a sequence
    handle,     // its result stands for variable `variable`
    read,       // its result is what the variable of operand 0 holds
    assign,     // the variable of operand 0 holds operand 1 from now on
  };
  Kind kind = Kind::none;
  int variable = -1;  // the same number for the same variable, in all graphs of a program

  /// That which runs the first two of these graphs, or the only one, by their indices in the model.
  static ControlFlow running(Kind kind, std::span<const int> graphs) {
    ControlFlow out;
    out.kind = kind;
    out.count = std::min(graphs.size(), out.indices.size());
    std::copy_n(graphs.begin(), out.count, out.indices.begin());
    return out;
  }
  std::span<const int> graphs() const { return std::span(indices).first(count); }

  size_t count = 0;  // of graphs
  std::array<int, 2> indices{};
};

/// The executable meaning of one op: calls of integer kernels, one after the other; or a function, where only the host
/// computes the op (float and hybrid arithmetic) and for ops that run graphs or keep values. A function may keep state
/// of its own while it runs, so each thread lowers its own steps.
struct Step {
  std::vector<CheckedIndices> checked = {};  // looked at first: bad_data where one holds an integer outside
  std::vector<KernelCall> calls = {};
  ControlFlow control = {};
  StepFunction run = {};     // only where there are no calls
  size_t scratch_bytes = 0;  // of `run`
  bool batched = false;      // `run` takes several samples in one call; otherwise it is called once a sample
  bool host_only = false;    // not integer-only: a program with such a step cannot become C
  std::string kernel;        // which implementation `run` is, for --explain
  StepSizes sizes = {};      // of `run`
};

/// The step of one call.
Step call_step(KernelCall call);

/// The step that does what `control` says, on the host by `run`, which --explain calls `name`.
Step control_step(ControlFlow control, StepFunction run, const char* name, bool host_only = false);

/// The step with its sizes, where lowering has not failed.
template <class Params>
Result<Step> with_sizes(Result<Step> step, const ParamTable& table, const Params& params) {
  static_assert(std::is_trivially_copyable_v<Params>);
  if (!step) return step;
  step->sizes = {&table, std::vector<std::byte>(sizeof params)};
  std::memcpy(step->sizes.params.data(), &params, sizeof params);
  return step;
}

/// Which kernels a step is made of, for --explain.
std::string kernel_names(const Step& step);

}  // namespace narrow
