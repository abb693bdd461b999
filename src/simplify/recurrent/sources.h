// Sources: tensors that hold given elements, those that are there and those that few ops make of them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "ops/build/graph_builder.h"
#include "simplify/recurrent/rewrite.h"
#include "simplify/recurrent/trace_arithmetic.h"

namespace narrow {

/// Elements [rows, time, size] of a sequence, or [rows, size] with time 0.
struct Wanted {
  Numbers numbers{};
  int rows = 1;
  int time = 0;
  int size = 1;
};

class Sources {
 public:
  /// `builder` holds the model. Tensors with any of the elements `left_out` says are not looked at.
  Sources(const TracedModel& traced, GraphBuilder& builder, const std::set<int>& left_out);

  /// What a new tensor of shape [rows, time, size] or [rows, size] holds.
  void add(int tensor, const Wanted& holds);

  /// A tensor of the shape of `wanted`; nothing where none is found. New ops are added to the builder's graph.
  std::optional<int> find(const Wanted& wanted);

  /// A new tensor with the elements and the shape of tensor `like` of the model, made of what was added.
  std::optional<int> made_like(int like);

 private:
  struct Added {
    int tensor = 0;
    Wanted holds;
  };
  std::optional<int> exactly(const Numbers& numbers, const std::vector<int32_t>& shape);
  std::optional<int> reordered(const Wanted& wanted);
  std::optional<int> packed(const Wanted& wanted);
  std::optional<int> step_of(const Added& from, const Numbers& numbers);
  int reshaped(int tensor, const std::vector<int32_t>& shape);
  std::optional<int> op(const OpDef& def, Attributes attributes, std::vector<int> operands);
  std::vector<int32_t> dims_of(int time, int size, bool time_first) const;

  const TracedModel& traced_;
  GraphBuilder& builder_;
  std::map<Numbers, int> tensors_;
  std::vector<Added> added_;
};

}  // namespace narrow
