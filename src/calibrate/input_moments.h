// InputMoments: means and second moments of what the weights of a layer multiply. From them follows the error that any
// choice of integers for the weights makes in the layer's results, without another run.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/tensor.h"
#include "ops/def/sum_inputs.h"

namespace narrow {

/// Over rows, which are positions of the layer's result in samples. x is what a weight multiplies in the quantized
/// network, in steps of the input's scale with the zero point taken away; f what it multiplies in the float network, in
/// the same steps. A matrix holds the columns of one block of one group; moments across blocks are not known.
struct InputMoments {
  int64_t rows = 0;
  int64_t groups = 1;
  int64_t blocks = 1;              // of a group's columns, all of one size
  int64_t columns = 0;             // of a block
  std::vector<double> mean;        // of x: groups * blocks * columns
  std::vector<double> float_mean;  // of f, likewise
  std::vector<double> second;      // E x_i x_j: groups * blocks * columns * columns
  std::vector<double> cross;       // E x_i f_j, likewise; empty where not asked for
};

struct MomentOptions {
  bool cross = false;                     // also between the two networks
  int64_t rows_per_column = 24;           // of all rows so many are taken, evenly spread,
  int64_t least_rows = 4096;              // but at least so many
  int64_t most_bytes = int64_t{8} << 20;  // for the matrices; blocks are made as small as it takes
};

/// Adds up the moments of one layer's input. All sums are of integers, or of multiples of 2^-6 (f), that a double holds
/// exactly: their order does not matter, and sums of parts merge to the bit.
class MomentCollector {
 public:
  /// `input` is the layer's input in the quantized network, int8 or int16 with one scale; `samples` is the number of
  /// those that will be added. Both references outlive the collector.
  MomentCollector(const SumInputs& sums, const Tensor& input, int64_t samples, const MomentOptions& options);

  /// Sample `number` in [0, samples): the input of the quantized network, in its type, and that of the float
  /// network.
  void add(int64_t number, const std::byte* quantized, const float* real);
  /// Adds what another collector of the same layer has seen.
  void merge(MomentCollector& other);
  /// The moments of all that was added; nothing can be added any more.
  InputMoments take();

 private:
  template <class Int>
  void add_rows(int64_t number, const Int* quantized, const float* real);
  void flush();

  const SumInputs& sums_;
  bool bytes_;  // the input is int8
  double scale_;
  int zero_point_;
  MomentOptions options_;
  int64_t rows_each_;  // of a sample
  int64_t step_;       // from one row that is taken to the next, modulo their number
  InputMoments out_;
  std::vector<double> sum_x_, sum_f_;         // of all rows, element by element
  int filled_ = 0;                            // rows of the two below
  std::vector<float> rows_x_, rows_f_;        // kProductRows rows: at each tap, the elements of all groups
  std::vector<float> columns_x_, columns_f_;  // the same column by column, kProductRows values each
  std::vector<double> wide_x_, wide_f_;       // likewise, where products of floats are not exact
};

}  // namespace narrow
