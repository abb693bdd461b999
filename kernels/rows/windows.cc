#include "rows/windows.h"

#include <algorithm>
#include <memory>

#include "host/pool.h"
#include "host/resize.h"
#include "rows/describe.h"

extern "C" {
#include "portable/windows/resize.h"
}

namespace narrow {
namespace {

constexpr ParamField kPoolFields[] = {NARROW_WINDOW_FIELDS(nw_pool_params, window),
                                      NARROW_FIELD(nw_pool_params, out_min), NARROW_FIELD(nw_pool_params, out_max),
                                      NARROW_FIELD(nw_pool_params, rounding)};
constexpr ParamTable kPoolParams = param_table<nw_pool_params>("nw_pool_params", kPoolFields);

#define NARROW_RESIZE_AXIS_FIELDS(Struct, axis)                                                    \
  NARROW_FIELD(Struct, axis.in), NARROW_FIELD(Struct, axis.out), NARROW_FIELD(Struct, axis.first), \
      NARROW_FIELD(Struct, axis.step)
constexpr ParamField kBilinearFields[] = {NARROW_FIELD(nw_resize_bilinear_params, batches),
                                          NARROW_FIELD(nw_resize_bilinear_params, depth),
                                          NARROW_RESIZE_AXIS_FIELDS(nw_resize_bilinear_params, height),
                                          NARROW_RESIZE_AXIS_FIELDS(nw_resize_bilinear_params, width)};
constexpr ParamTable kBilinearParams =
    param_table<nw_resize_bilinear_params>("nw_resize_bilinear_params", kBilinearFields);

constexpr ParamField kPartsFields[] = {
    NARROW_FIELD(nw_resize_parts_params, batches),    NARROW_FIELD(nw_resize_parts_params, in_height),
    NARROW_FIELD(nw_resize_parts_params, in_width),   NARROW_FIELD(nw_resize_parts_params, out_height),
    NARROW_FIELD(nw_resize_parts_params, out_width),  NARROW_FIELD(nw_resize_parts_params, depth),
    NARROW_FIELD(nw_resize_parts_params, row_source), NARROW_FIELD(nw_resize_parts_params, column_source)};
constexpr ParamTable kPartsParams = param_table<nw_resize_parts_params>("nw_resize_parts_params", kPartsFields);

constexpr ParamField kNearestFields[] = {
    NARROW_FIELD(nw_resize_nearest_params, batches),   NARROW_FIELD(nw_resize_nearest_params, in_height),
    NARROW_FIELD(nw_resize_nearest_params, in_width),  NARROW_FIELD(nw_resize_nearest_params, out_height),
    NARROW_FIELD(nw_resize_nearest_params, out_width), NARROW_FIELD(nw_resize_nearest_params, pixel_bytes),
    NARROW_FIELD(nw_resize_nearest_params, row_of),    NARROW_FIELD(nw_resize_nearest_params, column_of)};
constexpr ParamTable kNearestParams = param_table<nw_resize_nearest_params>("nw_resize_nearest_params", kNearestFields);

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

}  // namespace

constinit const Kernel kAveragePoolI8 = c_kernel<nw_average_pool_i8>(
    "nw_average_pool_i8", kPoolSource, kPoolParams, Channelwise<nw_i8, int32_t, host::average_pool<nw_i8>>::kVariants);
constinit const Kernel kAveragePoolI16 =
    c_kernel<nw_average_pool_i16>("nw_average_pool_i16", kPoolSource, kPoolParams,
                                  Channelwise<nw_i16, int32_t, host::average_pool<nw_i16>>::kVariants);
constinit const Kernel kAveragePoolByRuleI8 =
    c_kernel<nw_average_pool_by_rule_i8>("nw_average_pool_by_rule_i8", kPoolSource, kPoolParams,
                                         Channelwise<nw_i8, int32_t, host::average_pool_by_rule<nw_i8>>::kVariants);
constinit const Kernel kAveragePoolByRuleI16 =
    c_kernel<nw_average_pool_by_rule_i16>("nw_average_pool_by_rule_i16", kPoolSource, kPoolParams,
                                          Channelwise<nw_i16, int32_t, host::average_pool_by_rule<nw_i16>>::kVariants);
constinit const Kernel kMaxPoolI8 = c_kernel<nw_max_pool_i8>(
    "nw_max_pool_i8", kPoolSource, kPoolParams, Channelwise<nw_i8, nw_i8, host::max_pool<nw_i8>>::kVariants);
constinit const Kernel kMaxPoolI16 = c_kernel<nw_max_pool_i16>(
    "nw_max_pool_i16", kPoolSource, kPoolParams, Channelwise<nw_i16, nw_i16, host::max_pool<nw_i16>>::kVariants);

constinit const Kernel kResizeBilinearI8 = c_kernel<nw_resize_bilinear_i8>(
    "nw_resize_bilinear_i8", kResizeSource, kBilinearParams, kResized<nw_i8, host::resize_bilinear, pack_bilinear>);
constinit const Kernel kResizeBilinearI16 = c_kernel<nw_resize_bilinear_i16>(
    "nw_resize_bilinear_i16", kResizeSource, kBilinearParams, kResized<nw_i16, host::resize_bilinear, pack_bilinear>);
constinit const Kernel kResizePartsI8 = c_kernel<nw_resize_parts_i8>(
    "nw_resize_parts_i8", kResizeSource, kPartsParams, kResized<nw_i8, host::resize_bilinear_delegate, pack_parts>);
constinit const Kernel kResizeNearest = c_kernel<nw_resize_nearest>("nw_resize_nearest", kResizeSource, kNearestParams);

}  // namespace narrow
