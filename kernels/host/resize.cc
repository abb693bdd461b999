#include "resize.h"

#include "target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "host/resize.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After it, since it is compiled for each target.
#include <hwy/highway.h>

// Loops that the compiler turns into vector code, for each of Highway's targets. Results do not depend on the target:
// no contraction of a * b + c, no reordering of float sums.
HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {

// mix(row part, column part) gives the function of the four neighbours top left, top right, bottom left, bottom right.
template <class T, class Part, class Mix>
HWY_INLINE void resize(const BilinearParams<Part>& p, const T* in, T* out, Mix mix) {
  std::int64_t const depth = p.depth, row = p.in_width * depth;
  for (std::int32_t b = 0; b < p.batches; ++b, in += p.in_height * row)
    for (const Between<Part>& v : p.rows)
      for (const Between<Part>& h : p.columns) {
        auto const value = mix(v.part, h.part);
        const T* const tl = in + v.low * row + h.low * depth;
        const T* const tr = in + v.low * row + h.high * depth;
        const T* const bl = in + v.high * row + h.low * depth;
        const T* const br = in + v.high * row + h.high * depth;
        T* __restrict const to = out;
        for (std::int64_t c = 0; c < depth; ++c) to[c] = value(tl[c], tr[c], bl[c], br[c]);
        out += depth;
      }
}

struct FloatMix {
  HWY_INLINE auto operator()(float v, float h) const {
    return [a = (1 - v) * (1 - h), b = (1 - v) * h, c = v * (1 - h), d = v * h](
               float tl, float tr, float bl, float br) { return tl * a + tr * b + bl * c + br * d; };
  }
};

template <class T, class Sum>
struct FixedMix {
  HWY_INLINE auto operator()(std::int32_t v, std::int32_t h) const {
    return [a = Sum{1024 - v} * (1024 - h), b = Sum{1024 - v} * h, c = Sum{v} * (1024 - h), d = Sum{v} * h](
               T tl, T tr, T bl, T br) {
      Sum const sum = tl * a + tr * b + bl * c + br * d;
      return static_cast<T>((sum + (1 << 19) - (sum < 0)) >> 20);
    };
  }
};

struct DelegateMix {
  HWY_INLINE auto operator()(std::int32_t v, std::int32_t h) const {
    return [v, h](std::int32_t tl, std::int32_t tr, std::int32_t bl, std::int32_t br) {
      std::int32_t const top = tl * 2048 + (tr - tl) * h, bottom = bl * 2048 + (br - bl) * h;
      return static_cast<std::int8_t>((top * 2048 + (bottom - top) * v + (1 << 21)) >> 22);
    };
  }
};

void resize_float(const BilinearParams<float>& p, const float* in, float* out) {
  resize(p, in, out, FloatMix{});
}
void resize_i8(const BilinearParams<std::int32_t>& p, const std::int8_t* in, std::int8_t* out) {
  resize(p, in, out, FixedMix<std::int8_t, std::int32_t>{});
}
void resize_i16(const BilinearParams<std::int32_t>& p, const std::int16_t* in, std::int16_t* out) {
  resize(p, in, out, FixedMix<std::int16_t, std::int64_t>{});
}
void resize_delegate_i8(const BilinearParams<std::int32_t>& p, const std::int8_t* in, std::int8_t* out) {
  resize(p, in, out, DelegateMix{});
}

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace narrow::host {

void resize_bilinear(const BilinearParams<float>& p, const float* in, float* out) {
  NARROW_VARIANT(resize_float)(p, in, out);
}
void resize_bilinear(const BilinearParams<std::int32_t>& p, const std::int8_t* in, std::int8_t* out) {
  NARROW_VARIANT(resize_i8)(p, in, out);
}
void resize_bilinear(const BilinearParams<std::int32_t>& p, const std::int16_t* in, std::int16_t* out) {
  NARROW_VARIANT(resize_i16)(p, in, out);
}
void resize_bilinear_delegate(const BilinearParams<std::int32_t>& p, const std::int8_t* in, std::int8_t* out) {
  NARROW_VARIANT(resize_delegate_i8)(p, in, out);
}

}  // namespace narrow::host
#endif
