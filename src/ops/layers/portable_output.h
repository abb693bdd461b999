// The epilogue arrays of the portable layer kernels, kept alive beside the parameters that point to them.
#pragma once

#include <vector>

#include "ops/layers/integer_layer.h"

extern "C" {
#include "portable/layers/conv2d_epilogue.h"
}

namespace narrow {

/// Fills a kernel's `nw_output` from a layer; lives as long as the parameters are used.
class PortableOutput {
 public:
  explicit PortableOutput(const IntegerLayer& l)
      : multiplier_(l.multiplier.begin(), l.multiplier.end()), shift_(l.shift.begin(), l.shift.end()), layer_(l) {
    bias32_.assign(l.bias.begin(), l.bias.end());
    bias64_.assign(l.bias.begin(), l.bias.end());
  }

  nw_output output() const {
    return {.multiplier = multiplier_.data(),
            .shift = shift_.data(),
            .channel_step = 1,
            .offset = layer_.zero_point,
            .min = layer_.clamp.lo,
            .max = layer_.clamp.hi,
            .rounding = static_cast<nw_i32>(layer_.rule)};
  }
  const nw_i32* bias32() const { return layer_.bias.empty() ? nullptr : bias32_.data(); }
  const nw_i64* bias64() const { return layer_.bias.empty() ? nullptr : bias64_.data(); }
  /// For `stored`, the operand as the file has it; null where there is none.
  nw_bias bias(const void* stored) const {
    return {.values = stored,
            .shift = layer_.bias_shift.empty() ? nullptr : layer_.bias_shift.data(),
            .bits = 8 * static_cast<nw_i32>(element_bytes(layer_.bias_type))};
  }
  const IntegerLayer& layer() const { return layer_; }

 private:
  std::vector<nw_i32> multiplier_;
  std::vector<nw_i8> shift_;
  std::vector<nw_i32> bias32_;
  std::vector<nw_i64> bias64_;
  IntegerLayer layer_;
};

/// Where a layer's step finds its operands.
struct LayerPointers {
  const void* x;
  const void* w;
  const void* bias;  // null where there is none
  void* y;
};

/// The portable kernels of one op: layer_instances.h.
#define NARROW_PORTABLE_KERNELS(prefix)                                                                 \
  PortableKernels {                                                                                     \
    prefix##_i8_double, prefix##_i8_double_up, prefix##_i8_single, prefix##_i16_b32_double,             \
        prefix##_i16_b32_double_up, prefix##_i16_b32_single, prefix##_i16_b64_wide, prefix##_a8w8s32,   \
        prefix##_a8w16s32, prefix##_a16w8s32, prefix##_a16w8s64, prefix##_a16w16s32, prefix##_a16w16s64 \
  }

template <class I8, class I16B32, class I16B64, class A8W8, class A8W16, class A16W8, class A16W16>
struct PortableKernels {
  I8* i8_double;
  I8* i8_double_up;
  I8* i8_single;
  I16B32* i16_double;
  I16B32* i16_double_up;
  I16B32* i16_single;
  I16B64* i16_wide;
  A8W8* a8w8;
  A8W16* a8w16;
  A16W8* a16w8s32;
  A16W8* a16w8s64;
  A16W16* a16w16s32;
  A16W16* a16w16s64;

  /// Runs the instance for the layer, whose rounding must be one of the integer ones.
  template <class Params>
  void run(DType dtype, const PortableOutput& out, const Params& params, const LayerPointers& at) const {
    const IntegerLayer& l = out.layer();
    if (!l.is_plain()) return run_any(dtype, out, params, at);
    Rounding const r = l.rounding;
    auto call = [&]<class X>(auto* kernel, X*, const auto* bias) {
      kernel(&params, static_cast<const X*>(at.x), static_cast<const nw_i8*>(at.w), bias, static_cast<X*>(at.y),
             nullptr);
    };
    nw_i8* const x8 = nullptr;
    nw_i16* const x16 = nullptr;
    if (dtype == DType::int8)
      call(r == Rounding::double_up ? i8_double_up : r == Rounding::single ? i8_single : i8_double, x8, out.bias32());
    else if (r == Rounding::wide)
      call(i16_wide, x16, out.bias64());
    else
      call(r == Rounding::double_up ? i16_double_up
           : r == Rounding::single  ? i16_single
                                    : i16_double,
           x16, out.bias32());
  }

 private:
  template <class Params>
  void run_any(DType dtype, const PortableOutput& out, const Params& params, const LayerPointers& at) const {
    const IntegerLayer& l = out.layer();
    nw_bias const stored = out.bias(at.bias);
    auto call = [&]<class X, class W>(auto* kernel, X*, W*) {
      kernel(&params, static_cast<const X*>(at.x), static_cast<const W*>(at.w), at.bias ? &stored : nullptr,
             static_cast<X*>(at.y), nullptr);
    };
    nw_i8* const i8 = nullptr;
    nw_i16* const i16 = nullptr;
    bool const wide_weights = l.weight_type == DType::int16;
    if (dtype == DType::int8 && wide_weights) return call(a8w16, i8, i16);
    if (dtype == DType::int8) return call(a8w8, i8, i8);
    if (wide_weights) return call(l.wide_sums ? a16w16s64 : a16w16s32, i16, i16);
    return call(l.wide_sums ? a16w8s64 : a16w8s32, i16, i8);
  }
};

template <class I8, class I16B32, class I16B64, class A8W8, class A8W16, class A16W8, class A16W16>
PortableKernels(I8*, I8*, I8*, I16B32*, I16B32*, I16B32*, I16B64*, A8W8*, A8W16*, A16W8*, A16W8*, A16W16*, A16W16*)
    -> PortableKernels<I8, I16B32, I16B64, A8W8, A8W16, A16W8, A16W16>;

}  // namespace narrow
