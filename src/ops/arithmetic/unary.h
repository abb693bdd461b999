// What the ops of one operand, element by element, share.
#pragma once

#include <array>
#include <limits>

#include "ops/arithmetic/elementwise.h"
#include "ops/def/op_def.h"
#include "ops/integer/quantized.h"

namespace narrow {

/// The shape of operand 0.
Result<std::vector<Shape>> infer_unary(const OpView& op);
// Clang gives a function whose address is taken no signature before the type that it returns is complete, and in
// WebAssembly calls of it fail then.
static_assert(sizeof(Result<std::vector<Shape>>) > 0);

/// The element type that operand 0 and the result share; unsupported where they differ.
Result<DType> unary_dtype(const OpView& op);

/// A step that calls run(in, out) once a sample; nothing is called where the result is empty.
template <class In, class Out, class F>
Step unary_step(const OpView& op, F run, const char* kernel, bool host_only = false) {
  int64_t const in_advance = advance(op.input(0)), out_advance = op.output().elements();
  return Step{.run =
                  [=](const StepArgs& s) {
                    auto const* in = static_cast<const In*>(s.in[0]);
                    auto* out = static_cast<Out*>(s.out[0]);
                    if (out_advance == 0) return;
                    for (int64_t i = 0; i < s.batch; ++i) run(in + i * in_advance, out + i * out_advance);
                  },
              .batched = true,
              .host_only = host_only,
              .kernel = kernel};
}

/// Elements of the result of one sample.
inline int32_t count_of(const OpView& op) {
  return static_cast<int32_t>(op.output().elements());
}

}  // namespace narrow
