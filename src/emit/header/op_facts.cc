#include "emit/header/op_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "emit/constants/c_text.h"
#include "emit/header/call_facts.h"
#include "emit/header/layer_facts.h"
#include "ops/check/validate.h"
#include "ops/def/shared_attributes.h"
#include "ops/integer/own_arithmetic.h"
#include "rows/layers.h"

namespace narrow {
namespace {

bool is_integer(const Tensor& t) {
  return t.quantization.present() && !t.is_float();
}

/// Zero point and, where the scale is a power of two, the fraction bits of a computed operand or result.
void add_scale(OpFacts& facts, const Tensor& t, const std::string& end) {
  if (!is_integer(t) || t.quantization.per_axis()) return;
  facts.add((end + "_ZERO_POINT").c_str(), t.quantization.zero_point());
  if (auto const n = fraction_bits(t.quantization.scale())) facts.add((end + "_FRAC_BITS").c_str(), *n);
}

/// Zero points and fraction bits of all computed operands and results.
OpFacts end_facts(const OpView& op) {
  OpFacts facts;
  int computed = 0;
  auto const end = [](const char* side, int i) { return i == 0 ? side : fmt::format("{}_{}", side, i); };
  for (size_t i = 0; i < op.input_count(); ++i)
    if (op.has_input(i) && !op.input(i).constant) add_scale(facts, op.input(i), end("IN", computed++));
  for (size_t i = 0; i < op.op.outputs.size(); ++i)
    if (op.op.outputs[i] != kNoTensor) add_scale(facts, op.output(i), end("OUT", static_cast<int>(i)));
  return facts;
}

/// What activation is fused, and of an op on real numbers the ends of its interval.
void add_activation(const OpView& op, OpFacts& facts) {
  auto const activation = fused_activation(op.op);
  if (!activation || *activation == Activation::none || op.op.outputs.empty()) return;
  facts.notes.push_back(std::string("The activation ") + EnumNames<Activation>::kNames[size_t(*activation)] +
                        " is part of the op: OUT_MIN and OUT_MAX.");
  if (!op.output().is_float()) return;
  auto const real = fused_interval(*activation);
  if (!real) return;
  if (std::isfinite(real->lo)) facts.numbers.push_back({"OUT_MIN", literal(real->lo)});
  if (std::isfinite(real->hi)) facts.numbers.push_back({"OUT_MAX", literal(real->hi)});
}

/// Which operands are weights, biases and other constants; all of them are the latter where an op is several layers.
void add_constant_operands(const OpView& op, OpFacts& facts) {
  const Roles& roles = op.op.def->quant.roles;
  bool const several = !op.op.def->quant.parts.empty();
  for (size_t i = 0; i < op.input_count(); ++i) {
    bool const apart = roles[i] == Role::activation || (several && roles[i] != Role::state);
    if (op.has_input(i) && op.input(i).constant && apart) facts.constants.push_back(i);
  }
  if (several) return;
  facts.weights = roles.find(Role::weight);
  if (!facts.weights) return;
  if (auto const bias = roles.find(Role::bias); bias && op.has_input(*bias)) facts.bias = bias;
  if (op.output().is_float() && !op.input(*facts.weights).is_float())
    facts.notes.emplace_back("Float data, integer weights: a weight's real value is q * scale.");
}

/// Facts of what the op lowers to.
void add_step(const OpView& op, OpFacts& facts) {
  auto const step = op.op.def->lower(op, {.profile = all_profiles()[0], .reference = true});
  if (!step) {
    facts.notes.push_back("narrow does not compute this op: " + in_comment(step.error().what) + ".");
    return;
  }
  add_sizes(step->sizes, facts);
  for (size_t i = 0; i < step->calls.size(); ++i) {
    const KernelCall& call = step->calls[i];
    add_call(call, i, facts);
    if (step->calls.size() > 1) add_places(call, i, facts);
    if (std::find(facts.kernels.begin(), facts.kernels.end(), call.kernel) == facts.kernels.end())
      facts.kernels.push_back(call.kernel);
  }
  if (!step->calls.empty() && layer_key(*step->calls[0].kernel)) add_layer(step->calls[0], facts);
}

}  // namespace

OpFacts op_facts(const OpView& op) {
  OpFacts facts;
  if (check_computable(op.graph, op.op) && op.op.graphs.empty()) {
    add_constant_operands(op, facts);
    add_step(op, facts);
    add_activation(op, facts);
  }
  OpFacts ends = end_facts(op);
  std::erase_if(ends.numbers, [&](const FactNumber& end) {
    return std::any_of(facts.numbers.begin(), facts.numbers.end(),
                       [&](const FactNumber& n) { return n.key == end.key; });
  });
  facts.numbers.insert(facts.numbers.begin(), ends.numbers.begin(), ends.numbers.end());
  return facts;
}

}  // namespace narrow
