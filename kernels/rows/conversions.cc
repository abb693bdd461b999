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
    NARROW_FIELD(nw_quantize_params, input_zero_point),
    NARROW_FIELD(nw_quantize_params, output_zero_point),
    NARROW_FIELD(nw_quantize_params, multiplier),
    NARROW_FIELD(nw_quantize_params, shift),
    NARROW_FIELD(nw_quantize_params, rounding),
};
constexpr ParamTable kQuantizeParams = param_table<nw_quantize_params>("nw_quantize_params", kQuantizeFields);
constexpr const char* kQuantizeSource = "portable/conversions/quantize.c";

#define NARROW_BYTE_ROW(name) tabulated_kernel<name>(#name, kQuantizeSource, kQuantizeParams)
#define NARROW_ROW(name) c_kernel<name>(#name, kQuantizeSource, kQuantizeParams)

constexpr Kernel kQuantize[] = {
    NARROW_BYTE_ROW(nw_quantize_i8_i8), NARROW_BYTE_ROW(nw_quantize_i8_u8), NARROW_BYTE_ROW(nw_quantize_i8_i16),
    NARROW_BYTE_ROW(nw_quantize_u8_i8), NARROW_BYTE_ROW(nw_quantize_u8_u8), NARROW_BYTE_ROW(nw_quantize_u8_i16),
    NARROW_ROW(nw_quantize_i16_i8),     NARROW_ROW(nw_quantize_i16_i16),    NARROW_ROW(nw_quantize_i32_i8),
    NARROW_ROW(nw_quantize_i32_i16),
};

constexpr Kernel kQuantizeByRule[] = {
    NARROW_BYTE_ROW(nw_quantize_by_rule_i8_i8),
    NARROW_BYTE_ROW(nw_quantize_by_rule_i8_i16),
    NARROW_ROW(nw_quantize_by_rule_i16_i8),
    NARROW_ROW(nw_quantize_by_rule_i16_i16),
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
  return {name, nullptr, &kQuantizeParams, CFunction<kTail>::kArguments, nullptr, OptimizedQuantize<kTail>::kVariants};
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
