#include "rows/conversions.h"

#include <algorithm>

#include "nw_requantize.h"
#include "rows/tabulated.h"

extern "C" {
#include "portable/conversions/quantize.h"
}

namespace narrow {
namespace {

constexpr ParamField kQuantizeFields[] = {
    NARROW_FIELD(nw_quantize_params, count),
    NARROW_FIELD(nw_quantize_params, input_zero_point, "IN_ZERO_POINT"),
    NARROW_FIELD(nw_quantize_params, output_zero_point, "OUT_ZERO_POINT"),
    NARROW_FIELD(nw_quantize_params, multiplier),
    NARROW_FIELD(nw_quantize_params, shift),
    NARROW_FIELD(nw_quantize_params, rounding),
};
constexpr ParamTable kQuantizeParams =
    param_table<nw_quantize_params, cost_of_count<nw_quantize_params>>("nw_quantize_params", kQuantizeFields);
constexpr const char* kQuantizeSource = "portable/conversions/quantize.c";

// The results are kept in the range of their type.
constexpr const char* kRule = "nw_requantize_double(in - IN_ZERO_POINT, MULTIPLIER, SHIFT) + OUT_ZERO_POINT";
constexpr const char* kByRuleRule = "nw_shift_by(in - IN_ZERO_POINT, SHIFT, ROUNDING) + OUT_ZERO_POINT";

#define NARROW_BYTE_ROW(name, rule) with_rule(tabulated_kernel<name>(#name, kQuantizeSource, kQuantizeParams), rule)
#define NARROW_ROW(name, rule) with_rule(c_kernel<name>(#name, kQuantizeSource, kQuantizeParams), rule)

constexpr Kernel kQuantize[] = {
    in_place(NARROW_BYTE_ROW(nw_quantize_i8_i8, kRule), kOverFirst),
    in_place(NARROW_BYTE_ROW(nw_quantize_i8_u8, kRule), kOverFirst),
    NARROW_BYTE_ROW(nw_quantize_i8_i16, kRule),
    in_place(NARROW_BYTE_ROW(nw_quantize_u8_i8, kRule), kOverFirst),
    in_place(NARROW_BYTE_ROW(nw_quantize_u8_u8, kRule), kOverFirst),
    NARROW_BYTE_ROW(nw_quantize_u8_i16, kRule),
    NARROW_ROW(nw_quantize_i16_i8, kRule),
    in_place(NARROW_ROW(nw_quantize_i16_i16, kRule), kOverFirst),
    NARROW_ROW(nw_quantize_i32_i8, kRule),
    NARROW_ROW(nw_quantize_i32_i16, kRule),
};

constexpr Kernel kQuantizeByRule[] = {
    in_place(NARROW_BYTE_ROW(nw_quantize_by_rule_i8_i8, kByRuleRule), kOverFirst),
    NARROW_BYTE_ROW(nw_quantize_by_rule_i8_i16, kByRuleRule),
    NARROW_ROW(nw_quantize_by_rule_i16_i8, kByRuleRule),
    in_place(NARROW_ROW(nw_quantize_by_rule_i16_i16, kByRuleRule), kOverFirst),
};

#undef NARROW_BYTE_ROW
#undef NARROW_ROW

template <auto kTail>
struct OptimizedQuantize;
template <class In, class Out, void (*kTail)(const nw_quantize_params*, const In*, Out*)>
struct OptimizedQuantize<kTail> {
  struct Tables {
    std::array<Out, 256> head, tail;
  };

  static Packed pack(const KnownCall& call) {
    nw_quantize_params p = *static_cast<const nw_quantize_params*>(call.params);
    p.count = 256;
    auto const ties_up = [&](const In* in, Out* out) {
      using Limits = std::numeric_limits<Out>;
      for (int i = 0; i < 256; ++i) {
        nw_i32 const q = nw_requantize_double_up(in[i] - p.input_zero_point, p.multiplier, p.shift);
        out[i] = static_cast<Out>(nw_clamp(q + p.output_zero_point, Limits::min(), Limits::max()));
      }
    };
    auto const ties_away = [&](const In* in, Out* out) { kTail(&p, in, out); };
    return {std::make_shared<const Tables>(Tables{tabulate<In, Out>(ties_up), tabulate<In, Out>(ties_away)}), 0, {}};
  }

  static void run(const KernelFrame& f) {
    auto const& tables = *static_cast<const Tables*>(f.packed);
    auto const* in = static_cast<const In*>(f.pointers[0]);
    auto* out = static_cast<Out*>(f.pointers[1]);
    int64_t const count = static_cast<const nw_quantize_params*>(f.params)->count, rest = count % 16;
    look_up(count - rest, tables.head, in, out);
    look_up(rest, tables.tail, in + count - rest, out + count - rest);
  }

  static constexpr KernelVariant kVariants[] = {{.name = "8-bit tables", .run = run, .pack = pack}};
};

template <auto kTail>
constexpr Kernel optimized_row(const char* name) {
  return positional(
      {name, nullptr, &kQuantizeParams, CFunction<kTail>::kArguments, nullptr, OptimizedQuantize<kTail>::kVariants});
}

constexpr Kernel kQuantizeOptimized[] = {
    optimized_row<nw_quantize_i8_i8>("quantize_optimized_i8_i8"),
    optimized_row<nw_quantize_i8_u8>("quantize_optimized_i8_u8"),
    optimized_row<nw_quantize_u8_i8>("quantize_optimized_u8_i8"),
    optimized_row<nw_quantize_u8_u8>("quantize_optimized_u8_u8"),
};

}  // namespace

std::span<const Kernel> quantize_kernels() {
  return kQuantize;
}
std::span<const Kernel> quantize_by_rule_kernels() {
  return kQuantizeByRule;
}
std::span<const Kernel> quantize_optimized_kernels() {
  return kQuantizeOptimized;
}

const Kernel* find_kernel(std::span<const Kernel> kernels, ElementType in, ElementType out) {
  for (const Kernel& k : kernels)
    if (k.arguments[0].type == in && k.arguments[1].type == out) return &k;
  return nullptr;
}

}  // namespace narrow
