#include "quantize/rewrite/form.h"

#include <algorithm>

#include "ops/def/operand_with.h"
#include "ops/integer/own_arithmetic.h"

namespace narrow {
namespace {

bool in_power_of_two_scales(const Tensor& t) {
  const Quantization& q = t.quantization;
  return std::all_of(q.scales.begin(), q.scales.end(), [](float s) { return fraction_bits(s).has_value(); }) &&
         std::all_of(q.zero_points.begin(), q.zero_points.end(), [](int64_t z) { return z == 0; });
}

/// The values that an op reads and makes.
struct Values {
  std::vector<const Tensor*> integers;  // quantized, of at most 16 bits; results first, constants last
  bool floats = false;
};

Values values_of(const OpView& op) {
  Values out;
  std::vector<const Tensor*> constants;
  for (const auto& list : {op.op.outputs, op.op.inputs})
    for (int t : list) {
      if (t == kNoTensor) continue;
      const Tensor& tensor = op.graph.tensor(t);
      if (tensor.is_float()) {
        out.floats |= !tensor.constant;
        continue;
      }
      if (tensor.quantization.present() && element_bytes(tensor.dtype) <= 2)
        (tensor.constant ? constants : out.integers).push_back(&tensor);
    }
  out.integers.insert(out.integers.end(), constants.begin(), constants.end());
  return out;
}

}  // namespace

std::string form_of(const OpView& op) {
  Values const values = values_of(op);
  if (values.integers.empty()) return values.floats ? "float" : "";
  const Tensor& data = *values.integers.front();
  if (data.constant && values.floats) return "dynamic";
  if (data.dtype == DType::uint8) return "uint8";
  const Tensor* const weights = tensor_with(op, Role::weight);
  bool const wide = element_bytes(data.dtype) == 2;
  bool const four_bits = weights && weights->is_four_bits();
  bool const one_width = !weights || !weights->quantization.present() || (element_bytes(weights->dtype) == 2) == wide;
  if (!one_width && !four_bits) return wide ? "int16x8" : "int8x16";
  bool const powers = std::all_of(values.integers.begin(), values.integers.end(),
                                  [](const Tensor* t) { return in_power_of_two_scales(*t); });
  std::string const data_form = powers ? (wide ? "q15" : "q7") : wide ? "int16" : "int8";
  return four_bits ? data_form + "x4" : data_form;
}

}  // namespace narrow
