/* Sums of products along elements that lie one behind the other, for the bodies of layers; macros as in conv2d_body.h.
 * Integer sums do not depend on their order, so several channels share each input that is read. */

static NW_NOINLINE NW_ACCUMULATOR NW_PART(_dot)(const NW_ACTIVATION *x, NW_WEIGHTS w, nw_i32 count,
                                                nw_i32 input_zero_point) {
  NW_ACCUMULATOR sum = 0;
  nw_i32 i = 0;
  if (NW_WEIGHTS_PAIRED(w, 0)) {
    const NW_FLASH nw_i8 *p = NW_WEIGHT_PAIRS(w);
    for (; i < count - 1; i += 2, ++p) {
      nw_i32 const pair = *p;
      sum += (NW_ACCUMULATOR)NW_LOW(pair) * ((nw_i32)x[i] - input_zero_point);
      sum += (NW_ACCUMULATOR)NW_HIGH(pair) * ((nw_i32)x[i + 1] - input_zero_point);
    }
  }
  for (; i < count; ++i) sum += (NW_ACCUMULATOR)NW_WEIGHT_AT(w, i) * ((nw_i32)x[i] - input_zero_point);
  return sum;
}

/* Adds to sums[k] the products with the weights from w + k * step on, k = 0..3. */
static NW_NOINLINE void NW_PART(_dot4)(const NW_ACTIVATION *x, NW_WEIGHTS w, nw_i32 step, nw_i32 count,
                                       nw_i32 input_zero_point, NW_ACCUMULATOR *sums) {
  NW_WEIGHTS const w1 = NW_WEIGHTS_FROM(w, step), w2 = NW_WEIGHTS_FROM(w1, step), w3 = NW_WEIGHTS_FROM(w2, step);
  NW_ACCUMULATOR a = sums[0], b = sums[1], c = sums[2], d = sums[3];
  nw_i32 i = 0;
  if (NW_WEIGHTS_PAIRED(w, step)) {
    const NW_FLASH nw_i8 *p0 = NW_WEIGHT_PAIRS(w), *p1 = NW_WEIGHT_PAIRS(w1), *p2 = NW_WEIGHT_PAIRS(w2),
                         *p3 = NW_WEIGHT_PAIRS(w3);
    for (; i < count - 1; i += 2) {
      nw_i32 const v = (nw_i32)x[i] - input_zero_point, u = (nw_i32)x[i + 1] - input_zero_point;
      nw_i32 pair;
      pair = *p0++;
      a += (NW_ACCUMULATOR)NW_LOW(pair) * v;
      a += (NW_ACCUMULATOR)NW_HIGH(pair) * u;
      pair = *p1++;
      b += (NW_ACCUMULATOR)NW_LOW(pair) * v;
      b += (NW_ACCUMULATOR)NW_HIGH(pair) * u;
      pair = *p2++;
      c += (NW_ACCUMULATOR)NW_LOW(pair) * v;
      c += (NW_ACCUMULATOR)NW_HIGH(pair) * u;
      pair = *p3++;
      d += (NW_ACCUMULATOR)NW_LOW(pair) * v;
      d += (NW_ACCUMULATOR)NW_HIGH(pair) * u;
    }
  }
  for (; i < count; ++i) {
    nw_i32 const v = (nw_i32)x[i] - input_zero_point;
    a += (NW_ACCUMULATOR)NW_WEIGHT_AT(w, i) * v;
    b += (NW_ACCUMULATOR)NW_WEIGHT_AT(w1, i) * v;
    c += (NW_ACCUMULATOR)NW_WEIGHT_AT(w2, i) * v;
    d += (NW_ACCUMULATOR)NW_WEIGHT_AT(w3, i) * v;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}
