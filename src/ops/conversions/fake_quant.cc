#include "ops/conversions/fake_quant.h"

#include <algorithm>
#include <cmath>

#include "graph/attribute_type.h"
#include "ops/arithmetic/unary.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_fake_quant(const OpView& op) {
  NARROW_TRY([[maybe_unused]] FakeQuantGrid const grid, fake_quant_grid(op.attributes<FakeQuantAttributes>()));
  return infer_unary(op);
}

/// Source of the order of operations: LiteRT's kernel.
Result<Step> lower_fake_quant(const OpView& op, const LowerContext&) {
  if (op.input(0).dtype != DType::float32 || op.output().dtype != DType::float32)
    return fail(ErrorKind::unsupported, std::string("data of ") + to_string(op.input(0).dtype));
  NARROW_TRY(FakeQuantGrid const g, fake_quant_grid(op.attributes<FakeQuantAttributes>()));
  float const least = static_cast<float>(g.lo - g.zero_point) * g.scale;
  float const most = static_cast<float>(g.hi - g.zero_point) * g.scale;
  auto run = [least, most, scale = g.scale, inverse = 1.0f / g.scale, n = op.output().elements()](const float* in,
                                                                                                  float* out) {
    for (int64_t i = 0; i < n; ++i)
      out[i] = std::round((std::clamp(in[i], least, most) - least) * inverse) * scale + least;
  };
  return unary_step<float, float>(op, run, "float, plain loops", true);
}

}  // namespace

Result<FakeQuantGrid> fake_quant_grid(const FakeQuantAttributes& a) {
  if (a.num_bits < 2 || a.num_bits > 16)
    return fail(ErrorKind::bad_file, "num_bits is " + std::to_string(a.num_bits) + "; FAKE_QUANT takes 2 to 16");
  if (!std::isfinite(a.min) || !std::isfinite(a.max) || a.min > 0 || a.max < 0 || a.min >= a.max)
    return fail(ErrorKind::bad_file, "the range " + std::to_string(a.min) + " to " + std::to_string(a.max) +
                                         " does not hold zero and more than zero");
  FakeQuantGrid g{.scale = 1, .lo = a.narrow_range ? 1 : 0, .hi = (1 << a.num_bits) - 1, .zero_point = 0};
  g.scale = (a.max - a.min) / static_cast<float>(g.hi - g.lo);
  if (!(g.scale > 0) || !std::isfinite(g.scale))
    return fail(ErrorKind::bad_file,
                "the range " + std::to_string(a.min) + " to " + std::to_string(a.max) + " has no scale in float32");
  float const zero = static_cast<float>(g.lo) - a.min / g.scale;
  g.zero_point = static_cast<int32_t>(std::clamp(std::round(zero), static_cast<float>(g.lo), static_cast<float>(g.hi)));
  return g;
}

constexpr AttributeField kFakeQuantFields[] = {
    field<&FakeQuantAttributes::min>("min"),
    field<&FakeQuantAttributes::max>("max"),
    field<&FakeQuantAttributes::num_bits>("num_bits"),
    field<&FakeQuantAttributes::narrow_range>("narrow_range"),
};
const AttributeType FakeQuantAttributes::kType = attribute_type<FakeQuantAttributes>("FakeQuant", kFakeQuantFields);

const OpDef kFakeQuant{
    .name = "FAKE_QUANT",
    .attributes = &FakeQuantAttributes::kType,
    .arity = {},
    .quant = {.roles = {Role::activation}},
    .infer = infer_fake_quant,
    .lower = lower_fake_quant,
    .conversion = Conversion::fake_quantize,
};

}  // namespace narrow
