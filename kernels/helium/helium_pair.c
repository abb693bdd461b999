#include "helium/helium_pair.h"

#include "helium/helium_limit.h"

#if NW_HELIUM
static NW_INLINE nw_bytes nw_larger_bytes(nw_bytes a, nw_bytes b) {
  return vmaxq_s8(a, b);
}

static NW_INLINE nw_bytes nw_smaller_bytes(nw_bytes a, nw_bytes b) {
  return vminq_s8(a, b);
}
#else
static NW_INLINE nw_bytes nw_larger_bytes(nw_bytes a, nw_bytes b) {
  for (int i = 0; i < 16; ++i) a.lane[i] = a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i];
  return a;
}

static NW_INLINE nw_bytes nw_smaller_bytes(nw_bytes a, nw_bytes b) {
  for (int i = 0; i < 16; ++i) a.lane[i] = a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i];
  return a;
}
#endif

static NW_INLINE void nw_extremes(nw_i32 count, const nw_i8 *a, const nw_i8 *b, nw_i8 *out,
                                  nw_bytes (*of)(nw_bytes, nw_bytes)) {
  for (nw_i32 n = count / 16; n > 0; --n, out += 16) {
    nw_bytes const x = nw_next_bytes(&a);
    nw_put_bytes(out, of(x, nw_next_bytes(&b)));
  }
  count %= 16;
  if (count > 0) nw_put_first_bytes(out, of(nw_first_bytes(a, count), nw_first_bytes(b, count)), count);
}

void nw_helium_maximum_i8(const NW_FLASH nw_packed_pair_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  nw_extremes(p->count, a, b, out, nw_larger_bytes);
}

void nw_helium_minimum_i8(const NW_FLASH nw_packed_pair_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  nw_extremes(p->count, a, b, out, nw_smaller_bytes);
}

#if NW_HELIUM
/* Two roundings: the first has its ties up, the second away from zero. */
static NW_INLINE int32x4_t nw_scaled_products(int32x4_t products, const nw_packed_mul_params *p) {
  int32x4_t const high = vqrdmulhq_n_s32(products, p->multiplier);
  return vshlq_r_s32(vaddq_n_s32(vaddq_s32(high, vshrq_n_s32(high, 31)), p->addend), -p->shift);
}

static NW_INLINE int16x8_t nw_eight_products(int16x8_t a, int16x8_t b, const nw_packed_mul_params *p) {
  int16x8_t const x = vsubq_n_s16(a, (int16_t)p->a_zero_point);
  int16x8_t const y = vsubq_n_s16(b, (int16_t)p->b_zero_point);
  int32x4_t const even = nw_scaled_products(vmullbq_int_s16(x, y), p);
  int32x4_t const odd = nw_scaled_products(vmulltq_int_s16(x, y), p);
  int16x8_t const both = vqmovntq_s32(vqmovnbq_s32(vuninitializedq_s16(), even), odd);
  return vreinterpretq_s16_s8(vqmovnbq_s16(vuninitializedq_s8(), both));
}

static NW_NOINLINE void nw_row_of_products(const nw_packed_mul_params *given, const nw_i8 *a, const nw_i8 *b,
                                           nw_i8 *out) {
  nw_packed_mul_params const p = *given;
  for (nw_i32 n = p.depth / 8; n > 0; --n, a += 8, b += 8, out += 8)
    vstrbq_s16(out, nw_eight_products(vldrbq_s16(a), vldrbq_s16(b), &p));
  if (p.depth % 8 > 0) {
    mve_pred16_t const wanted = vctp16q((uint32_t)(p.depth % 8));
    vstrbq_p_s16(out, nw_eight_products(vldrbq_z_s16(a, wanted), vldrbq_z_s16(b, wanted), &p), wanted);
  }
}
#else
static void nw_row_of_products(const nw_packed_mul_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  for (nw_i32 i = 0; i < p->depth; ++i) {
    nw_i32 const product = (a[i] - p->a_zero_point) * (b[i] - p->b_zero_point);
    nw_i64 const doubled = (nw_i64)product * p->multiplier + ((nw_i64)1 << 30);
    nw_i32 const high = (nw_i32)NW_FLOOR_SHIFT(doubled, 31);
    nw_i32 const sum = high - (high < 0) + p->addend;
    out[i] = (nw_i8)nw_clamp(NW_FLOOR_SHIFT(sum, p->shift), -128, 127);
  }
}
#endif

void nw_helium_mul_i8(const NW_FLASH nw_packed_mul_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  nw_i8 *to = out;
  for (nw_i32 i = p->rows; i > 0; --i, a += p->depth, b += p->b_step, to += p->depth) nw_row_of_products(p, a, b, to);
  nw_limit(out, p->rows * p->depth, p->out_min, p->out_max);
}
