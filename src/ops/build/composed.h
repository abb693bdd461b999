// Functions of one element that are made of several ops, in the one form that all readers give them.
#pragma once

#include <string>
#include <vector>

#include "graph/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

/// Adds ops and constants for a reader, which names them in its own way.
class OpAdder {
 public:
  OpAdder() = default;
  OpAdder(const OpAdder&) = delete;
  OpAdder& operator=(const OpAdder&) = delete;
  virtual ~OpAdder() = default;
  /// An op whose only result has the element type of the first operand; `part` says which part of the function it is,
  /// and is empty for the whole.
  virtual Result<int> add(const OpDef& def, Attributes attributes, std::vector<int> inputs,
                          const std::string& part) = 0;
  /// One float for all elements.
  virtual int scalar(float value) = 0;
};

/// scale * (max(x, 0) + alpha * (exp(min(x, 0)) - 1)).
Result<int> add_scaled_elu(OpAdder& ops, int x, float scale, float alpha);

/// log(1 + exp(x)) as max(x, 0) + log(1 + exp(-|x|)), which does not overflow.
Result<int> add_softplus(OpAdder& ops, int x);

/// x / (1 + |x|).
Result<int> add_softsign(OpAdder& ops, int x);

/// x * tanh(log(1 + exp(x))).
Result<int> add_mish(OpAdder& ops, int x);

/// min(max(slope * x + offset, 0), 1), a hard sigmoid.
Result<int> add_clipped_line(OpAdder& ops, int x, float slope, float offset);

}  // namespace narrow
