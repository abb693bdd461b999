// TensorCopies: the tensors of a graph that is being rewritten, and their copies in other types and parameters.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "quantize/plan/activation_params.h"

namespace narrow {

/// Appends tensors and conversion ops to `out`, which starts as the source's tensors with their canonical parameters. A
/// copy is made once, where it is first asked for, and shared by all ops after that.
class TensorCopies {
 public:
  /// `requantize`: the arithmetic that requantizations state; empty where they state none.
  TensorCopies(const Graph& source, int number, const ActivationParams& params, std::optional<Arithmetic> requantize,
               Graph& out);

  /// The parameters with which a tensor of the source is stored; empty where it stays float.
  std::optional<QuantParams> canonical(int t) const { return params_.canonical({number_, t}); }

  /// The tensor that holds the values of float tensor `t` of the source with `params`.
  int with_params(int t, const QuantParams& params);

  /// The tensor that holds the values of `t` as float; `t` itself where it is not float in the source.
  int as_float(int t);

  /// A constant that `stored` makes of constant `t` of the source: one tensor for all ops for which it becomes the
  /// same. `is_another` tells whether ops before needed it otherwise.
  int constant(int t, Tensor stored, bool& is_another);

 private:
  const Graph& source_;
  int number_;
  const ActivationParams& params_;
  std::optional<Arithmetic> requantize_;
  Graph& out_;
  std::map<int, std::vector<std::pair<QuantParams, int>>> quantized_;  // by tensor of the source, likewise the others
  std::map<int, int> floats_;
  std::map<int, std::vector<int>> constants_;
};

}  // namespace narrow
