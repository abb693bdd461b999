// Runner: executes a Program over batches of samples in one arena.
#pragma once

#include <memory>
#include <vector>

#include "program/program.h"

namespace narrow {

/// Executes one program; one per thread. The arena is made once, for program.max_batch samples. What the program keeps
/// in variables stays from sample to sample and from run to run, until `restart`.
class Runner {
 public:
  explicit Runner(Program program);

  const Program& program() const { return program_; }
  /// Where the samples of input i go before `run`: max_batch samples, dense, in the tensor's own type.
  std::byte* input(size_t i);
  /// The results of the last run, dense, in the tensor's own type; valid until the next.
  const std::byte* output(size_t i) const;
  /// Runs over `batch` samples, 1 <= batch <= max_batch; `observe` may be empty. Errors: those of the steps, which say
  /// of which op.
  [[nodiscard]] Status run(int batch, const Observer& observe = {});
  /// Lowers a step anew after constants of its op have got other values in the model, with types and shapes of old.
  /// Errors: those of `lower`; the runner is of no use then.
  [[nodiscard]] Status lower_again(size_t step, const LowerContext& context);
  /// Forgets what variables hold: the next sample is the first of a sequence.
  void restart() { program_.state->restart(); }
  /// Runs only the steps [first, last) over `batch` samples, for who brings the values that live before them into place
  /// and takes those behind. Not for programs that keep variables; one sample at a time where one_by_one.
  [[nodiscard]] Status run_steps(size_t first, size_t last, int batch);
  /// Where a computed tensor of the graph has its samples between the steps that it lives over, dense.
  std::byte* values(int tensor) { return address(tensor); }
  /// Runs a body for the sample that the program is at. Errors: also limit_exceeded, for a loop that does not end.
  [[nodiscard]] Status run_inside();

 private:
  /// An operand or result of a step: its first sample, and the bytes from one sample to the next.
  struct Place {
    std::byte* base;
    int64_t stride;
  };
  struct StepPlaces {
    std::vector<Place> in, out;
  };

  /// Where steps find a tensor.
  std::byte* address(int tensor) const;
  /// Where a tensor has its place; of constants, only those that the graph gives out have one.
  std::byte* in_arena(int tensor) const;
  Place place(int tensor) const;
  /// Runs the samples [first, first + count) of the arena.
  Status run_part(int first, int count);
  Status run_range(size_t begin, size_t end, int first, int count);
  Status run_step(size_t index, int first, int count);
  void observe(int tensor, int first, int count) const;
  /// Brings variable tensors to where sample `first` has them: its predecessor's values, or zeros at a restart.
  void bring_variables(int first);

  Program program_;
  struct Free {
    void operator()(std::byte* p) const;
  };
  std::unique_ptr<std::byte[], Free> arena_;  // activations, then scratch
  std::vector<StepPlaces> places_;            // of each step
  std::vector<int> variables_;                // variable tensors that are no inputs
  std::vector<const void*> in_;               // of the call that is being made
  std::vector<void*> out_;
  int64_t restarts_ = -1;  // RunState::restarts when variable tensors were last zero
  int last_ = 0;           // place in the batch of the sample that has them
};

}  // namespace narrow
