#include "rows/windows.h"

#include <algorithm>
#include <memory>

#include "host/pool.h"
#include "host/resize.h"
#include "rows/describe.h"

extern "C" {
#include "dsp/dsp_pool.h"
#include "helium/helium_pool.h"
#include "portable/windows/resize.h"
}

namespace narrow {
namespace {

KernelCost cost_of_pool(const nw_pool_params& p) {
  const nw_window& w = p.window;
  int64_t const taps = int64_t{std::min(w.filter_h, w.input_h)} * std::min(w.filter_w, w.input_w);
  return {.elements = int64_t{w.batches} * w.output_h * w.output_w * w.output_c * taps};
}

KernelCost cost_of_bilinear(const nw_resize_bilinear_params& p) {
  return {.elements = int64_t{p.batches} * p.height.out * p.width.out * p.depth};
}
KernelCost cost_of_parts(const nw_resize_parts_params& p) {
  return {.elements = int64_t{p.batches} * p.out_height * p.out_width * p.depth};
}
KernelCost cost_of_nearest(const nw_resize_nearest_params& p) {
  return {.elements = int64_t{p.batches} * p.out_height * p.out_width * p.pixel_bytes};
}

constexpr ParamField kPoolFields[] = {NARROW_WINDOW_FIELDS(nw_pool_params, window),
                                      NARROW_FIELD(nw_pool_params, out_min), NARROW_FIELD(nw_pool_params, out_max),
                                      NARROW_FIELD(nw_pool_params, rounding)};
constexpr ParamTable kPoolParams =
    param_table<nw_pool_params, cost_of_pool>("nw_pool_params", kPoolFields, kPaddingBehind<nw_pool_params>);

#define NARROW_RESIZE_AXIS_FIELDS(Struct, axis, side)                                     \
  NARROW_FIELD(Struct, axis.in, "IN_" side), NARROW_FIELD(Struct, axis.out, "OUT_" side), \
      NARROW_FIELD(Struct, axis.first, "FIRST_" side), NARROW_FIELD(Struct, axis.step, "STEP_" side)
constexpr ParamField kBilinearFields[] = {NARROW_FIELD(nw_resize_bilinear_params, batches),
                                          NARROW_FIELD(nw_resize_bilinear_params, depth),
                                          NARROW_RESIZE_AXIS_FIELDS(nw_resize_bilinear_params, height, "H"),
                                          NARROW_RESIZE_AXIS_FIELDS(nw_resize_bilinear_params, width, "W")};
constexpr ParamTable kBilinearParams =
    param_table<nw_resize_bilinear_params, cost_of_bilinear>("nw_resize_bilinear_params", kBilinearFields);

constexpr ParamField kPartsFields[] = {NARROW_FIELD(nw_resize_parts_params, batches),
                                       NARROW_FIELD(nw_resize_parts_params, in_height, "IN_H"),
                                       NARROW_FIELD(nw_resize_parts_params, in_width, "IN_W"),
                                       NARROW_FIELD(nw_resize_parts_params, out_height, "OUT_H"),
                                       NARROW_FIELD(nw_resize_parts_params, out_width, "OUT_W"),
                                       NARROW_FIELD(nw_resize_parts_params, depth),
                                       NARROW_FIELD(nw_resize_parts_params, row_source),
                                       NARROW_FIELD(nw_resize_parts_params, column_source)};
constexpr ParamTable kPartsParams =
    param_table<nw_resize_parts_params, cost_of_parts>("nw_resize_parts_params", kPartsFields);

constexpr ParamField kNearestFields[] = {NARROW_FIELD(nw_resize_nearest_params, batches),
                                         NARROW_FIELD(nw_resize_nearest_params, in_height, "IN_H"),
                                         NARROW_FIELD(nw_resize_nearest_params, in_width, "IN_W"),
                                         NARROW_FIELD(nw_resize_nearest_params, out_height, "OUT_H"),
                                         NARROW_FIELD(nw_resize_nearest_params, out_width, "OUT_W"),
                                         NARROW_FIELD(nw_resize_nearest_params, pixel_bytes),
                                         NARROW_FIELD(nw_resize_nearest_params, row_of),
                                         NARROW_FIELD(nw_resize_nearest_params, column_of)};
constexpr ParamTable kNearestParams =
    param_table<nw_resize_nearest_params, cost_of_nearest>("nw_resize_nearest_params", kNearestFields);

#undef NARROW_RESIZE_AXIS_FIELDS

// A pool with one accumulator, an Acc, for each channel.
template <class T, class Acc, void (*kPool)(const nw_pool_params&, const T*, T*, Acc*)>
struct Channelwise {
  static Packed pack(const KnownCall& call) {
    const auto& p = *static_cast<const nw_pool_params*>(call.params);
    return {nullptr, sizeof(Acc) * static_cast<size_t>(p.window.input_c), {}};
  }
  static void run(const KernelFrame& f) {
    kPool(*static_cast<const nw_pool_params*>(f.params), static_cast<const T*>(f.pointers[0]),
          static_cast<T*>(f.pointers[1]), static_cast<Acc*>(f.scratch));
  }
  static constexpr KernelVariant kVariants[] = {{.name = "an accumulator per channel", .run = run, .pack = pack}};
};

using Sources = std::vector<host::Between<int32_t>>;
using Bilinear = host::BilinearParams<int32_t>;

Sources sources_of(const nw_resize_axis& p) {
  Sources axis;
  for (int32_t i = 0; i < p.out; ++i) {
    int32_t const at = p.first + i * p.step;
    int32_t const low = std::clamp(at / 1024, 0, p.in - 1);
    axis.push_back({low, std::clamp((at + 1023) / 1024, 0, p.in - 1), at - 1024 * low});
  }
  return axis;
}

Sources sources_of(const nw_i32* triples, nw_i32 count) {
  Sources axis;
  for (nw_i32 i = 0; i < count; ++i, triples += 3) axis.push_back({triples[0], triples[1], triples[2]});
  return axis;
}

Packed pack_bilinear(const KnownCall& call) {
  const auto& p = *static_cast<const nw_resize_bilinear_params*>(call.params);
  return {std::make_shared<Bilinear>(
              Bilinear{p.batches, p.height.in, p.width.in, p.depth, sources_of(p.height), sources_of(p.width)}),
          0,
          {}};
}

Packed pack_parts(const KnownCall& call) {
  const auto& p = *static_cast<const nw_resize_parts_params*>(call.params);
  return {std::make_shared<Bilinear>(Bilinear{p.batches, p.in_height, p.in_width, p.depth,
                                              sources_of(p.row_source, p.out_height),
                                              sources_of(p.column_source, p.out_width)}),
          0,
          {}};
}

template <class T, void (*kResize)(const Bilinear&, const T*, T*)>
void run_bilinear(const KernelFrame& f) {
  kResize(*static_cast<const Bilinear*>(f.packed), static_cast<const T*>(f.pointers[0]),
          static_cast<T*>(f.pointers[1]));
}

template <class T, void (*kResize)(const Bilinear&, const T*, T*), Packed (*kPack)(const KnownCall&)>
constexpr KernelVariant kResized[] = {{.name = "vector loops", .run = run_bilinear<T, kResize>, .pack = kPack}};

constexpr const char* kPoolSource = "portable/windows/pool.c";
constexpr const char* kResizeSource = "portable/windows/resize.c";

constexpr const char* kAverageRule =
    "nw_clamp((sum > 0 ? sum + count / 2 : sum - count / 2) / count, OUT_MIN, OUT_MAX)";
constexpr const char* kAverageByRuleRule = "nw_clamp(nw_round_divide(sum, count, ROUNDING), OUT_MIN, OUT_MAX)";
constexpr const char* kMaxPoolRule = "nw_clamp(largest, OUT_MIN, OUT_MAX)";

template <auto kFunction>
constexpr Kernel pool_kernel(const char* name, std::span<const KernelVariant> variants, const char* rule) {
  return with_rule(
      by_rows(overlapping(c_kernel<kFunction>(name, kPoolSource, kPoolParams, variants), kUnderWindow<nw_pool_params>),
              take_window_rows<nw_pool_params>),
      rule);
}

// For particular processors.
template <auto kFunction>
constexpr Kernel chip_pool(const char* name, const char* source) {
  return overlapping(c_kernel<kFunction>(name, source, kPoolParams), kUnderWindow<nw_pool_params>);
}

}  // namespace

const ParamTable kPoolSizes{"nw_pool_params", sizeof(nw_pool_params), std::span(kPoolFields).first(15),
                            kPoolParams.cost, kPaddingBehind<nw_pool_params>};

constinit const Kernel kAveragePoolI8 = pool_kernel<nw_average_pool_i8>(
    "nw_average_pool_i8", Channelwise<nw_i8, int32_t, host::average_pool<nw_i8>>::kVariants, kAverageRule);
constinit const Kernel kHeliumAveragePoolI8 =
    chip_pool<nw_helium_average_pool_i8>("nw_helium_average_pool_i8", "helium/helium_pool.c");
constinit const Kernel kHeliumMaxPoolI8 =
    chip_pool<nw_helium_max_pool_i8>("nw_helium_max_pool_i8", "helium/helium_pool.c");
constinit const Kernel kDspAveragePoolI8 =
    chip_pool<nw_dsp_average_pool_i8>("nw_dsp_average_pool_i8", "dsp/dsp_pool.c");
constinit const Kernel kDspMaxPoolI8 = chip_pool<nw_dsp_max_pool_i8>("nw_dsp_max_pool_i8", "dsp/dsp_pool.c");
constinit const Kernel kAveragePoolI16 = pool_kernel<nw_average_pool_i16>(
    "nw_average_pool_i16", Channelwise<nw_i16, int32_t, host::average_pool<nw_i16>>::kVariants, kAverageRule);
constinit const Kernel kAveragePoolByRuleI8 = pool_kernel<nw_average_pool_by_rule_i8>(
    "nw_average_pool_by_rule_i8", Channelwise<nw_i8, int32_t, host::average_pool_by_rule<nw_i8>>::kVariants,
    kAverageByRuleRule);
constinit const Kernel kAveragePoolByRuleI16 = pool_kernel<nw_average_pool_by_rule_i16>(
    "nw_average_pool_by_rule_i16", Channelwise<nw_i16, int32_t, host::average_pool_by_rule<nw_i16>>::kVariants,
    kAverageByRuleRule);
constinit const Kernel kMaxPoolI8 = pool_kernel<nw_max_pool_i8>(
    "nw_max_pool_i8", Channelwise<nw_i8, nw_i8, host::max_pool<nw_i8>>::kVariants, kMaxPoolRule);
constinit const Kernel kMaxPoolI16 = pool_kernel<nw_max_pool_i16>(
    "nw_max_pool_i16", Channelwise<nw_i16, nw_i16, host::max_pool<nw_i16>>::kVariants, kMaxPoolRule);

constinit const Kernel kResizeBilinearI8 = c_kernel<nw_resize_bilinear_i8>(
    "nw_resize_bilinear_i8", kResizeSource, kBilinearParams, kResized<nw_i8, host::resize_bilinear, pack_bilinear>);
constinit const Kernel kResizeBilinearI16 = c_kernel<nw_resize_bilinear_i16>(
    "nw_resize_bilinear_i16", kResizeSource, kBilinearParams, kResized<nw_i16, host::resize_bilinear, pack_bilinear>);
constinit const Kernel kResizePartsI8 = c_kernel<nw_resize_parts_i8>(
    "nw_resize_parts_i8", kResizeSource, kPartsParams, kResized<nw_i8, host::resize_bilinear_delegate, pack_parts>);
constinit const Kernel kResizeNearestAny =
    c_kernel<nw_resize_nearest>("nw_resize_nearest", kResizeSource, kNearestParams);

}  // namespace narrow
