// Cell functions: what recurrent layers apply to the sums of their gates and to their state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "graph/attributes.h"

namespace narrow {

/// A function of one number; `alpha` and `beta` are those of the attributes beside it, unused where not mentioned.
enum class CellFunction : uint8_t {
  linear,            // x
  relu,              // max(x, 0)
  relu6,             // min(max(x, 0), 6)
  relu_n1_to_1,      // min(max(x, -1), 1)
  leaky_relu,        // x, and alpha * x below 0
  thresholded_relu,  // x above alpha, else 0
  tanh,
  scaled_tanh,  // alpha * tanh(beta * x)
  sigmoid,
  hard_sigmoid,  // min(max(alpha * x + beta, 0), 1)
  affine,        // alpha * x + beta
  softsign,      // x / (1 + |x|)
  softplus,      // ln(1 + e^x)
  elu,           // x, and alpha * (e^x - 1) below 0
  selu,          // 1.0507... * elu with alpha 1.6732...
  silu,          // x * sigmoid(x)
  gelu,          // x * (1 + erf(x / sqrt 2)) / 2
  gelu_tanh,     // the same by its approximation with tanh
  exponential,   // e^x
};

template <>
struct EnumNames<CellFunction> {
  static constexpr std::array<const char*, 19> kNames{
      "linear",      "relu",    "relu6",        "relu_n1_to_1", "leaky_relu", "thresholded_relu", "tanh",
      "scaled_tanh", "sigmoid", "hard_sigmoid", "affine",       "softsign",   "softplus",         "elu",
      "selu",        "silu",    "gelu",         "gelu_tanh",    "exponential"};
};

/// A cell function with its parameters.
struct CellActivation {
  CellFunction function = CellFunction::tanh;
  float alpha = 0;
  float beta = 0;

  bool operator==(const CellActivation&) const = default;
};

/// Replaces each of `count` values by its function.
void apply(const CellActivation& activation, float* values, size_t count);

}  // namespace narrow
