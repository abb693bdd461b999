#include "rows/reductions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "host/reduce.h"
#include "rows/describe.h"

extern "C" {
#include "nw_requantize.h"
#include "portable/reductions/arg_extreme.h"
#include "portable/reductions/cumsum.h"
#include "portable/reductions/l2_normalization.h"
#include "portable/reductions/reduce_fold.h"
}

namespace narrow {
namespace {

// The elements that are read.
template <class Struct>
KernelCost cost_of_reduction(const Struct& p) {
  return {.elements = product_of(p.kept.extent) * product_of(p.reduced.extent)};
}

#define NARROW_REDUCE_DIMS_FIELDS(Struct)                                                                     \
  NARROW_FIELD(Struct, kept.extent), NARROW_FIELD(Struct, kept.stride), NARROW_FIELD(Struct, reduced.extent), \
      NARROW_FIELD(Struct, reduced.stride)

constexpr ParamField kReduceFields[] = {
    NARROW_REDUCE_DIMS_FIELDS(nw_reduce_params),    NARROW_FIELD(nw_reduce_params, sum_offset),
    NARROW_FIELD(nw_reduce_params, multiplier),     NARROW_FIELD(nw_reduce_params, shift),
    NARROW_FIELD(nw_reduce_params, out_zero_point), NARROW_FIELD(nw_reduce_params, out_min),
    NARROW_FIELD(nw_reduce_params, out_max),        NARROW_FIELD(nw_reduce_params, rounding)};
constexpr ParamTable kReduceParams =
    param_table<nw_reduce_params, cost_of_reduction<nw_reduce_params>>("nw_reduce_params", kReduceFields);

constexpr ParamField kFloatReduceFields[] = {NARROW_REDUCE_DIMS_FIELDS(host::FloatReduceParams),
                                             NARROW_FIELD(host::FloatReduceParams, scale),
                                             NARROW_FIELD(host::FloatReduceParams, offset)};
constexpr ParamTable kFloatReduceParams =
    param_table<host::FloatReduceParams, cost_of_reduction<host::FloatReduceParams>>("dimensions and a float32 scale",
                                                                                     kFloatReduceFields);

constexpr ParamField kExtremeFields[] = {NARROW_REDUCE_DIMS_FIELDS(nw_extreme_params)};
constexpr ParamTable kExtremeParams =
    param_table<nw_extreme_params, cost_of_reduction<nw_extreme_params>>("nw_extreme_params", kExtremeFields);

constexpr ParamField kProductFields[] = {
    NARROW_REDUCE_DIMS_FIELDS(nw_product_params), NARROW_FIELD(nw_product_params, input_zero_point, "IN_ZERO_POINT"),
    NARROW_FIELD(nw_product_params, output_zero_point, "OUT_ZERO_POINT"), NARROW_FIELD(nw_product_params, multiplier),
    NARROW_FIELD(nw_product_params, shift)};
constexpr ParamTable kProductParams =
    param_table<nw_product_params, cost_of_reduction<nw_product_params>>("nw_product_params", kProductFields);

constexpr ParamField kArgFields[] = {NARROW_FIELD(nw_arg_params, outer), NARROW_FIELD(nw_arg_params, depth),
                                     NARROW_FIELD(nw_arg_params, inner)};
constexpr ParamTable kArgParams =
    param_table<nw_arg_params, cost_of_middle<nw_arg_params>>("nw_arg_params", kArgFields);

constexpr ParamField kCumsumFields[] = {NARROW_FIELD(nw_cumsum_params, outer),
                                        NARROW_FIELD(nw_cumsum_params, depth),
                                        NARROW_FIELD(nw_cumsum_params, inner),
                                        NARROW_FIELD(nw_cumsum_params, exclusive),
                                        NARROW_FIELD(nw_cumsum_params, reverse),
                                        NARROW_FIELD(nw_cumsum_params, input_zero_point, "IN_ZERO_POINT"),
                                        NARROW_FIELD(nw_cumsum_params, output_zero_point, "OUT_ZERO_POINT"),
                                        NARROW_FIELD(nw_cumsum_params, multiplier),
                                        NARROW_FIELD(nw_cumsum_params, shift)};
constexpr ParamTable kCumsumParams =
    param_table<nw_cumsum_params, cost_of_middle<nw_cumsum_params>>("nw_cumsum_params", kCumsumFields);

constexpr ParamField kL2Fields[] = {NARROW_FIELD(nw_l2_normalization_params, rows),
                                    NARROW_FIELD(nw_l2_normalization_params, depth),
                                    NARROW_FIELD(nw_l2_normalization_params, input_zero_point, "IN_ZERO_POINT")};
constexpr ParamTable kL2Params = param_table<nw_l2_normalization_params, cost_of_rows<nw_l2_normalization_params>>(
    "nw_l2_normalization_params", kL2Fields);

#undef NARROW_REDUCE_DIMS_FIELDS

// The data in the order of memory, as host/reduce.h takes them.
struct MemoryOrder {
  nw_broadcast walk{};
  std::ptrdiff_t outputs = 1;
};

MemoryOrder memory_order(const nw_reduce_dims& kept, const nw_reduce_dims& reduced) {
  struct Dim {
    nw_i32 extent, stride, out_stride;
  };
  MemoryOrder order;
  std::vector<Dim> dims;
  for (int d = NW_REDUCE_RANK - 1; d >= 0; --d) {
    if (kept.extent[d] > 1) dims.push_back({kept.extent[d], kept.stride[d], static_cast<nw_i32>(order.outputs)});
    if (reduced.extent[d] > 1) dims.push_back({reduced.extent[d], reduced.stride[d], 0});
    order.outputs *= kept.extent[d];
  }
  std::sort(dims.begin(), dims.end(), [](const Dim& a, const Dim& b) { return a.stride < b.stride; });
  std::fill_n(order.walk.extent, NW_BROADCAST_RANK, 1);
  int at = NW_BROADCAST_RANK;
  for (const Dim& d : dims) {
    order.walk.extent[--at] = d.extent;
    order.walk.a_stride[at] = d.stride;
    order.walk.b_stride[at] = d.out_stride;
  }
  return order;
}

template <class Params>
bool fits(const Params& p) {
  auto const used = [](const nw_reduce_dims& dims) {
    return std::count_if(dims.extent, dims.extent + NW_REDUCE_RANK, [](nw_i32 extent) { return extent > 1; });
  };
  return used(p.kept) + used(p.reduced) <= NW_BROADCAST_RANK;
}

template <class Params>
Packed pack_order(const KnownCall& call, size_t accumulator_bytes) {
  const auto& p = *static_cast<const Params*>(call.params);
  if (!fits(p)) return {.state = nullptr, .declined = "too many dimensions take turns"};
  auto order = std::make_shared<MemoryOrder>(memory_order(p.kept, p.reduced));
  size_t const scratch = accumulator_bytes * static_cast<size_t>(order->outputs);
  return {std::move(order), scratch, {}};
}

// Sums with a 32-bit accumulator for each result; kFinish turns one into the result.
template <class Params, class T, T (*kFinish)(const Params&, int32_t)>
struct Sums {
  static Packed pack(const KnownCall& call) { return pack_order<Params>(call, sizeof(int32_t)); }
  static void run(const KernelFrame& f) {
    const auto& p = *static_cast<const Params*>(f.params);
    const auto& order = *static_cast<const MemoryOrder*>(f.packed);
    auto* const acc = static_cast<int32_t*>(f.scratch);
    auto* const out = static_cast<T*>(f.pointers[1]);
    host::sum_along(order.walk, static_cast<const T*>(f.pointers[0]), acc, order.outputs);
    for (std::ptrdiff_t o = 0; o < order.outputs; ++o) out[o] = kFinish(p, acc[o]);
  }
  static constexpr KernelVariant kVariants[] = {{.name = "in memory order", .run = run, .pack = pack}};
};

template <class T>
T fixed_sum(const nw_reduce_params& p, int32_t sum) {
  nw_i32 const q = nw_requantize_double(sum - p.sum_offset, p.multiplier, p.shift) + p.out_zero_point;
  return static_cast<T>(nw_clamp(q, p.out_min, p.out_max));
}

// XNNPACK's: ties to even.
nw_i8 float_sum_i8(const host::FloatReduceParams& p, int32_t sum) {
  float const scaled = static_cast<float>(sum) * p.scale;
  return static_cast<nw_i8>(std::lrintf(std::clamp(scaled + p.offset, -128.0f, 127.0f)));
}

// LiteRT's optimized SUM: ties away from zero.
nw_i16 float_sum_i16(const host::FloatReduceParams& p, int32_t sum) {
  return static_cast<nw_i16>(std::clamp(std::round(static_cast<float>(sum) * p.scale), -32768.0f, 32767.0f));
}

template <class T, bool kLargest>
struct Extremes {
  static Packed pack(const KnownCall& call) { return pack_order<nw_extreme_params>(call, 0); }
  static void run(const KernelFrame& f) {
    const auto& order = *static_cast<const MemoryOrder*>(f.packed);
    constexpr T kStart = kLargest ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max();
    host::fold_along(order.walk, static_cast<const T*>(f.pointers[0]), static_cast<T*>(f.pointers[1]), order.outputs,
                     kStart, [](T a, T b) { return kLargest ? (b > a ? b : a) : (b < a ? b : a); });
  }
  static constexpr KernelVariant kVariants[] = {{.name = "in memory order", .run = run, .pack = pack}};
};

constexpr const char* kReduceSource = "portable/reductions/reduce.c";
constexpr const char* kFoldSource = "portable/reductions/reduce_fold.c";
constexpr const char* kArgSource = "portable/reductions/arg_extreme.c";

constexpr const char* kSumRule =
    "nw_clamp(nw_requantize_double(sum - SUM_OFFSET, MULTIPLIER, SHIFT) + OUT_ZERO_POINT, OUT_MIN, OUT_MAX)";
constexpr const char* kSumOnceRule =
    "nw_clamp(nw_requantize_by(sum - SUM_OFFSET, MULTIPLIER, SHIFT, ROUNDING) + OUT_ZERO_POINT, OUT_MIN, OUT_MAX)";

}  // namespace

constinit const Kernel kSumI8 =
    with_rule(c_kernel<nw_sum_i8>("nw_sum_i8", kReduceSource, kReduceParams,
                                  Sums<nw_reduce_params, nw_i8, fixed_sum<nw_i8>>::kVariants),
              kSumRule);
constinit const Kernel kSumOnceI8 =
    with_rule(c_kernel<nw_sum_once_i8>("nw_sum_once_i8", kReduceSource, kReduceParams), kSumOnceRule);
constinit const Kernel kSumI16 =
    with_rule(c_kernel<nw_sum_i16>("nw_sum_i16", kReduceSource, kReduceParams,
                                   Sums<nw_reduce_params, nw_i16, fixed_sum<nw_i16>>::kVariants),
              kSumRule);
constinit const Kernel kSumFloatI8{.name = "sum_float_i8",
                                   .source = nullptr,
                                   .params = &kFloatReduceParams,
                                   .arguments = CFunction<nw_sum_i8>::kArguments,
                                   .variants = Sums<host::FloatReduceParams, nw_i8, float_sum_i8>::kVariants};
constinit const Kernel kSumFloatI16{.name = "sum_float_i16",
                                    .source = nullptr,
                                    .params = &kFloatReduceParams,
                                    .arguments = CFunction<nw_sum_i16>::kArguments,
                                    .variants = Sums<host::FloatReduceParams, nw_i16, float_sum_i16>::kVariants};

constinit const Kernel kReduceMaxI8 =
    c_kernel<nw_reduce_max_i8>("nw_reduce_max_i8", kFoldSource, kExtremeParams, Extremes<nw_i8, true>::kVariants);
constinit const Kernel kReduceMaxI16 =
    c_kernel<nw_reduce_max_i16>("nw_reduce_max_i16", kFoldSource, kExtremeParams, Extremes<nw_i16, true>::kVariants);
constinit const Kernel kReduceMinI8 =
    c_kernel<nw_reduce_min_i8>("nw_reduce_min_i8", kFoldSource, kExtremeParams, Extremes<nw_i8, false>::kVariants);
constinit const Kernel kReduceMinI16 =
    c_kernel<nw_reduce_min_i16>("nw_reduce_min_i16", kFoldSource, kExtremeParams, Extremes<nw_i16, false>::kVariants);
constinit const Kernel kReduceProdI8 = c_kernel<nw_reduce_prod_i8>("nw_reduce_prod_i8", kFoldSource, kProductParams);
constinit const Kernel kReduceProdI16 = c_kernel<nw_reduce_prod_i16>("nw_reduce_prod_i16", kFoldSource, kProductParams);

constinit const Kernel kArgMaxI8 = c_kernel<nw_arg_max_i8>("nw_arg_max_i8", kArgSource, kArgParams);
constinit const Kernel kArgMaxI16 = c_kernel<nw_arg_max_i16>("nw_arg_max_i16", kArgSource, kArgParams);
constinit const Kernel kArgMinI8 = c_kernel<nw_arg_min_i8>("nw_arg_min_i8", kArgSource, kArgParams);
constinit const Kernel kArgMinI16 = c_kernel<nw_arg_min_i16>("nw_arg_min_i16", kArgSource, kArgParams);

constinit const Kernel kCumsumI8 =
    in_place(c_kernel<nw_cumsum_i8>("nw_cumsum_i8", "portable/reductions/cumsum.c", kCumsumParams), kOverFirst);

constinit const Kernel kL2NormalizationI8 = in_place(
    c_kernel<nw_l2_normalization_i8>("nw_l2_normalization_i8", "portable/reductions/l2_normalization.c", kL2Params),
    kOverFirst);

}  // namespace narrow
