// Cells without gates in float, for all ops that have them.
#pragma once

#include <memory>
#include <vector>

#include "ops/def/op_def.h"
#include "ops/recurrent/cell_function.h"
#include "ops/recurrent/data_grid.h"

namespace narrow {

/// In the order in which sums are made.
struct RnnWeights {
  int in = 0;
  int units = 0;
  std::vector<float> kernel{};     // [in, units]
  std::vector<float> recurrent{};  // [units, units]
  std::vector<float> bias{};       // [units]
  DataGrid grid = DataGrid::none;
};

/// Finds the weights of an op, whose operands from `first` on are weights [units, in], recurrent weights
/// [units, units] and a bias [units], which may be left out.
class RnnPacker {
 public:
  /// `constants` are those of a hybrid op, else null.
  RnnPacker(const OpView& op, size_t first, int in, int units, const HybridOperands* constants, DataGrid grid);

  /// The same for every run where the operands are constant.
  std::shared_ptr<const RnnWeights> weights(const StepArgs& a) const;

 private:
  std::shared_ptr<const RnnWeights> pack(const void* const* operands) const;

  size_t first_;
  int in_;
  int units_;
  bool has_bias_;
  DataGrid grid_;
  std::shared_ptr<const RnnWeights> packed_;
};

/// One step: makes the next hidden state [units] of this one and of data [in], and puts it into `y` too. `clip` bounds
/// the magnitude of what the function is applied to, which `sums` gets if it is not null; 0: not at all.
void rnn_step(const RnnWeights& weights, const CellActivation& function, float clip, const float* x, float* hidden,
              float* y, float* sums);

}  // namespace narrow
