// The epilogue arrays of the portable layer kernels, kept alive beside the parameters that point to them.
#pragma once

#include <vector>

#include "ops/integer_layer.h"

extern "C" {
#include "portable/conv2d_epilogue.h"
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
            .max = layer_.clamp.hi};
  }
  const nw_i32* bias32() const { return layer_.bias.empty() ? nullptr : bias32_.data(); }
  const nw_i64* bias64() const { return layer_.bias.empty() ? nullptr : bias64_.data(); }
  const IntegerLayer& layer() const { return layer_; }

 private:
  std::vector<nw_i32> multiplier_;
  std::vector<nw_i8> shift_;
  std::vector<nw_i32> bias32_;
  std::vector<nw_i64> bias64_;
  IntegerLayer layer_;
};

/// The portable kernels of one op, by rounding; null where there is no instance.
template <class I8, class I16B32, class I16B64>
struct PortableKernels {
  I8* i8_double;
  I8* i8_double_up;
  I8* i8_single;
  I16B32* i16_double;
  I16B32* i16_double_up;
  I16B32* i16_single;
  I16B64* i16_wide;

  /// Runs the instance for the layer's rounding, which must be one of the integer ones.
  template <class Params>
  void run(DType dtype, const PortableOutput& out, const Params& params, const void* x, const nw_i8* w, void* y) const {
    Rounding const r = out.layer().rounding;
    if (dtype == DType::int8) {
      auto* kernel = r == Rounding::double_up ? i8_double_up : r == Rounding::single ? i8_single : i8_double;
      kernel(&params, static_cast<const nw_i8*>(x), w, out.bias32(), static_cast<nw_i8*>(y), nullptr);
    } else if (r == Rounding::wide) {
      i16_wide(&params, static_cast<const nw_i16*>(x), w, out.bias64(), static_cast<nw_i16*>(y), nullptr);
    } else {
      auto* kernel = r == Rounding::double_up ? i16_double_up : r == Rounding::single ? i16_single : i16_double;
      kernel(&params, static_cast<const nw_i16*>(x), w, out.bias32(), static_cast<nw_i16*>(y), nullptr);
    }
  }
};

}  // namespace narrow
