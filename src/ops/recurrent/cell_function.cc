#include "ops/recurrent/cell_function.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace narrow {
namespace {

constexpr float kSeluAlpha = 1.67326324F;
constexpr float kSeluScale = 1.05070099F;

float sigmoid(float x) {
  return 1 / (1 + std::exp(-x));
}

float gelu_by_tanh(float x) {
  constexpr float kRootOfTwoOverPi = 0.797884561F;
  return x / 2 * (1 + std::tanh(kRootOfTwoOverPi * (x + 0.044715F * x * x * x)));
}

template <class F>
void each(float* values, size_t count, F f) {
  std::transform(values, values + count, values, f);
}

}  // namespace

void apply(const CellActivation& activation, float* v, size_t n) {
  float const a = activation.alpha, b = activation.beta;
  switch (activation.function) {
    case CellFunction::linear:
      return;
    case CellFunction::relu:
      return each(v, n, [](float x) { return std::max(x, 0.0F); });
    case CellFunction::relu6:
      return each(v, n, [](float x) { return std::clamp(x, 0.0F, 6.0F); });
    case CellFunction::relu_n1_to_1:
      return each(v, n, [](float x) { return std::clamp(x, -1.0F, 1.0F); });
    case CellFunction::leaky_relu:
      return each(v, n, [a](float x) { return x < 0 ? a * x : x; });
    case CellFunction::thresholded_relu:
      return each(v, n, [a](float x) { return x > a ? x : 0; });
    case CellFunction::tanh:
      return each(v, n, [](float x) { return std::tanh(x); });
    case CellFunction::scaled_tanh:
      return each(v, n, [a, b](float x) { return a * std::tanh(b * x); });
    case CellFunction::sigmoid:
      return each(v, n, sigmoid);
    case CellFunction::hard_sigmoid:
      return each(v, n, [a, b](float x) { return std::clamp(a * x + b, 0.0F, 1.0F); });
    case CellFunction::affine:
      return each(v, n, [a, b](float x) { return a * x + b; });
    case CellFunction::softsign:
      return each(v, n, [](float x) { return x / (1 + std::fabs(x)); });
    case CellFunction::softplus:
      return each(v, n, [](float x) { return std::max(x, 0.0F) + std::log1p(std::exp(-std::fabs(x))); });
    case CellFunction::elu:
      return each(v, n, [a](float x) { return x < 0 ? a * std::expm1(x) : x; });
    case CellFunction::selu:
      return each(v, n, [](float x) { return kSeluScale * (x < 0 ? kSeluAlpha * std::expm1(x) : x); });
    case CellFunction::silu:
      return each(v, n, [](float x) { return x * sigmoid(x); });
    case CellFunction::gelu:
      return each(v, n, [](float x) { return x / 2 * (1 + std::erf(x / std::numbers::sqrt2_v<float>)); });
    case CellFunction::gelu_tanh:
      return each(v, n, gelu_by_tanh);
    case CellFunction::exponential:
      return each(v, n, [](float x) { return std::exp(x); });
  }
}

}  // namespace narrow
