#include "ops/layers/batch_matmul_float.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "host/matmul.h"
#include "ops/layers/convolution.h"

namespace narrow {
namespace {

/// The step of a product of floats. `columns`: those of a constant operand 1, laid out; empty for a computed one.
/// prepare(row) changes a row of operand 0 before it is used.
template <class Prepare>
Step float_step_batch_matmul(const nw_batch_matmul_params& g, std::vector<float> columns, Prepare prepare,
                             const char* kernel) {
  size_t const scratch = host::MatmulScratch<float, float>(g, !columns.empty()).bytes();
  auto const shared = std::make_shared<const std::vector<float>>(std::move(columns));
  auto finish = [cols = g.cols](const float* sums, float* out) { std::copy(sums, sums + cols, out); };
  auto run = [=](const StepArgs& s) {
    host::matmul<float, float>(g, static_cast<const float*>(s.in[0]), static_cast<const float*>(s.in[1]),
                               static_cast<float*>(s.out[0]), shared->empty() ? nullptr : shared->data(), s.scratch,
                               prepare, finish);
  };
  return Step{.run = run, .scratch_bytes = scratch, .host_only = true, .kernel = kernel};
}

std::vector<float> laid_out(const nw_batch_matmul_params& g, const float* values) {
  host::MatmulSide const side = host::columns_of(g);
  std::vector<float> out(static_cast<size_t>(side.elements()));
  host::lay_out(side, values, out.data());
  return out;
}

/// Symmetric: the largest magnitude becomes 127 steps.
void round_to_symmetric_grid(float* row, int n) {
  float largest = 0;
  for (int i = 0; i < n; ++i) largest = std::max(largest, std::fabs(row[i]));
  float const scale = largest / 127.0f;
  if (scale == 0) return;
  for (int i = 0; i < n; ++i) row[i] = std::clamp(std::round(row[i] / scale), -127.0f, 127.0f) * scale;
}

}  // namespace

Step lower_float_batch_matmul(const OpView& op, const nw_batch_matmul_params& g) {
  const Tensor& b = op.input(1);
  return float_step_batch_matmul(
      g, b.constant ? laid_out(g, b.values<float>().data()) : std::vector<float>(), [](float*) {},
      "float, vector loops");
}

Result<Step> lower_hybrid_batch_matmul(const OpView& op, const nw_batch_matmul_params& g) {
  const Tensor& b = op.input(1);
  for (int64_t z : b.quantization.zero_points)
    if (z != 0) return fail(ErrorKind::unsupported, "the weights '" + b.name + "' have a zero point");
  bool const asymmetric = op.attributes<BatchMatmulAttributes>().asymmetric_quantize_inputs;
  auto round = [depth = g.depth, asymmetric](float* row) {
    asymmetric ? round_to_own_grid(row, depth, row) : round_to_symmetric_grid(row, depth);
  };
  return float_step_batch_matmul(g, laid_out(g, real_values_of(b).data()), round, "hybrid, vector loops");
}

}  // namespace narrow
