#include "rows/batch_matmul.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "host/matmul.h"
#include "host/scaled.h"
#include "rows/describe.h"

extern "C" {
#include "nw_requantize.h"
}

// MatmulFloatParams adds a member to a C struct; GCC and clang lay it out behind that struct's members.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace narrow {
namespace {

KernelCost cost_of_matmul(const nw_batch_matmul_params& p) {
  int64_t const results = product_of(p.matrices.extent) * p.rows * p.cols;
  return {.macs = results * p.depth, .elements = results};
}

#define NARROW_MATMUL_FIELDS(Struct)                                                                        \
  NARROW_BROADCAST_FIELDS(Struct, matrices), NARROW_FIELD(Struct, rows), NARROW_FIELD(Struct, depth),       \
      NARROW_FIELD(Struct, cols), NARROW_FIELD(Struct, a_row_stride), NARROW_FIELD(Struct, a_step),         \
      NARROW_FIELD(Struct, b_col_stride), NARROW_FIELD(Struct, b_step), NARROW_FIELD(Struct, a_zero_point), \
      NARROW_FIELD(Struct, b_zero_point), NARROW_FIELD(Struct, multiplier), NARROW_FIELD(Struct, shift),    \
      NARROW_FIELD(Struct, out_zero_point)
constexpr ParamField kFields[] = {NARROW_MATMUL_FIELDS(nw_batch_matmul_params)};
constexpr ParamTable kParams = param_table<nw_batch_matmul_params, cost_of_matmul>("nw_batch_matmul_params", kFields);
constexpr ParamField kFloatFields[] = {NARROW_MATMUL_FIELDS(host::MatmulFloatParams),
                                       NARROW_FIELD(host::MatmulFloatParams, scale)};
constexpr ParamTable kFloatParams =
    param_table<host::MatmulFloatParams, cost_of_matmul>("nw_batch_matmul_params and a float32 scale", kFloatFields);

#undef NARROW_MATMUL_FIELDS

// Dot products of 16-bit vectors; kFinish turns a sum into an element of the result. The state is b's columns where b
// is constant.
template <class Params, class A, class B, class Sum, A (*kFinish)(const Params&, Sum)>
struct DotProducts {
  using Columns = std::vector<int16_t>;

  static Packed pack(const KnownCall& call) {
    const auto& p = *static_cast<const Params*>(call.params);
    const auto* const b = static_cast<const B*>(call.constants[1]);
    host::MatmulScratch<int16_t, Sum> const scratch(p, b != nullptr);
    if (!b) return {nullptr, scratch.bytes(), {}};
    host::MatmulSide const side = host::columns_of(p);
    auto columns = std::make_shared<Columns>(static_cast<size_t>(std::max(side.elements(), int64_t{1})));
    host::lay_out(side, b, columns->data());
    return {std::move(columns), scratch.bytes(), {}};
  }

  static void run(const KernelFrame& f) {
    const auto& p = *static_cast<const Params*>(f.params);
    const auto* const columns = static_cast<const Columns*>(f.packed);
    auto const finish = [&p](const Sum* sums, A* out) {
      for (nw_i32 c = 0; c < p.cols; ++c) out[c] = kFinish(p, sums[c]);
    };
    host::matmul<int16_t, Sum>(
        p, static_cast<const A*>(f.pointers[0]), static_cast<const B*>(f.pointers[1]), static_cast<A*>(f.pointers[2]),
        columns ? columns->data() : nullptr, f.scratch, [](int16_t*) {}, finish);
  }

  static constexpr KernelVariant kVariants[] = {{.name = "vector dot products", .run = run, .pack = pack}};
};

nw_i8 finish_i8(const nw_batch_matmul_params& p, nw_i32 sum) {
  return static_cast<nw_i8>(nw_clamp(nw_requantize_double(sum, p.multiplier, p.shift) + p.out_zero_point, -128, 127));
}

nw_i16 finish_i16(const nw_batch_matmul_params& p, int64_t sum) {
  return static_cast<nw_i16>(
      nw_clamp(nw_requantize_wide(sum, p.multiplier, p.shift) + p.out_zero_point, -32768, 32767));
}

// Ties to even.
nw_i8 finish_float(const host::MatmulFloatParams& p, nw_i32 sum) {
  auto const lo = static_cast<float>(-128 - p.out_zero_point), hi = static_cast<float>(127 - p.out_zero_point);
  float const scaled = std::clamp(static_cast<float>(sum) * p.scale, lo, hi);
  return static_cast<nw_i8>(static_cast<nw_i32>(std::nearbyint(scaled)) + p.out_zero_point);
}

constexpr const char* kSource = "portable/layers/batch_matmul.c";

}  // namespace

constinit const Kernel kBatchMatmulI8 =
    c_kernel<nw_batch_matmul_i8>("nw_batch_matmul_i8", kSource, kParams,
                                 DotProducts<nw_batch_matmul_params, nw_i8, nw_i8, nw_i32, finish_i8>::kVariants);
constinit const Kernel kBatchMatmulI16 =
    c_kernel<nw_batch_matmul_i16>("nw_batch_matmul_i16", kSource, kParams,
                                  DotProducts<nw_batch_matmul_params, nw_i16, nw_i16, int64_t, finish_i16>::kVariants);
constinit const Kernel kBatchMatmulI16I8 = c_kernel<nw_batch_matmul_i16_i8>(
    "nw_batch_matmul_i16_i8", kSource, kParams,
    DotProducts<nw_batch_matmul_params, nw_i16, nw_i8, int64_t, finish_i16>::kVariants);
constinit const Kernel kBatchMatmulFloatI8{
    .name = "batch_matmul_float_i8",
    .source = nullptr,
    .params = &kFloatParams,
    .arguments = CFunction<nw_batch_matmul_i8>::kArguments,
    .variants = DotProducts<host::MatmulFloatParams, nw_i8, nw_i8, nw_i32, finish_float>::kVariants};

}  // namespace narrow
