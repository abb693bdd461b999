// Handles: which variable the handles of a program stand for, where that is known before it runs.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "program/program.h"

namespace narrow {

/// Handles come from a step of kind ControlFlow::Kind::handle, or are handed in by the graphs that run this one.
class Handles {
 public:
  /// Of all graphs of a program, by their indices in the model.
  explicit Handles(const std::map<int, Program>& programs);

  /// The number of the variable; nothing where it depends on what has been run.
  std::optional<int> of(TensorRef handle) const;

 private:
  void hand_on(const std::map<int, Program>& programs, int index, const ProgramStep& step);
  void merge(TensorRef from, TensorRef to);

  static constexpr int kSeveral = -1;
  std::map<TensorRef, int> known_;
  std::vector<std::pair<TensorRef, TensorRef>> handed_;
};

}  // namespace narrow
