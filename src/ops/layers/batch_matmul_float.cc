#include "ops/layers/batch_matmul_float.h"

#include <algorithm>
#include <cmath>

#include "ops/layers/convolution.h"
#include "ops/layers/matmul_step.h"

namespace narrow {
namespace {

template <class Prepare>
Step float_step_batch_matmul_float(const MatmulGeometry& g, std::vector<float> columns, Prepare prepare,
                                   const char* kernel) {
  auto finish = [cols = g.cols](const float* sums, float* out) { std::copy(sums, sums + cols, out); };
  Step step = matmul_step<float, float, float, float, float>(g, 0, 0, std::move(columns), prepare, finish);
  step.host_only = true;
  step.kernel = kernel;
  return step;
}

std::vector<float> laid_out(const MatmulGeometry& g, const float* values) {
  MatmulSide const side = columns_of(g, 0);
  std::vector<float> out(static_cast<size_t>(side.elements()));
  lay_out(side, values, out.data());
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

Step lower_float_batch_matmul(const OpView& op, const MatmulGeometry& g) {
  const Tensor& b = op.input(1);
  return float_step_batch_matmul_float(
      g, b.constant ? laid_out(g, b.values<float>().data()) : std::vector<float>(), [](float*) {},
      "float, vector loops");
}

Result<Step> lower_hybrid_batch_matmul(const OpView& op, const MatmulGeometry& g) {
  const Tensor& b = op.input(1);
  for (int64_t z : b.quantization.zero_points)
    if (z != 0) return fail(ErrorKind::unsupported, "the weights '" + b.name + "' have a zero point");
  bool const asymmetric = op.attributes<BatchMatmulAttributes>().asymmetric_quantize_inputs;
  auto round = [depth = g.depth, asymmetric](float* row) {
    asymmetric ? round_to_own_grid(row, depth, row) : round_to_symmetric_grid(row, depth);
  };
  return float_step_batch_matmul_float(g, laid_out(g, real_values_of(b).data()), round, "hybrid, vector loops");
}

}  // namespace narrow
