#include <cmath>
#include <limits>

#include "graph/attribute_type.h"
#include "ops/arithmetic/unary.h"
#include "ops/conversions/conversions.h"

namespace narrow {
namespace {

/// Booleans apart from the bytes that hold them.
struct Truth {
  uint8_t value;
};

/// A float as a whole number; NaN becomes the largest.
template <class Out>
Out whole(float v) {
  using Limits = std::numeric_limits<Out>;
  constexpr float kEnd = static_cast<float>(Limits::max() / 2 + 1) * 2;
  if (std::isnan(v) || v >= kEnd) return Limits::max();
  if (v < static_cast<float>(Limits::min())) return Limits::min();
  return static_cast<Out>(v);
}

template <class Out, class In>
Out cast_to(In v) {
  if constexpr (std::is_same_v<In, Truth>)
    return cast_to<Out>(static_cast<uint8_t>(v.value != 0));
  else if constexpr (std::is_same_v<Out, Truth>)
    return Truth{static_cast<uint8_t>(v != 0)};
  else if constexpr (std::is_same_v<In, float> && !std::is_same_v<Out, float>)
    return whole<Out>(v);
  else
    return static_cast<Out>(v);
}

template <class In, class Out>
Step cast_step(const OpView& op) {
  auto run = [n = count_of(op)](const In* in, Out* out) {
    for (int32_t i = 0; i < n; ++i) out[i] = cast_to<Out>(in[i]);
  };
  return unary_step<In, Out>(op, run, "plain loops", true);
}

/// f.operator()<T>() for the type that elements of `dtype` have.
template <class F>
Result<Step> for_type(DType dtype, const F& f) {
  switch (dtype) {
    case DType::float32:
      return f.template operator()<float>();
    case DType::boolean:
      return f.template operator()<Truth>();
    case DType::int8:
      return f.template operator()<int8_t>();
    case DType::uint8:
      return f.template operator()<uint8_t>();
    case DType::int16:
      return f.template operator()<int16_t>();
    case DType::uint16:
      return f.template operator()<uint16_t>();
    case DType::int32:
      return f.template operator()<int32_t>();
    case DType::uint32:
      return f.template operator()<uint32_t>();
    case DType::int64:
      return f.template operator()<int64_t>();
    default:
      return fail(ErrorKind::unsupported, std::string("nothing is cast from or to ") + to_string(dtype));
  }
}

Result<Step> lower_cast(const OpView& op, const LowerContext&) {
  return for_type(op.input(0).dtype, [&]<class In>() {
    return for_type(op.output().dtype, [&]<class Out>() { return Result<Step>(cast_step<In, Out>(op)); });
  });
}

}  // namespace

constexpr AttributeField kCastFields[] = {
    field<&CastAttributes::in_type>("in_type"),
    field<&CastAttributes::out_type>("out_type"),
};
const AttributeType CastAttributes::kType = attribute_type<CastAttributes>("Cast", kCastFields);

const OpDef kCast{.name = "CAST",
                  .attributes = &CastAttributes::kType,
                  .arity = {},
                  .quant = {.versions = {.int8 = 1, .int16 = 1}},
                  .infer = infer_unary,
                  .lower = lower_cast};

}  // namespace narrow
