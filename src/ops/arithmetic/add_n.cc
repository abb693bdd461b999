#include "ops/arithmetic/arithmetic.h"
#include "ops/def/form.h"
#include "ops/integer/quantized.h"
#include "ops/layout/move.h"
#include "rows/arithmetic.h"

extern "C" {
#include "portable/arithmetic/add_n.h"
}

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_add_n(const OpView& op) {
  const Shape& first = op.input(0).shape;
  for (size_t i = 1; i < op.input_count(); ++i)
    if (op.input(i).shape != first)
      return fail(ErrorKind::bad_file, "shapes " + first.text() + " and " + op.input(i).shape.text() + " differ");
  return std::vector{first};
}

/// A step that calls add(values of the operands, out) once a sample.
template <class T, class F>
Step plain_step_add_n(const OpView& op, F add) {
  std::vector<int64_t> advances;
  for (size_t i = 0; i < op.input_count(); ++i) advances.push_back(advance(op.input(i)));
  return Step{.run =
                  [advances, add, count = op.output().elements()](const StepArgs& s) {
                    std::vector<const T*> in(advances.size());
                    for (int64_t b = 0; b < s.batch; ++b) {
                      for (size_t i = 0; i < in.size(); ++i) in[i] = static_cast<const T*>(s.in[i]) + b * advances[i];
                      add(in, static_cast<T*>(s.out[0]) + b * count);
                    }
                  },
              .batched = true,
              .host_only = true,
              .kernel = "plain numbers, plain loops"};
}

/// Integers wrap, as in the runtimes.
template <class T, class Sum>
Step plain_sum(const OpView& op) {
  auto add = [count = op.output().elements()](const std::vector<const T*>& in, T* out) {
    for (int64_t i = 0; i < count; ++i) {
      Sum sum = 0;
      for (const T* v : in) sum += static_cast<Sum>(v[i]);
      out[i] = static_cast<T>(sum);
    }
  };
  return plain_step_add_n<T>(op, add);
}

// TFLM's sum lacks the zero point once; LiteRT has no kernel.
constexpr ByProfile<Form> kFormsAddN{.tflm = Form::reference, .litert = Form::absent, .xnnpack = Form::absent};

Result<Step> lower_int8_add_n(const OpView& op, Form form) {
  if (form == Form::absent) return fail(ErrorKind::unsupported, "this runtime has no 8-bit kernel");
  const Quantization &in = op.input(0).quantization, &out = op.output().quantization;
  for (size_t i = 0; i < op.input_count(); ++i) {
    NARROW_CHECK(check_quantized(op.input(i)));
    NARROW_CHECK(check_same_grid(op.input(i), op.input(0)));
  }
  NARROW_CHECK(check_quantized(op.output()));
  auto const count = static_cast<int64_t>(op.input_count());
  if ((count + 1) * reach(op.input(0)) >= int64_t{1} << 12)
    return fail(ErrorKind::unsupported, "the sum of " + std::to_string(count) + " operands leaves 32 bits");
  double const twice = 2.0 * static_cast<double>(in.scale());
  Multiplier const m = quantize_multiplier(twice / (0x1p20 * static_cast<double>(out.scale())));
  if (m.shift > 0) return fail(ErrorKind::unsupported, "the result's scale is too small for that of the operands");
  nw_add_n_params const p{.count = static_cast<nw_i32>(op.output().elements()),
                          .operands = static_cast<nw_i32>(count),
                          .zero_point = in.zero_point(),
                          .start = form == Form::reference ? -in.zero_point() : 0,
                          .multiplier = m.value,
                          .shift = m.shift,
                          .out_zero_point = out.zero_point()};
  return call_step(kernel_call(kAddNI8, p, {operands(0, op.input_count()), result()}));
}

Result<Step> lower_add_n(const OpView& op, const LowerContext& context) {
  DType const dtype = op.output().dtype;
  for (size_t i = 0; i < op.input_count(); ++i)
    if (op.input(i).dtype != dtype)
      return fail(ErrorKind::unsupported,
                  std::string("operands of ") + to_string(op.input(i).dtype) + " with a result of " + to_string(dtype));
  switch (dtype) {
    case DType::float32:
      return plain_sum<float, float>(op);
    case DType::int32:
      return plain_sum<int32_t, uint32_t>(op);
    case DType::int8:
      return lower_int8_add_n(op, kFormsAddN[context.profile]);
    default:
      return fail(ErrorKind::unsupported, std::string("nothing computes on ") + to_string(dtype));
  }
}

}  // namespace

// No integer form is made: TFLM's subtracts the zero point once too often, and no other runtime has one. Simplifying
// turns float ADD_N into ADDs, which all have.
const OpDef kAddN{
    .name = "ADD_N",
    .arity = {.min_inputs = 2, .max_inputs = kLimits.tensors},
    .quant = {.roles = {Role::activation}},
    .infer = infer_add_n,
    .lower = lower_add_n,
};

}  // namespace narrow
