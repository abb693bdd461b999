// Constants that a file already stores as integers, whichever way it says so.
#pragma once

#include <map>

#include "graph/model.h"
#include "quantize/params.h"

namespace narrow {

/// Which constant stands behind a tensor: itself, or the one that DEQUANTIZE restores it from (uint8 and int4 as the
/// int8 that means the same, constants under QUANTIZE as its integers, under FAKE_QUANT as symmetric int8).
class StoredConstants {
 public:
  explicit StoredConstants(const Model& model);

  /// Null where the tensor is computed from more than constants.
  const Tensor* behind(TensorRef tensor) const;

 private:
  const Model& model_;
  std::map<TensorRef, Tensor> restored_;
};

/// Whether integer kernels take a constant as the weights of `op` just as it is stored: int8 without zero point, one
/// scale or one for each index of the op's weight axis.
bool is_kept_weight(const Op& op, const Tensor& constant);

/// Whether narrow can work out the real values of a constant.
bool has_real_values(const Tensor& constant);

/// Whether all of them are finite numbers.
bool is_finite(const Tensor& constant);

/// A constant's real values, as a float32 constant.
Tensor as_float_constant(const Tensor& constant);

/// The params on which narrow computes with an integer tensor of the file: its own, that of int8 where it is uint8;
/// nothing where kernels have none such (several scales, 16 bits with a zero point, other types).
std::optional<QuantParams> stored_params(const Tensor& tensor);

/// The params that a border op of the file gives its result, for a width in bits; nothing where there is none.
std::optional<QuantParams> conversion_params(const Graph& graph, const Op& op, int bits);

}  // namespace narrow
