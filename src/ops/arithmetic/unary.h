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

/// out[i] = table[in[i] - smallest value] for `count` elements of 8 bits.
template <class In, class Out>
void look_up(int32_t count, const std::array<Out, 256>& table, const In* in, Out* out) {
  for (int32_t i = 0; i < count; ++i) out[i] = table[static_cast<size_t>(in[i] - std::numeric_limits<In>::min())];
}

/// What run(count, in, out) computes of each value of 8 bits.
template <class In, class Out, class F>
std::array<Out, 256> tabulate(F run) {
  std::array<In, 256> in{};
  std::array<Out, 256> out{};
  for (int i = 0; i < 256; ++i) in[static_cast<size_t>(i)] = static_cast<In>(i + std::numeric_limits<In>::min());
  run(256, in.data(), out.data());
  return out;
}

/// The step of run(count, in, out), a function of single integers: through a table where they have 8 bits and the
/// context does not want plain loops.
template <class In, class Out = In, class F>
Step integer_step(const OpView& op, const LowerContext& context, F run, const char* kernel) {
  int32_t const count = count_of(op);
  if constexpr (sizeof(In) == 1) {
    if (!context.reference) {
      std::array<Out, 256> const table = tabulate<In, Out>(run);
      return unary_step<In, Out>(
          op, [count, table](const In* in, Out* out) { look_up(count, table, in, out); }, "8-bit table");
    }
  }
  return unary_step<In, Out>(
      op, [count, run](const In* in, Out* out) { run(count, in, out); }, kernel);
}

/// A kernel of parameters `P`, which have the count first, as run(count, in, out).
template <class P, class In, class Out>
auto counted(const P& p, void (*kernel)(const P*, const In*, Out*)) {
  return [p, kernel](int32_t count, const In* in, Out* out) {
    P all = p;
    all.count = count;
    kernel(&all, in, out);
  };
}

}  // namespace narrow
