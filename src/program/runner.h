// Runner: executes a Program over batches of samples in one arena.
#pragma once

#include <memory>
#include <vector>

#include "program/program.h"

namespace narrow {

/// Executes one program; one per thread. The arena is made once, for program.max_batch samples.
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

  std::byte* address(int tensor) const;
  Place place(int tensor) const;
  /// Runs the samples [first, first + count) of the arena.
  Status run_part(int first, int count);
  Status run_range(size_t begin, size_t end, int first, int count);
  Status run_step(size_t index, int first, int count);
  void observe(int tensor, int first, int count) const;
  void clear_variables(int first, int count);

  Program program_;
  struct Free {
    void operator()(std::byte* p) const;
  };
  std::unique_ptr<std::byte[], Free> arena_;  // activations, then scratch
  std::vector<StepPlaces> places_;            // of each step
  std::vector<const void*> in_;               // of the call that is being made
  std::vector<void*> out_;
  int64_t begun_ = 0;  // RunState::begun when variables were last cleared
};

}  // namespace narrow
