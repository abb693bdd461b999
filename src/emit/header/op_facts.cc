#include "emit/header/op_facts.h"

#include <fmt/format.h>

#include "emit/constants/constants.h"
#include "emit/header/layer_facts.h"
#include "ops/check/validate.h"
#include "ops/integer/own_arithmetic.h"

namespace narrow {
namespace {

bool is_integer(const Tensor& t) {
  return t.quantization.present() && !t.is_float();
}

/// Zero point and, where the scale is a power of two, the fraction bits of a computed operand or result.
void add_grid(OpFacts& facts, const Tensor& t, const std::string& end) {
  if (!is_integer(t) || t.quantization.per_axis()) return;
  facts.add((end + "_ZERO_POINT").c_str(), t.quantization.zero_point());
  if (auto const n = fraction_bits(t.quantization.scale())) facts.add((end + "_FRAC_BITS").c_str(), *n);
}

}  // namespace

OpFacts op_facts(const OpView& op) {
  OpFacts facts;
  int computed = 0;
  auto const end = [](const char* side, int i) { return i == 0 ? side : fmt::format("{}_{}", side, i); };
  for (size_t i = 0; i < op.input_count(); ++i)
    if (op.has_input(i) && !op.input(i).constant) add_grid(facts, op.input(i), end("IN", computed++));
  for (size_t i = 0; i < op.op.outputs.size(); ++i)
    if (op.op.outputs[i] != kNoTensor) add_grid(facts, op.output(i), end("OUT", static_cast<int>(i)));
  if (check_computable(op.graph, op.op)) add_layer_facts(op, facts);
  return facts;
}

}  // namespace narrow
