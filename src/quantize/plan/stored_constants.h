// Constants and parameters that a file already has in integers, in whichever way it states them.
#pragma once

#include <map>

#include "graph/model.h"
#include "quantize/params.h"

namespace narrow {

/// Finds the constant behind a tensor: the tensor itself, or what conversions of the file compute from a constant. The
/// constant under a DEQUANTIZE is found as it is stored (uint8 and int4 as the equivalent int8), that under a QUANTIZE
/// as the integers it becomes, that under a FAKE_QUANT as symmetric int8.
class StoredConstants {
 public:
  explicit StoredConstants(const Model& model);

  /// The constant behind a tensor; null where there is none.
  const Tensor* behind(TensorRef tensor) const;

 private:
  const Model& model_;
  std::map<TensorRef, Tensor> restored_;
};

/// Whether integer kernels take a constant as the weights of `op` as it is stored: int8 with zero point 0, and one
/// scale or one for each index of the op's weight axis.
bool is_kept_weight(const Op& op, const Tensor& constant);

/// Whether narrow can compute the real values of a constant: floats, and integers with scales.
bool has_real_values(const Tensor& constant);

/// Whether all real values of such a constant are finite.
bool is_finite(const Tensor& constant);

/// The real values of such a constant, as a float32 constant.
Tensor as_float_constant(const Tensor& constant);

/// The parameters with which narrow computes on an integer tensor of the file: its own, or the equivalent for int8
/// where it is uint8. Nothing where integer kernels do not take them: several scales, 16 bits with a zero point, other
/// types.
std::optional<QuantParams> stored_params(const Tensor& tensor);

/// The parameters that a conversion of the file (QUANTIZE, DEQUANTIZE or FAKE_QUANT) rounds values to, for a width in
/// bits, which matters to a FAKE_QUANT of more than 8. Nothing where stored_params has none.
std::optional<QuantParams> conversion_params(const Graph& graph, const Op& op, int bits);

}  // namespace narrow
